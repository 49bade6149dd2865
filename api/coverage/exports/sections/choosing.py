"""Where to begin: how many are reached by k points, and what so many people cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from api.coverage.document import CoverageStudy, EfficientStep, Frontier, FrontierStep, RemedyPrice
from api.coverage.exports.blocks import Block, Column, Figure, Grid, Heading, Prose
from api.coverage.exports.charts import efficient_chart, frontier_chart
from api.coverage.exports.ground import Ground
from api.coverage.exports.maps import Sight, draw_map, situation
from api.coverage.exports.sections.situation import counts_as_reached, under_map
from api.coverage.exports.wording import Wording

MOST_STEPS = 15
"""Rows of the table of the efficient frontier; the workbook has all."""


def frontiers(study: CoverageStudy, w: Wording) -> Iterator[Block]:
    """Of k = 1, 2, ... points: the best, and one after the other."""
    if not study.frontiers:
        return
    yield Heading(w.text("Nên mở ở đâu trước", "Where to begin"))
    yield Prose(
        w.text(
            "“Tối ưu”: k nơi tốt nhất có thể chọn, tính lại cho mỗi k. “Tham lam”: mở lần lượt, mỗi lần nơi thêm được nhiều "
            "người nhất, giữ các nơi đã mở: đó là thứ tự xây dựng.",
            "“Exact”: the best k places there are, computed anew for each k. “Greedy”: one after the other, each time the "
            "place that adds most people, those before it kept: the order in which to build.",
        )
    )
    for frontier in study.frontiers:
        if frontier.steps:
            yield from _frontier(study, frontier, w)


def _frontier(study: CoverageStudy, frontier: Frontier, w: Wording) -> Iterator[Block]:
    what = w.text(f"Người trong {frontier.minutes} phút, {w.means(frontier.means)}, khi mở thêm k điểm",
                  f"People within {frontier.minutes} minutes {w.means(frontier.means)}, with k points more")  # fmt: skip
    first, last = frontier.steps[0], frontier.steps[-1]
    if first.exact_people == last.exact_people:
        nothing = w.text("mở thêm điểm không thêm người nào.", "more points add nobody.")
        yield Prose(f"{what}: {w.number(last.exact_people)}; {nothing}")
        return
    alt = w.text(f"{what}: từ {w.number(frontier.steps[0].exact_people)} tới {w.number(last.exact_people)} khi k = {last.k}.",
                 f"{what}: from {w.number(frontier.steps[0].exact_people)} to {w.number(last.exact_people)} at k = {last.k}.")  # fmt: skip
    yield Figure(what, alt, frontier_chart(study, frontier, w))
    names = {place.place_id: place.name for place in study.places}
    columns = (
        Column("k", 0.6, number=True), Column(w.text("Tối ưu (người)", "Exact (people)"), 1.3, number=True),
        Column(w.text("Tham lam (người)", "Greedy (people)"), 1.3, number=True),
        Column(w.text("Kém", "Behind"), number=True), Column(w.text("Nơi mở thêm (tham lam)", "Place added (greedy)"), 3),
        Column(w.text("Chứng minh", "Proved"), 1.2),
    )  # fmt: skip
    rows = tuple(
        (
            w.number(step.k), w.number(step.exact_people), w.number(step.greedy_people),
            w.number(step.exact_people - step.greedy_people), _added(step, names),
            w.text("có", "yes") if step.proved else w.text("hết giờ tính", "ran out of time"),
        )
        for step in frontier.steps
    )  # fmt: skip
    note = w.text("“–”: không còn nơi nào thêm được người.", "“–”: no place is left that adds anybody.")
    yield Grid(what, columns, rows, note if len(last.greedy) < last.k else "")


def _added(step: FrontierStep, names: dict[str, str]) -> str:
    """The place of this k; those before it may reach everybody already."""
    return names.get(step.greedy[-1], step.greedy[-1]) if 0 < step.k == len(step.greedy) else "–"


def efficient(study: CoverageStudy, ground: Ground, w: Wording) -> Iterator[Block]:
    """No other choice reaches as many for less."""
    if not study.efficient:
        return
    yield Heading(w.text("Tiền và người: các phương án hiệu quả", "Money and people: efficient choices"))
    yield Prose(
        w.text(
            "Mỗi dòng là cách phối hợp rẻ nhất tìm được để có chừng ấy người trong mốc chính, theo giá từng cách cộng lại; "
            "± là một độ lệch chuẩn của phép tính ngẫu nhiên: trong khoảng ấy, và đôi khi ngoài nó, cách khác cũng có thể rẻ bằng. "
            + counts_as_reached(study, w),
            "Each line is the cheapest combination of remedies found for so many people within the main limit, their "
            "prices added up; ± is one standard deviation of what chance may move: within it, and at times beyond, another choice may be as cheap. "
            + counts_as_reached(study, w),
        )
    )
    if len(study.efficient) > 1:
        first, last = study.efficient[0], study.efficient[-1]
        caption = w.text(
            "Chi thêm mỗi năm và người trong mốc chính", "Added cost a year and people within the main limit"
        )
        alt = w.text(
            f"Từ {w.number(first.people)} người với {w.dong(first.added_dong)} tới {w.number(last.people)} người với "
            f"{w.dong(last.added_dong)}.",
            f"From {w.number(first.people)} people for {w.dong(first.added_dong)} to {w.number(last.people)} people for "
            f"{w.dong(last.added_dong)}.",
        )
        yield Figure(caption, alt, efficient_chart(study, w))
    yield _efficient_grid(study, w)
    yield _after(study, ground, w)


def _efficient_grid(study: CoverageStudy, w: Wording) -> Grid:
    columns = (
        Column(w.text("Chi thêm (triệu đ/năm)", "Added (million đ/year)"), 1.7, number=True),
        Column(w.text("Người", "People"), 1.1, number=True),
        Column(w.text("Cước thêm/bớt (triệu đ)", "Postage (million đ)"), 1.3, number=True),
        Column(w.text("Nơi", "Places"), 0.8, number=True),
        Column(w.text("Làm gì, ở đâu", "What, where"), 6),
    )  # fmt: skip
    shown = spread(study.efficient, MOST_STEPS)
    rows = tuple(
        (
            money(step, w), w.number(step.people), w.millions(step.postage_dong, sign=True),
            w.number(len(step.choices)), choices(study, step, w),
        )
        for step in shown
    )  # fmt: skip
    note = ""
    if len(shown) < len(study.efficient):
        note = w.text(f"{len(shown)} trong {len(study.efficient)} bước; tệp XLSX có đủ.",
                      f"{len(shown)} of {len(study.efficient)} steps; the XLSX file has all.")  # fmt: skip
    return Grid(w.text("Phương án hiệu quả", "Efficient choices"), columns, rows, note)


def money(step: EfficientStep, w: Wording) -> str:
    """`+61,9 ± 12,9`, millions."""
    chance = f" ± {w.millions(step.chance_dong)}" if step.chance_dong else ""
    return w.millions(step.added_dong, sign=True) + chance


def choices(study: CoverageStudy, step: EfficientStep, w: Wording) -> str:
    """What is done where, with the hours of each kind."""
    names = {place.place_id: place.name for place in study.places}
    prices = {(price.place_id, price.kind): price for price in study.remedies}
    by_kind: dict[str, list[str]] = {}
    for choice in step.choices:
        kind = _kind_with_hours(prices[choice.place_id, choice.kind], w)
        by_kind.setdefault(kind, []).append(names.get(choice.place_id, choice.place_id))
    listed = (f"{kind}: {', '.join(places)}" for kind, places in by_kind.items())
    return "; ".join(listed) or w.text("giữ nguyên", "nothing")


def kinds_chosen(study: CoverageStudy, step: EfficientStep, w: Wording) -> str:
    """How many places get what."""
    prices = {(price.place_id, price.kind): price for price in study.remedies}
    counts = Counter(_kind_with_hours(prices[one.place_id, one.kind], w) for one in step.choices)
    return ", ".join(f"{w.number(count)} × {kind}" for kind, count in counts.most_common())


def _kind_with_hours(price: RemedyPrice, w: Wording) -> str:
    hours = w.text(f" ({w.number(price.hours_a_week, 1)} giờ/tuần)", f" ({w.number(price.hours_a_week, 1)} h/week)")
    return w.kind(price.kind) + (hours if price.hours_a_week else "")


def spread(steps: Sequence[EfficientStep], most: int) -> list[EfficientStep]:
    """So many steps, evenly apart, the first and the last among them."""
    if len(steps) <= most:
        return list(steps)
    return [steps[round(at * (len(steps) - 1) / (most - 1))] for at in range(most)]


def efficient_sight(study: CoverageStudy, step: EfficientStep) -> Sight:
    """The map with all remedies of a step; places that were not chosen stay as they are."""
    now = situation(study)
    chosen = {(choice.place_id, choice.kind) for choice in step.choices}
    access = {
        price.place_id: price.access[study.main_means]
        for price in study.remedies
        if (price.place_id, price.kind) in chosen and study.main_means in price.access
    }
    today = {point.point_id for point in study.points}
    opened = [place for place, one in access.items() if one.point_id is not None and one.point_id not in today]
    gained = {place: one.seconds for place, one in access.items()}
    where = {place.place_id: place.position for place in study.places}
    return Sight(
        {**now.seconds, **_nearer(study, now, opened), **gained},
        now.posts,
        [where[place] for place, _ in sorted(chosen)],
        (),
    )


def _nearer(study: CoverageStudy, now: Sight, opened: Iterable[str]) -> dict[str, int]:
    """Whose way becomes shorter where places get a post: their own people, and neighbours."""
    frontier = next((one for one in study.frontiers if one.means is study.main_means), None)
    found: dict[str, int] = {}
    if frontier is None:
        return found
    for post in opened:
        for place, seconds in frontier.nearer.get(post, {}).items():
            before = found.get(place, now.seconds.get(place))
            found[place] = seconds if before is None else min(seconds, before)
    return found


def _after(study: CoverageStudy, ground: Ground, w: Wording) -> Figure:
    last = study.efficient[-1]
    caption = w.text(f"Sau khi làm ở {len(last.choices)} nơi: thời gian tới điểm gần nhất",
                     f"After {len(last.choices)} remedies: the way to the nearest post")  # fmt: skip
    alt = w.text(f"Bản đồ sau khi làm; {w.number(last.people)} người trong {study.main_minutes} phút.",
                 f"Map afterwards; {w.number(last.people)} people within {study.main_minutes} minutes.")  # fmt: skip
    return Figure(caption, alt, draw_map(study, efficient_sight(study, last), ground, w), under_map(study, w))
