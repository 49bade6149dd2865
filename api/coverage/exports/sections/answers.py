"""The answer in a few lines, before anything is explained."""

from __future__ import annotations

from collections.abc import Iterator

from api.coverage.document import CoverageStudy, EfficientStep, ScenarioResult
from api.coverage.exports.blocks import Block, Bullets, Prose
from api.coverage.exports.sections.choosing import kinds_chosen
from api.coverage.exports.sections.situation import counts_as_reached, what_costs
from api.coverage.exports.wording import MILLION, Wording


def answers(study: CoverageStudy, w: Wording) -> Iterator[Block]:
    """What it costs to reach everybody who can be reached, and what each scenario costs."""
    found = [_cheapest_way(study, study.efficient[-1], w)] if study.efficient else []
    found += [_scenario(study, one, w) for one in study.scenarios]
    if found:
        yield Bullets(tuple(found))
    if found:
        yield Prose(what_costs(w))
    if study.efficient:
        yield Prose(counts_as_reached(study, w))


def _cheapest_way(study: CoverageStudy, last: EfficientStep, w: Wording) -> str:
    people = sum(place.people for place in study.places)
    share = w.percent(last.people / people if people else 0)
    money, chance = w.dong(abs(last.added_dong)), f" (± {w.dong(last.chance_dong)})" if last.chance_dong else ""
    spent = (
        w.text(f"thêm {money}{chance} mỗi năm", f"{money}{chance} more a year")
        if last.added_dong >= 0
        else w.text(f"tiết kiệm {money}{chance} mỗi năm", f"{money}{chance} less a year")
    )
    postage = _postage(last.postage_dong, w)
    places, how = w.number(len(last.choices)), kinds_chosen(study, last, w)
    return w.text(
        f"Cách rẻ nhất tìm được để đưa {w.number(last.people)} người ({share}) vào trong {study.main_minutes} phút "
        f"{w.means(study.main_means)}: {places} nơi, {spent}{postage}" + (f" – {how}." if how else "."),
        f"The cheapest way found to bring {w.number(last.people)} people ({share}) within {study.main_minutes} minutes "
        f"{w.means(study.main_means)}: {places} places, {spent}{postage}" + (f" – {how}." if how else "."),
    )


def _scenario(study: CoverageStudy, one: ScenarioResult, w: Wording) -> str:
    change = one.after.total_dong - one.before.total_dong
    said = w.text("tốn thêm", "costs") if change >= 0 else w.text("tiết kiệm", "saves")
    chance = study.sample.scenario_chance
    doubt = (
        w.text(f" (dưới {w.percent(chance)} chi phí cả tỉnh: có thể chỉ là ngẫu nhiên của phép tính)",
               f" (less than {w.percent(chance)} of the province's cost: may be chance)")
        if abs(change) < chance * one.before.total_dong else ""
    )  # fmt: skip
    postage = _postage(one.after.postage_dong - one.before.postage_dong, w)
    return w.text(f"{w.of(one.title)}: {said} {w.dong(abs(change))} mỗi năm{doubt}{postage}.",
                  f"{w.of(one.title)}: {said} {w.dong(abs(change))} a year{doubt}{postage}.")  # fmt: skip


def _postage(change: int, w: Wording) -> str:
    """What is taken in more or less a year, where it shows."""
    if abs(change) < MILLION / 10:
        return ""
    more = w.text("thêm", "more") if change > 0 else w.text("bớt", "less")
    return w.text(
        f"; cước người dân trả {more} {w.dong(abs(change))}", f"; people pay {w.dong(abs(change))} {more} postage"
    )
