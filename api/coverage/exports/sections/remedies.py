"""What each remedy costs at each place, and which is the cheapest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from api.coverage.document import CoverageStudy, RemedyKind, RemedyPrice
from api.coverage.exports.blocks import Block, Column, Grid, Heading, Prose
from api.coverage.exports.wording import Wording


def prices(study: CoverageStudy, w: Wording) -> Iterator[Block]:
    """By kind, and the cheapest of each place."""
    if not study.remedies:
        return
    yield Heading(w.text("Các cách khắc phục và giá", "Remedies and what they cost"))
    chance = w.dong(study.sample.remedy_chance * study.base.total_dong)
    yield Prose(
        w.text(
            "Mỗi cách được tính riêng cho từng nơi, so với giữ nguyên: các chuyến của bưu cục phục vụ nơi đó được xếp lại "
            "cho những ngày mẫu, rồi quy ra một năm. Cộng nhiều nơi lại chỉ là gần đúng, vì hai nơi gần nhau có thể chung "
            f"chuyến. Chênh nhau dưới {chance} mỗi năm (một độ lệch chuẩn) có thể chỉ là ngẫu nhiên của phép tính: đừng xếp hạng theo đó (≈ "
            "trong bảng); chuyến rẻ đi dưới hai lần mức ấy được tính là không đổi. Cước người dân trả thêm hay bớt đứng riêng, "
            "không trừ vào chi phí.",
            "Each remedy is priced for each place by itself, against leaving it as it is: the rounds of the base that "
            "serves the place are planned anew for the sampled days, and made up to a year. Sums over places are only "
            f"approximate, for places near each other may share a round. Less than {chance} a year (one standard deviation) "
            "between two of them may be chance: rank nothing by it (≈ in the table); rounds that become cheaper by less than twice as much count as unchanged. "
            "Postage that people pay more or less stands by itself and lessens no cost.",
        )
    )
    yield _by_kind(study, w)
    yield _cheapest(study, w)


def appendix(study: CoverageStudy, w: Wording) -> Iterator[Block]:
    """Every price."""
    if study.remedies:
        yield Heading(w.text("Phụ lục: giá từng cách cho từng nơi", "Appendix: every remedy at every place"))
        yield _all(study, w)


def cheapest(study: CoverageStudy) -> dict[str, RemedyPrice]:
    """By place, of those that can be had and bring somebody within the main limit, or else of all that can be had."""
    found: dict[str, RemedyPrice] = {}
    for place, offered in by_place(study).items():
        possible = [one for one in offered if one.problem is None and one.kind is not RemedyKind.NOTHING]
        useful = [one for one in possible if one.people_gained.get(study.main_means, 0) > 0] or possible
        if useful:
            found[place] = min(useful, key=lambda one: (one.added_dong, one.kind))
    return found


def as_cheap(study: CoverageStudy, best: RemedyPrice) -> tuple[RemedyPrice, ...]:
    """Remedies of its place that chance alone may have made dearer than the cheapest one."""
    most = best.added_dong + study.sample.remedy_chance * study.base.total_dong
    reached = best.people_gained.get(study.main_means, 0)
    return tuple(
        one
        for one in by_place(study)[best.place_id]
        if one is not best
        and one.problem is None
        and one.added_dong <= most
        and one.people_gained.get(study.main_means, 0) >= reached
    )


def by_place(study: CoverageStudy) -> dict[str, list[RemedyPrice]]:
    found: dict[str, list[RemedyPrice]] = defaultdict(list)
    for price in study.remedies:
        found[price.place_id].append(price)
    return found


def _by_kind(study: CoverageStudy, w: Wording) -> Grid:
    kinds: dict[RemedyKind, list[RemedyPrice]] = defaultdict(list)
    for price in study.remedies:
        if price.problem is None and price.kind is not RemedyKind.NOTHING:
            kinds[price.kind].append(price)
    rows = tuple(_kind_row(study, kind, kinds[kind], w) for kind in RemedyKind if kind in kinds)
    columns = (
        Column(w.text("Cách", "Remedy"), 2.4), Column(w.text("Nơi", "Places"), number=True),
        Column(w.text("Giờ/tuần", "Hours/week"), number=True),
        Column(w.text("Triệu đ/năm, bình quân một nơi", "Million đ/year, mean of a place"), 1.8, number=True),
        Column(w.text("Rẻ nhất – đắt nhất", "Least – most"), 1.8, number=True),
        Column(w.text("Người được thêm, tổng", "People gained, sum"), 1.5, number=True),
        Column(w.text("Hồ sơ thêm/năm, tổng", "Dossiers won/year, sum"), 1.5, number=True),
    )  # fmt: skip
    return Grid(w.text("So sánh các cách", "Remedies compared"), columns, rows)


def _kind_row(study: CoverageStudy, kind: RemedyKind, found: Sequence[RemedyPrice], w: Wording) -> tuple[str, ...]:
    dong = [one.added_dong for one in found]
    gained = sum(one.people_gained.get(study.main_means, 0) for one in found)
    return (
        w.kind(kind), w.number(len(found)), _hours(found, w), w.millions(sum(dong) / len(dong)),
        f"{w.millions(min(dong))} – {w.millions(max(dong))}", w.number(gained),
        w.number(sum(one.dossiers_won for one in found)),
    )  # fmt: skip


def _hours(found: Sequence[RemedyPrice], w: Wording) -> str:
    hours = max(one.hours_a_week for one in found)
    return w.number(hours, 1) if hours else w.text("tại nhà", "at home")


_PLACE = 2.5


def _cheapest(study: CoverageStudy, w: Wording) -> Grid:
    best = cheapest(study)
    names = {place.place_id: place.name for place in study.places}
    rows = tuple(
        _price_row(study, names[place], best[place], w, beside=as_cheap(study, best[place]))
        if place in best
        else (names[place], w.text("không có cách nào", "none can be had"), *("–",) * 8)
        for place in by_place(study)
    )
    return Grid(
        w.text("Cách rẻ nhất của mỗi nơi", "The cheapest remedy of each place"),
        _price_columns(study, w),
        rows,
        w.text(
            "Rẻ nhất trong các cách đưa được người dân vào trong mốc chính. ≈: cách khác đắt hơn không quá mức ngẫu nhiên. "
            "Phút bớt: một lượt, bình quân mọi nơi được gần hơn.",
            "The cheapest of those that bring people within the main limit. ≈: others that are dearer by no more than chance. "
            "Minutes saved: one way, mean of all places that have it nearer.",
        ),
    )


def _all(study: CoverageStudy, w: Wording) -> Grid:
    names = {place.place_id: place.name for place in study.places}
    best = cheapest(study)
    found = [(place, price) for place, offered in by_place(study).items() for price in offered]
    rows = tuple(_price_row(study, names[place], price, w) for place, price in found)
    marked = frozenset(at for at, (place, price) in enumerate(found) if best.get(place) is price)
    note = w.text("In đậm: rẻ nhất của nơi đó.", "Bold: the cheapest of the place.")
    return Grid(w.text("Giá từng cách", "Every price"), _price_columns(study, w), rows, note, marked)


def _price_columns(study: CoverageStudy, w: Wording) -> tuple[Column, ...]:
    limit = study.main_minutes
    return (
        Column(w.text("Nơi", "Place"), _PLACE), Column(w.text("Cách", "Remedy"), 3.9),
        Column(w.text("Triệu đ/năm", "Million đ/year"), 1.2, number=True),
        Column(w.text("Ngày công", "Courier days"), 1.25, number=True), Column("km", 1.1, number=True),
        Column(w.text("Phút bớt", "Min saved"), number=True),
        Column(w.text(f"Người ≤ {limit} ph", f"People ≤ {limit} min"), 1.2, number=True),
        Column(w.text("Hồ sơ thêm", "Dossiers won"), 1.25, number=True),
        Column(w.text("Cước thêm, triệu đ", "Postage, million đ"), 1.3, number=True),
        Column(w.text("Trễ hạn, điểm %", "Late, points"), number=True),
    )  # fmt: skip


def _price_row(
    study: CoverageStudy, name: str, price: RemedyPrice, w: Wording, beside: Sequence[RemedyPrice] = ()
) -> tuple[str, ...]:
    if price.problem is not None:
        return (name, f"{w.kind(price.kind)}: {w.of(price.problem)}", *("–",) * 8)
    service = f" ({w.service(price)})" if w.service(price) else ""
    others = f" ≈ {', '.join(w.kind(one.kind) for one in beside)}" if beside else ""
    return (
        name, w.kind(price.kind) + service + others, w.millions(price.added_dong, sign=True),
        w.signed(price.added_courier_days, 1), w.signed(price.added_km),
        w.number(price.minutes_saved.get(study.main_means, 0), 1),
        w.number(price.people_gained.get(study.main_means, 0)), w.number(price.dossiers_won),
        w.millions(price.year.postage_dong - study.base.postage_dong, sign=True),
        w.signed(price.late_change * 100, 2),
    )  # fmt: skip
