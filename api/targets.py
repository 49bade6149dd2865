"""Files that commands write: refused before the work, and there only once they are whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from api.errors import ExistsError, NotFoundError


def require_folder(out: Path) -> None:
    """
    Make sure that the folder of a file to be written is there.

    Raises
    ------
    NotFoundError
        When it is not.
    """
    if not out.parent.is_dir():
        raise NotFoundError(f"Không có thư mục {out.parent}.", f"There is no folder {out.parent}.")


def require_target(out: Path, inputs: Sequence[Path]) -> None:
    """
    Make sure that a file can be written, and is none of those that are read, nor inside a folder of them.

    Raises
    ------
    NotFoundError
        When its folder is not there.
    ExistsError
        When it is a folder or an input.
    """
    require_folder(out)
    if out.is_dir() or any(out.resolve() == path.resolve() or _is_in(out, path) for path in inputs):
        raise ExistsError(
            f"{out} là đầu vào hoặc thư mục; hãy chọn tên khác.",
            f"{out} is an input, or a folder; choose another name.",
        )


def _is_in(out: Path, folder: Path) -> bool:
    """Whether a file that exists lies in an input folder."""
    return folder.is_dir() and out.exists() and out.resolve().parent == folder.resolve()


@contextmanager
def whole_file(out: Path) -> Iterator[IO[bytes]]:
    """A file that is there only once it is written to its end."""
    partial = out.with_name(out.name + ".partial")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
