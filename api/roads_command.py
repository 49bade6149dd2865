"""`duongthu roads`: builds the road file of a region from an OpenStreetMap extract, and tells what is in one."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from api.calibrate_command import calibrate_command
from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.errors import ExistsError
from api.reach_commands import matrix_command, reach_command
from api.road_files import Stages, read_file
from api.road_report import road_tables
from api.targets import require_folder
from geo.clipping import Clip, box_clip, read_clip
from geo.ferry_overrides import read_ferry_overrides
from geo.osm import read_roads
from geo.profiles import read_speed_table
from geo.road_file import is_road_file
from geo.roads import Roads

roads_app = typer.Typer(
    help="Đường sá / Roads: build a road file, look into one, fit its speeds to traces, measure.", no_args_is_help=True
)
roads_app.command("calibrate")(calibrate_command)
roads_app.command("matrix")(matrix_command)
roads_app.command("reach")(reach_command)


@roads_app.command("build")
def build_command(
    extract: Annotated[
        Path, typer.Argument(help="OpenStreetMap extract: .osm.pbf, .osm, .osm.gz, .osm.bz2.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="Road file to write, for example roads.roads.", show_default=False)],
    speeds: Annotated[Path | None, typer.Option(help="Own table of speeds (TOML) [default: the built-in one].")] = None,
    ferries: Annotated[
        Path | None, typer.Option(help="What is known better than the map about its ferries (CSV, times in minutes).")
    ] = None,
    clip: Annotated[
        Path | None, typer.Option(help="Keep only the roads inside this GeoJSON boundary (WGS84) [default: all].")
    ] = None,
    bbox: Annotated[
        str | None, typer.Option(help="Keep only the roads inside W,S,E,N, degrees: 104.77,10.15,105.58,10.96.")
    ] = None,
    buffer_km: Annotated[
        float | None, typer.Option(help="Kilometres kept around --clip or --bbox [default: 0].")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Dựng tệp đường / Build the road file of a region, and report what was kept, dropped and ignored."""
    began = time.monotonic()
    voice = Voice(language(lang), as_json)
    _check_target(out)
    table = None if speeds is None else read_file(speeds, read_speed_table)
    overrides = None if ferries is None else read_file(ferries, read_ferry_overrides)
    area = _clip(clip, bbox, buffer_km)
    with Stages(voice) as stages:
        roads = read_file(
            extract,
            lambda path: read_roads(path, table=table, ferry_overrides=overrides, clip=area, on_progress=stages),
        )
        roads.save(out, on_progress=stages)
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
    roads = read_file(file, Roads.load)
    _tell(roads, voice)
    voice.result({"file": str(file), **_facts(roads)})


def _tell(roads: Roads, voice: Voice) -> None:
    voice.say(f"{roads.source} (sha256 {roads.sha256[:16]})", f"{roads.source} (sha256 {roads.sha256[:16]})")
    if roads.synthetic:
        voice.say("ĐƯỜNG MÔ PHỎNG, không phải đường thật.", "SYNTHETIC ROADS, no real ones.")
    waves = sorted({wave for graph in roads.values() for wave in graph.traffic})
    if waves:
        voice.say(
            f"Ca có mức giao thông riêng: {', '.join(waves)}", f"Waves with traffic of their own: {', '.join(waves)}"
        )
    for table in road_tables(roads, voice.language):
        voice.show(table)


def _clip(boundary: Path | None, box: str | None, buffer_km: float | None) -> Clip | None:
    """The area asked for, if any is."""
    if boundary is not None and box is not None:
        raise typer.BadParameter("--clip | --bbox")
    if boundary is not None:
        return read_file(boundary, lambda path: read_clip(path, buffer_km=buffer_km or 0.0))
    if box is not None:
        return read_file(Path("--bbox"), lambda _: box_clip(box, buffer_km=buffer_km or 0.0))
    if buffer_km is not None:
        raise typer.BadParameter("--clip | --bbox ?", param_hint="--buffer-km")
    return None


def _check_target(out: Path) -> None:
    """Refuse before the work what could not be written after it, and never overwrite anything but a road file."""
    require_folder(out)
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
        "ferries": [asdict(ferry) for ferry in roads.ferries],
        "turn_ms": {name: asdict(graph.delays) for name, graph in roads.items()},
        "traffic": {name: dict(graph.traffic) for name, graph in roads.items()},
    }
