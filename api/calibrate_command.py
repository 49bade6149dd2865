"""`duongthu roads calibrate`: fits the speeds of a road file to the GPS traces of those who drove there."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.errors import ExistsError, InputError, NotFoundError, RowError
from api.road_files import read_file, unusable
from api.targets import require_folder
from geo.calibration import MIN_KM, MIN_TRACES, Calibration, ClassSpeed, Verdict, calibrate
from geo.errors import SpeedTableError, TracesError
from geo.graph import RoadGraph
from geo.profiles import default_speed_table, read_speed_table
from geo.roads import Roads
from geo.traces import GAP_MINUTES, read_traces

MARK = "# duongthu roads calibrate"
"""How a file begins that this command wrote, and may write anew."""

VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.FITTED: ("đổi", "changed"),
    Verdict.FEW_KM: ("giữ: quá ít km", "kept: too few km"),
    Verdict.FEW_TRACES: ("giữ: quá ít vết", "kept: too few traces"),
    Verdict.VAGUE: ("giữ: chưa đủ rõ", "kept: not clear enough"),
    Verdict.OTHER_SPEED: ("giữ: đường dựng với tốc độ khác?", "kept: roads built with another speed?"),
    Verdict.CLOSED: ("giữ: hạng đường cấm", "kept: closed class"),
    Verdict.FERRY: ("giữ: phà", "kept: ferry"),
}

COLUMNS = (
    ("Hạng đường", "Class"),
    ("km/h cũ", "Old km/h"),
    ("km/h mới", "New km/h"),
    ("Khoảng 95%", "95% interval"),
    ("km", "km"),
    ("Giờ", "Hours"),
    ("Vết", "Traces"),
    ("Kết luận", "Verdict"),
)


def calibrate_command(
    traces: Annotated[Path, typer.Argument(help="GPX or CSV file, or a folder of them.", show_default=False)],
    roads: Annotated[Path, typer.Option(help="Road file written by `roads build`.", show_default=False)],
    profile: Annotated[str, typer.Option(help="Who drove: motorbike, van or walk.", show_default=False)],
    speeds: Annotated[
        Path | None,
        typer.Option(help="Table of speeds (TOML) that the roads were built with [default: the built-in one]."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the new speeds, a part for settings.toml.")] = None,
    gap_minutes: Annotated[float, typer.Option(min=0.1, help="A longer silence cuts a trace, minutes.")] = GAP_MINUTES,
    min_km: Annotated[float, typer.Option(min=0, help="Fewer km on a class: its speed stays.")] = MIN_KM,
    min_traces: Annotated[int, typer.Option(min=1, help="Fewer traces on a class: its speed stays.")] = MIN_TRACES,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Chỉnh tốc độ theo vết GPS / Fit the speed of each road class to what couriers drove."""
    voice = Voice(language(lang), as_json)
    if out is not None:
        _check_target(out)
    table = default_speed_table() if speeds is None else read_file(speeds, read_speed_table)
    graph = _graph(roads, profile, voice)
    with voice.stage("Đọc vết GPS", "Reading the traces"):
        read = read_file(traces, lambda path: read_traces(path, gap_minutes=gap_minutes))
    try:
        with voice.stage("So vết với đường", "Matching traces to roads") as stage:
            found = calibrate(graph, read, table, min_km=min_km, min_traces=min_traces, on_progress=stage.advance)
    except SpeedTableError as error:
        raise InputError([_other_speeds(roads.name, error)]) from error
    except TracesError as error:
        raise unusable(traces.name, error) from error
    _tell(found, voice)
    if out is not None:
        out.write_text(settings_part(found), encoding="utf-8")
        voice.say(f"Đã ghi {out}", f"Wrote {out}")
    voice.result({"profile": profile, "out": None if out is None else str(out), **_facts(found)})


def settings_part(found: Calibration) -> str:
    """The new speeds as they stand in `settings.toml`, with the evidence as comments."""
    lines = [
        f"{MARK}: {len(found.traces.names())} vết GPS / GPS traces",
        "# Dán vào settings.toml, hoặc dựng lại đường: duongthu roads build ... --speeds TỆP_NÀY",
        "# Paste into settings.toml, or build the roads again: duongthu roads build ... --speeds THIS_FILE",
        f"[speeds.{found.profile}]",
    ]
    for row in found.classes:
        evidence = f"{row.km:.1f} km, {row.traces} vết / traces"
        if row.verdict is Verdict.FITTED:
            spread = f"95 %: {row.low_kph} - {row.high_kph}"
            lines.append(f"{row.road_class} = {row.new_kph}  # {row.old_kph:g} trước / before; {spread}; {evidence}")
        else:
            lines.append(f"# {row.road_class}: {' / '.join(VERDICTS[row.verdict])} ({evidence})")
    return "\n".join(lines) + "\n"


def _graph(path: Path, profile: str, voice: Voice) -> RoadGraph:
    roads = read_file(path, Roads.load)
    if profile not in roads:
        raise NotFoundError(
            f"{path.name} không có đường cho {profile!r}; có: {', '.join(roads)}.",
            f"{path.name} has no roads for {profile!r}; it has {', '.join(roads)}.",
        )
    if roads.synthetic:
        voice.note("ĐƯỜNG MÔ PHỎNG, không phải đường thật.", "SYNTHETIC ROADS, no real ones.")
    return roads[profile]


def _other_speeds(name: str, error: SpeedTableError) -> RowError:
    message_vi = f"tệp đường được dựng với bảng tốc độ khác; hãy chỉ bảng đó bằng --speeds ({error})"
    return RowError(name, None, None, "other_speeds", message_vi, f"{error}; name that table with --speeds")


def _check_target(out: Path) -> None:
    """Refuse before the work what could not be written after it, and never overwrite anything but an own file."""
    require_folder(out)
    if out.exists() and not (out.is_file() and out.read_bytes().startswith(MARK.encode())):
        raise ExistsError(
            f"{out} đã có và không do lệnh này ghi; hãy chọn tên khác.",
            f"{out} exists and was not written by this command; choose another name.",
        )


def _tell(found: Calibration, voice: Voice) -> None:
    pick = 0 if voice.language == "vi" else 1
    table = Table(title=(f"Tốc độ: {found.profile}", f"Speeds: {found.profile}")[pick], title_justify="left")
    for number, column in enumerate(COLUMNS):
        table.add_column(column[pick], justify="left" if number in {0, len(COLUMNS) - 1} else "right")
    for row in found.classes:
        table.add_row(*_cells(row, voice), VERDICTS[row.verdict][pick])
    voice.show(table)
    for vi, en in _evidence(found):
        voice.say(vi, en)


def _cells(row: ClassSpeed, voice: Voice) -> tuple[str, ...]:
    ends = [voice.number(kph, 1) for kph in (row.low_kph, row.high_kph) if kph is not None]
    return (
        row.road_class,
        voice.number(row.old_kph, 1),
        voice.number(row.new_kph, 1),
        " - ".join(ends),
        voice.number(row.km, 1),
        voice.number(row.hours, 1),
        voice.number(row.traces),
    )


def _evidence(found: Calibration) -> list[tuple[str, str]]:
    """What was read and what was left out: nothing silently."""
    read, matched = found.traces, found.matched
    halted, outlying = f"{found.halted_hours:.1f}", f"{found.outlier_hours:.1f}"
    counts = [
        (len(read.names()), f"vết trong {read.files} tệp", f"traces in {read.files} files"),
        (read.fixes, "điểm đã đọc", "fixes read"),
        (len(read.ignored), "tệp không phải GPX, CSV, đã bỏ qua", "files neither GPX nor CSV, ignored"),
        (read.late, "điểm sai thứ tự, đã xếp lại", "fixes out of order, put in their place"),
        (read.repeated, "điểm trùng thời gian, đã bỏ", "fixes at a time already taken, left out"),
        (read.vague, "điểm kém chính xác, đã bỏ", "inaccurate fixes, left out"),
        (read.gaps, "chỗ mất tín hiệu, vết bị cắt", "gaps, where traces were cut"),
        (read.lonely, "điểm lẻ, đã bỏ", "lonely fixes, left out"),
        (found.jumps, "điểm nhảy vô lý, đã bỏ", "impossible jumps, left out"),
        (found.halts, f"lần dừng, {halted} giờ, không tính", f"halts, {halted} h, not counted"),
        (matched.near, "điểm quá gần điểm trước, không cần", "fixes close to the one before, not needed"),
        (matched.off_road, "điểm xa đường, vết bị cắt", "fixes off the roads, where traces were cut"),
        (matched.breaks, "chỗ không có đường đi hợp lý, vết bị cắt", "places without a plausible way, traces cut"),
        (matched.alone, "điểm rời giữa hai chỗ cắt, đã bỏ", "fixes alone between two cuts, left out"),
        (found.stretches, "đoạn khoảng hai phút được so", "stretches of about two minutes compared"),
        (found.outliers, f"đoạn khác thường, {outlying} giờ, đã bỏ", f"outlying stretches, {outlying} h, left out"),
    ]  # fmt: skip
    return [(f"  {count} {vi}", f"  {count} {en}") for count, vi, en in counts if count]


def _facts(found: Calibration) -> dict[str, Any]:
    read, matched = _counts(found.traces, "parts"), _counts(found.matched, "matches")
    return {
        "classes": [asdict(row) for row in found.classes],
        "speeds": found.speeds(),
        "traces": {"traces": len(found.traces.names()), **read},
        "matched": matched,
        "jumps": found.jumps,
        "halts": found.halts,
        "halted_hours": found.halted_hours,
        "stretches": found.stretches,
        "outliers": found.outliers,
        "outlier_hours": found.outlier_hours,
    }


def _counts(record: Any, left_out: str) -> dict[str, Any]:
    """The counts of a record, without its arrays."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__ if name != left_out}
