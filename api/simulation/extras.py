"""What a run may leave besides its tables, with packages that not everybody needs: Parquet and pictures."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from api.errors import Language, NotFoundError


def require_parquet() -> None:
    """
    Make sure that Parquet can be written.

    Raises
    ------
    NotFoundError
        When pyarrow is not installed.
    """
    _require("pyarrow", "--parquet")


def require_plots() -> None:
    """
    Make sure that pictures can be drawn.

    Raises
    ------
    NotFoundError
        When matplotlib is not installed.
    """
    _require("matplotlib", "--plots")


def write_parquet(folder: Path) -> list[Path]:
    """Write every table of a finished run as Parquet beside it; raises as `require_parquet` does."""
    require_parquet()
    from api.simulation import parquet

    return parquet.write_tables(folder)


def draw_plots(folder: Path, language: Language) -> list[Path]:
    """Draw the pictures of a finished run into its folder `plots`; raises as `require_plots` does."""
    require_plots()
    from api.simulation import pictures

    return pictures.draw(folder, language)


def _require(package: str, option: str) -> None:
    if find_spec(package) is None:
        how = "pip install 'duongthu[analysis]'"
        raise NotFoundError(
            f"{option} cần gói {package}, chưa được cài: {how}.",
            f"{option} needs the package {package}, which is not installed: {how}.",
        )
