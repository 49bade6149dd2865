"""`duongthu roads`: builds the road file of a region from an OpenStreetMap extract, and tells what is in one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.errors import ExistsError, InputError, NotFoundError, RowError
from api.road_report import road_tables
from geo.errors import EmptyRoadsError, ExtractError, GeoError, NotRoadsError, SpeedTableError, StaleRoadsError
from geo.graph import Roads
from geo.osm import read_roads
from geo.profiles import read_speed_table
from geo.road_file import is_road_file

T = TypeVar("T")

STAGES = {
    "hash": ("Tính mã kiểm", "Hashing"),
    "read": ("Đọc tệp bản đồ", "Reading the extract"),
    "build": ("Dựng mạng đường", "Building the network"),
}

FAULTS: dict[type[GeoError], tuple[str, str]] = {
    EmptyRoadsError: ("no_roads", "không có đường nào dùng được cho một loại phương tiện ({reason})"),
    ExtractError: ("bad_extract", "không đọc được tệp OpenStreetMap; cần .osm.pbf, .osm hoặc .osm.gz ({reason})"),
    StaleRoadsError: ("stale_roads", "tệp đường do phiên bản khác dựng; hãy dựng lại từ tệp OpenStreetMap ({reason})"),
    NotRoadsError: ("bad_road_file", "không phải tệp đường của Đường Thư, hoặc tệp bị hỏng ({reason})"),
    SpeedTableError: ("bad_speed_table", "bảng tốc độ không dùng được ({reason})"),
}
"""Code and Vietnamese message of what may be wrong with a file; the English one is the error's own."""

roads_app = typer.Typer(help="Đường sá / Roads: build a road file, look into one.", no_args_is_help=True)


@roads_app.command("build")
def build_command(
    extract: Annotated[
        Path, typer.Argument(help="OpenStreetMap extract: .osm.pbf, .osm, .osm.gz.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="Road file to write, for example roads.roads.", show_default=False)],
    speeds: Annotated[Path | None, typer.Option(help="Own table of speeds (TOML) [default: the built-in one].")] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Dựng tệp đường / Build the road file of a region, and report what was kept, dropped and ignored."""
    began = time.monotonic()
    voice = Voice(language(lang), as_json)
    _check_target(out)
    table = None if speeds is None else _read(speeds, read_speed_table)
    with _Stages(voice) as stages:
        roads = _read(extract, lambda path: read_roads(path, table=table, on_progress=stages))
    roads.save(out)
    seconds = round(time.monotonic() - began, 3)
    _tell(roads, voice)
    size = f"{out}: {out.stat().st_size / 1e6:.1f} MB, {seconds:.1f} s"
    voice.say(f"Đã ghi {size}", f"Wrote {size}")
    voice.result({"out": str(out), "seconds": seconds, **_facts(roads)})


@roads_app.command("info")
def info_command(
    file: Annotated[Path, typer.Argument(help="Road file written by `roads build`.", show_default=False)],
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Xem tệp đường / Tell where a road file comes from and what its build reported."""
    voice = Voice(language(lang), as_json)
    roads = _read(file, Roads.load)
    _tell(roads, voice)
    voice.result({"file": str(file), **_facts(roads)})


def _tell(roads: Roads, voice: Voice) -> None:
    voice.say(f"{roads.source} (sha256 {roads.sha256[:16]})", f"{roads.source} (sha256 {roads.sha256[:16]})")
    if roads.synthetic:
        voice.say("ĐƯỜNG MÔ PHỎNG, không phải đường thật.", "SYNTHETIC ROADS, no real ones.")
    for table in road_tables(roads.report, voice.language):
        voice.show(table)


class _Stages:
    """A bar on the terminal that follows the stages of a build; nothing where there is no terminal."""

    def __init__(self, voice: Voice) -> None:
        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(
            *columns, TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal
        )
        self._tasks = {
            stage: self._bar.add_task(voice.text(*texts), total=None, visible=False) for stage, texts in STAGES.items()
        }

    def __enter__(self) -> _Stages:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        self._bar.update(self._tasks[stage], completed=done, total=total, visible=True)


def _read(path: Path, reader: Callable[[Path], T]) -> T:
    try:
        return reader(path)
    except GeoError as error:
        code, text_vi = next(fault for kind, fault in FAULTS.items() if isinstance(error, kind))
        row = RowError(path.name, None, None, code, text_vi.format(reason=error), str(error))
        raise InputError([row]) from error
    except FileNotFoundError as error:
        raise NotFoundError(f"Không có tệp {path}.", f"There is no file {path}.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        row = RowError(
            path.name, None, None, "unreadable", f"không đọc được tệp ({reason})", f"cannot be read ({reason})"
        )
        raise InputError([row]) from error


def _check_target(out: Path) -> None:
    """Refuse before the work what could not be written after it, and never overwrite anything but a road file."""
    if not out.parent.is_dir():
        raise NotFoundError(f"Không có thư mục {out.parent}.", f"There is no folder {out.parent}.")
    if out.is_dir() or (out.exists() and not is_road_file(out)):
        raise ExistsError(
            f"{out} đã có và không phải tệp đường; hãy chọn tên khác.",
            f"{out} exists and is no road file; choose another name.",
        )


def _facts(roads: Roads) -> dict[str, Any]:
    return {
        "source": roads.source,
        "sha256": roads.sha256,
        "synthetic": roads.synthetic,
        "report": roads.report.to_json(),
    }
