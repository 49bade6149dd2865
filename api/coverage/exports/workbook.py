"""A study as a workbook: a sheet a table, numbers as numbers, two title lines (Vietnamese, English)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from api.coverage.document import Band, CoverageStudy, Means
from api.coverage.exports.sections.choosing import choices
from api.coverage.exports.sections.remedies import by_place, cheapest
from api.coverage.exports.wording import SHARES, YEAR, Wording
from api.coverage.frames import minutes_of
from api.errors import Language
from api.reports.sheets import Sheet, Title, report_workbook
from geo.coverage.floors import OF_ALL

_COUNT: Final = "#,##0"
_TENTH: Final = "#,##0.0"
_DEGREE: Final = "0.00000"
Row = list[Any]


def study_workbook(study: CoverageStudy, language: Language) -> bytes:
    """
    Write a study as a workbook.

    Parameters
    ----------
    language
        Of what stands in the cells; titles are in both.
    """
    w = Wording(language)
    return report_workbook(
        [
            Sheet("Tổng quan", (Title("Mục", "Item"), Title("Giá trị", "Value", _COUNT)), _about(study, w)),
            Sheet("Tiêu chuẩn", _FLOORS, _floors(study, w)),
            Sheet("Không đạt", _FAILS, _fails(study, w)),
            Sheet("Nơi ở", _PLACES, _places(study)),
            Sheet("Cách khắc phục", _remedy_titles(study), _remedies(study, w)),
            Sheet("Số điểm mở thêm", _FRONTIER, _frontier(study, w)),
            Sheet("Tiền và người", _EFFICIENT, _efficient(study, w)),
            Sheet("Kịch bản", _scenario_titles(study), _scenarios(study, w)),
            Sheet("Giả định", _ASSUMPTIONS, _assumptions(study, w)),
        ]
    )


def _about(study: CoverageStudy, w: Wording) -> Iterator[Row]:
    roads = "TỔNG HỢP, chỉ là ước lượng / SYNTHETIC, estimates only" if study.network.roads.synthetic else "thật / real"
    yield ["Mạng lưới / Network", study.network.name]
    yield ["Ngày / Day", study.network.valid_on]
    yield ["Mạng đường / Roads", roads]
    yield ["Cách đi chính / Main means", w.means(study.main_means)]
    yield ["Mức chính (phút) / Main limit (min)", study.main_minutes]
    yield ["Dân số / People", sum(place.people for place in study.places)]
    yield ["Nơi ở / Settlements", len(study.places)]
    yield ["Không có điểm / Without a post", len(study.without_post)]
    yield ["Điểm phục vụ / Posts in force", len(study.points)]
    for means, by_minutes in study.reached.people.items():
        for minutes, people in sorted(by_minutes.items()):
            yield [f"Người trong {minutes} phút / People within {minutes} min, {w.means(means)}", people]
    for figure in YEAR:
        yield [f"Hiện nay / Today: {w.year(figure)}", _figure(study.base, figure)]
    yield ["Phần mềm / Software", study.software]
    yield ["Hạt giống / Seed", study.seed]


def _figure(year: Any, figure: str) -> float:
    """Shares in percent, as their names say."""
    value: float = getattr(year, figure)
    return value * 100 if figure in SHARES else value


_FLOORS: Final = (
    Title("Tiêu chuẩn", "Floor"), Title("Mức", "Limit", _TENTH), Title("Đo được", "Measured", "#,##0.00"),
    Title("Đơn vị", "Unit"), Title("Đã xét", "Checked", _COUNT), Title("Không đạt", "Failing", _COUNT),
    Title("Vượt riêng lẻ", "Beyond alone", _COUNT), Title("Đạt", "Met"),
)  # fmt: skip
_FAILS: Final = (
    Title("Tiêu chuẩn", "Floor"), Title("Mã", "Code"), Title("Tên", "Name"), Title("Đo được", "Measured", "#,##0.00"),
)  # fmt: skip
_PLACES: Final = (
    Title("Mã điểm dân cư", "Place"), Title("Tên", "Name"), Title("Mã xã", "Commune code"),
    Title("Xã/phường", "Commune"),
    Title("Kinh độ", "Longitude", _DEGREE), Title("Vĩ độ", "Latitude", _DEGREE), Title("Dân số", "People", _COUNT),
    Title("Dân số ước lượng", "People estimated"), Title("Không có điểm", "Without a post"),
    Title("Bưu cục phát", "Base"), Title("Phút đi bộ", "Minutes on foot", _TENTH),
    Title("Phút xe máy", "Minutes by motorbike", _TENTH), Title("Điểm gần nhất (xe máy)", "Nearest post (motorbike)"),
)  # fmt: skip
_FRONTIER: Final = (
    Title("Cách đi", "Means"), Title("Mức (phút)", "Limit (min)", _COUNT), Title("k", "k", _COUNT),
    Title("Tối ưu (người)", "Exact (people)", _COUNT), Title("Tham lam (người)", "Greedy (people)", _COUNT),
    Title("Đã chứng minh", "Proved"), Title("Nơi, tối ưu", "Places, exact"), Title("Nơi, tham lam", "Places, greedy"),
)  # fmt: skip
_EFFICIENT: Final = (
    Title("Chi thêm (đ/năm)", "Added (đ/year)", _COUNT), Title("± ngẫu nhiên (đ)", "± chance (đ)", _COUNT),
    Title("Người", "People", _COUNT), Title("Cước thêm/bớt (đ/năm)", "Postage gained/lost (đ/year)", _COUNT),
    Title("Số nơi", "Places", _COUNT), Title("Làm gì, ở đâu", "What, where"),
)  # fmt: skip
_ASSUMPTIONS: Final = (
    Title("Mã", "Key"), Title("Ý nghĩa", "Meaning"), Title("Giá trị", "Value", "#,##0.###"), Title("Đơn vị", "Unit"),
    Title("Nguồn", "Source"), Title("Ước lượng", "Estimated"),
)  # fmt: skip


def _floors(study: CoverageStudy, w: Wording) -> Iterator[Row]:
    for one in study.floors:
        yield [
            w.of(one.meaning), one.limit, one.measured, w.of(one.unit), one.checked,
            *((None, len(one.fails)) if one.key in OF_ALL else (len(one.fails), None)),
            w.text("có", "yes") if one.met else w.text("KHÔNG", "NO"),
        ]  # fmt: skip


def _fails(study: CoverageStudy, w: Wording) -> Iterator[Row]:
    for floor in study.floors:
        for one in floor.fails:
            yield [w.of(floor.meaning), one.id, one.name, one.measured]


def _places(study: CoverageStudy) -> Iterator[Row]:
    lacking = set(study.without_post)
    for place in study.places:
        yield [
            place.place_id, place.name, place.commune_code, place.commune, *place.position, place.people,
            place.people_estimated, place.place_id in lacking, place.base_id,
            *(minutes_of(place.access.get(means)) for means in (Means.WALK, Means.MOTORBIKE)),
            place.access[Means.MOTORBIKE].point_id if Means.MOTORBIKE in place.access else None,
        ]  # fmt: skip


def _remedy_titles(study: CoverageStudy) -> tuple[Title, ...]:
    limit = study.main_minutes
    return (
        Title("Mã điểm dân cư", "Place"), Title("Tên", "Name"), Title("Cách", "Remedy"), Title("Thứ", "Weekday"),
        Title("Giờ mỗi tuần", "Hours a week", _TENTH), Title("Thêm (đ/năm)", "Added (đ/year)", _COUNT),
        Title("Trong đó cố định (đ)", "Of it fixed (đ)", _COUNT),
        Title("Ngày công thêm", "Courier days added", _TENTH), Title("km thêm", "km added", _TENTH),
        Title("Phút bớt, một lượt", "Minutes saved, one way", _TENTH),
        Title(f"Người vào trong {limit} phút", f"People gained within {limit} min", _COUNT),
        Title("Hồ sơ thêm/năm", "Dossiers won/year", _COUNT),
        Title("Cước thêm (đ/năm)", "Postage more (đ/year)", _COUNT), Title("Trễ hạn thay đổi", "Late, change", "0.00%"),
        Title("Rẻ nhất ở đó", "Cheapest there"), Title("Vì sao không được", "Why it cannot be had"),
    )  # fmt: skip


def _remedies(study: CoverageStudy, w: Wording) -> Iterator[Row]:
    names = {place.place_id: place.name for place in study.places}
    best = cheapest(study)
    for place, offered in by_place(study).items():
        for one in offered:
            yield [
                place, names[place], w.kind(one.kind), w.weekday(one.weekday) or None, one.hours_a_week,
                one.added_dong, one.year.fixed_dong - study.base.fixed_dong, one.added_courier_days, one.added_km,
                one.minutes_saved.get(study.main_means), one.people_gained.get(study.main_means), one.dossiers_won,
                one.year.postage_dong - study.base.postage_dong,
                one.late_change, best.get(place) is one, None if one.problem is None else w.of(one.problem),
            ]  # fmt: skip


def _frontier(study: CoverageStudy, w: Wording) -> Iterator[Row]:
    names = {place.place_id: place.name for place in study.places}
    for frontier in study.frontiers:
        for step in frontier.steps:
            yield [
                w.means(frontier.means), frontier.minutes, step.k, step.exact_people, step.greedy_people, step.proved,
                ", ".join(names.get(place, place) for place in step.exact),
                ", ".join(names.get(place, place) for place in step.greedy),
            ]  # fmt: skip


def _efficient(study: CoverageStudy, w: Wording) -> Iterator[Row]:
    for step in study.efficient:
        yield [
            step.added_dong, step.chance_dong, step.people, step.postage_dong, len(step.choices),
            choices(study, step, w),
        ]  # fmt: skip


def _scenario_titles(study: CoverageStudy) -> tuple[Title, ...]:
    (low_vi, high_vi), (low_en, high_en) = (Wording(each).ends_of_bands(study.sample.draws) for each in ("vi", "en"))
    return (
        Title("Kịch bản", "Scenario"), Title("Chỉ tiêu", "Figure"), Title("Hiện nay", "Today", _TENTH),
        Title("Sau thay đổi", "Afterwards", _TENTH), Title("Chênh lệch", "Change", _TENTH),
        Title(low_vi, low_en, _TENTH), Title("Giữa", "Median", _TENTH), Title(high_vi, high_en, _TENTH),
        Title(f"Chênh lệch {low_vi}", f"Change {low_en}", _TENTH), Title("Chênh lệch giữa", "Change median", _TENTH),
        Title(f"Chênh lệch {high_vi}", f"Change {high_en}", _TENTH),
    )  # fmt: skip


def _scenarios(study: CoverageStudy, w: Wording) -> Iterator[Row]:
    for one in study.scenarios:
        for figure in YEAR:
            was, becomes = _figure(one.before, figure), _figure(one.after, figure)
            scale = 100 if figure in SHARES else 1
            ends = [*_ends(one.bands.get(figure), scale), *_ends(one.change_bands.get(figure), scale)]
            yield [w.of(one.title), w.year(figure), was, becomes, becomes - was, *ends]


def _ends(band: Band | None, scale: int) -> Row:
    return [None] * 3 if band is None else [band.low * scale, band.median * scale, band.high * scale]


def _assumptions(study: CoverageStudy, w: Wording) -> Iterator[Row]:
    for one in study.assumptions:
        yield [one.key, w.of(one.meaning), one.value, w.of(one.unit), w.of(one.source), one.estimated]
