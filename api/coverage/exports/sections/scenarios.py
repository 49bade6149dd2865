"""Scenarios before and after: what changes, what it costs, whom it reaches."""

from __future__ import annotations

from collections.abc import Iterator

from api.coverage.document import CoverageStudy, Floor, ScenarioResult, YearFigures
from api.coverage.exports.blocks import Block, Bullets, Column, Figure, Grid, Heading, Prose
from api.coverage.exports.ground import Ground
from api.coverage.exports.maps import Sight, draw_map, situation
from api.coverage.exports.sections.situation import reached_grid, under_map, what_costs
from api.coverage.exports.wording import SHARES, YEAR, Wording
from geo.coverage.floors import OF_ALL


def scenarios(study: CoverageStudy, ground: Ground, w: Wording) -> Iterator[Block]:
    """Each by itself, against the same situation."""
    if not study.scenarios:
        return
    yield Heading(w.text("Các kịch bản", "Scenarios"))
    for one in study.scenarios:
        yield from _scenario(study, one, ground, w)


def _scenario(study: CoverageStudy, one: ScenarioResult, ground: Ground, w: Wording) -> Iterator[Block]:
    yield Heading(w.of(one.title), 2)
    if one.changes:
        yield Prose(w.text("Thay đổi:", "What changes:"))
        yield Bullets(tuple(w.of(change) for change in one.changes))
    yield before_after(w.text(f"Trước và sau: {w.of(one.title)}", f"Before and after: {w.of(one.title)}"), one, w)
    if one.bands:
        yield _bands(study, one, w)
    yield reached_grid(w.text("Người dân sau thay đổi", "People afterwards"), one.reached, w)
    yield from _floors(study, one, w)
    if one.access:
        caption = w.text(f"Sau thay đổi: {w.of(one.title)}", f"Afterwards: {w.of(one.title)}")
        alt = w.text(f"Bản đồ sau thay đổi; {len(one.access)} nơi có thời gian tới điểm khác trước.",
                     f"Map afterwards; the way to the post is another at {len(one.access)} places.")  # fmt: skip
        yield Figure(caption, alt, draw_map(study, scenario_sight(study, one), ground, w), under_map(study, w))
    if one.agencies:
        yield _agencies(one, w)


def _floors(study: CoverageStudy, one: ScenarioResult, w: Wording) -> Iterator[Block]:
    """Those that another number of communes or points misses; nothing where all stay as they are."""
    today = {floor.key: floor for floor in study.floors}
    changed = [
        w.text(
            f"{w.of(floor.meaning)}: hiện nay {_missed(today.get(floor.key), w)}, sau thay đổi {_missed(floor, w)}.",
            f"{w.of(floor.meaning)}: today {_missed(today.get(floor.key), w)}, afterwards {_missed(floor, w)}.",
        )
        for floor in one.floors
        if _measure(today.get(floor.key)) != _measure(floor)
    ]
    if changed:
        yield Prose(w.text("Tiêu chuẩn phục vụ thay đổi:", "Service floors that change:"))
        yield Bullets(tuple(changed))


def _measure(floor: Floor | None) -> float | None:
    """What tells whether a floor is kept better or worse."""
    if floor is None:
        return None
    return floor.measured if floor.key in OF_ALL else len(floor.fails)


def _missed(floor: Floor | None, w: Wording) -> str:
    if floor is None:
        return "–"
    if floor.key in OF_ALL:
        measured = "–" if floor.measured is None else w.number(floor.measured, 2)
        return f"{measured} {w.of(floor.unit)}"
    count, checked = w.number(len(floor.fails)), w.number(floor.checked)
    return w.text(f"{count} trên {checked} không đạt", f"{count} of {checked} miss it")


def scenario_sight(study: CoverageStudy, one: ScenarioResult) -> Sight:
    """The map of a scenario: posts that were not there before are new, and so are places whose way is another."""
    now = situation(study)
    changed = {
        place: found[study.main_means].seconds for place, found in one.access.items() if study.main_means in found
    }
    before = {point.position for point in study.points}
    new = [point.position for point in one.points if point.position not in before]
    return Sight({**now.seconds, **changed}, [point.position for point in one.points], new)


def before_after(caption: str, one: ScenarioResult, w: Wording) -> Grid:
    """Every figure of a year, before, after, and the change."""
    columns = (
        Column(w.text("Chỉ tiêu", "Figure"), 3), Column(w.text("Hiện nay", "Today"), 1.5, number=True),
        Column(w.text("Sau thay đổi", "Afterwards"), 1.5, number=True),
        Column(w.text("Chênh lệch", "Change"), 1.4, number=True),
    )  # fmt: skip
    rows = tuple(_row(figure, one.before, one.after, w) for figure in YEAR)
    return Grid(caption, columns, rows, what_costs(w), marked=frozenset({0}))


def _row(figure: str, before: YearFigures, after: YearFigures, w: Wording) -> tuple[str, ...]:
    scale, decimals = (100.0, 1) if figure in SHARES else (1.0, 0)
    was, becomes = getattr(before, figure) * scale, getattr(after, figure) * scale
    return w.year(figure), w.number(was, decimals), w.number(becomes, decimals), w.signed(becomes - was, decimals)


def _bands(study: CoverageStudy, one: ScenarioResult, w: Wording) -> Grid:
    low, high = w.ends_of_bands(study.sample.draws)
    change = w.text("Chênh lệch", "Change")
    columns = (
        Column(w.text("Chỉ tiêu", "Figure"), 3), Column(low, 1.5, number=True),
        Column(w.text("Giữa", "Median"), 1.5, number=True), Column(high, 1.5, number=True),
        Column(f"{change}, {low}", 1.5, number=True), Column(f"{change}, {high}", 1.5, number=True),
    )  # fmt: skip
    rows = []
    for figure, band in one.bands.items():
        scale, decimals = (100.0, 1) if figure in SHARES else (1.0, 0)
        moved = one.change_bands[figure]
        year = (w.number(value * scale, decimals) for value in (band.low, band.median, band.high))
        rows.append((w.year(figure), *year, *(w.signed(value * scale, decimals) for value in (moved.low, moved.high))))
    return Grid(
        w.text("Khoảng dao động khi nhu cầu khác đi", "Range when demand is another"),
        columns,
        tuple(rows),
        w.text(
            f"Nhu cầu của nghiên cứu và {w.number(study.sample.draws)} nhu cầu rút ngẫu nhiên (Monte Carlo), mỗi nhu cầu tính cả "
            "hiện nay lẫn sau thay đổi; khoảng nằm quanh con số của nghiên cứu, dịch đi như các con số dịch theo nhu cầu.",
            f"The study's demand and {w.number(study.sample.draws)} drawn at random (Monte Carlo), each met as it is and "
            "afterwards; the ranges lie around the figures of the study, moved as figures move with demand.",
        ),
    )


def _agencies(one: ScenarioResult, w: Wording) -> Grid:
    columns = (
        Column(w.text("Cơ quan", "Agency"), 3), Column(w.text("Quý", "Quarter")),
        Column(w.text("Hồ sơ", "Dossiers"), number=True), Column(w.text("Qua bưu chính", "By post"), number=True),
        Column(w.text("Tỷ lệ", "Share"), number=True), Column(w.text("Chỉ tiêu", "Target"), number=True),
        Column(w.text("Kết quả", "Result")),
    )  # fmt: skip
    rows = tuple(
        (
            row.name, row.quarter, w.number(row.dossiers), w.number(row.by_post), w.percent(row.share),
            w.percent(row.target), w.text("Đạt", "Met") if row.met else w.text("KHÔNG ĐẠT", "MISSED"),
        )
        for row in one.agencies
    )  # fmt: skip
    missed = frozenset(at for at, row in enumerate(one.agencies) if not row.met)
    note = w.text("Quý đầu và quý cuối chỉ gồm những ngày nằm trong năm của nghiên cứu.",
                  "The first and the last quarter have only those of their days that lie in the study's year.")  # fmt: skip
    return Grid(
        w.text("Tỷ lệ qua bưu chính so với chỉ tiêu", "Postal share against targets"), columns, rows, note, missed
    )
