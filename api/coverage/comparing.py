"""Two studies side by side: what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.coverage.document import CoverageStudy, YearFigures
from api.coverage.vocabulary import KINDS, MEANS
from api.plans.schemas import Words

MONEY, WORK = ("total_dong", "dong", "fixed_dong", "postage_dong"), ("km", "courier_days", "hours")
PAPERS = ("dossiers", "results", "early", "on_the_day", "late", "unserved")
NAMES: Mapping[str, Words] = {
    "total_dong": Words(vi="Chi phí chuyến và cố định thêm, đồng/năm", en="Rounds and added fixed cost, đồng a year"),
    "dong": Words(vi="Chi phí chuyến phát, đồng/năm", en="Cost of rounds, đồng a year"),
    "fixed_dong": Words(vi="Chi phí cố định thêm, đồng/năm", en="Added fixed cost, đồng a year"),
    "postage_dong": Words(vi="Cước người dân trả, đồng/năm", en="Postage that people pay, đồng a year"),
    "km": Words(vi="Quãng đường, km/năm", en="Distance, km a year"),
    "courier_days": Words(vi="Ngày công bưu tá/năm", en="Courier days a year"),
    "hours": Words(vi="Giờ công/năm", en="Hours of work a year"),
    "dossiers": Words(vi="Hồ sơ qua bưu chính/năm", en="Dossiers by post a year"),
    "results": Words(vi="Kết quả qua bưu chính/năm", en="Results by post a year"),
    "early": Words(vi="Sớm hạn", en="Early"),
    "on_the_day": Words(vi="Đúng hạn", en="On the day"),
    "late": Words(vi="Trễ hạn", en="Late"),
    "unserved": Words(vi="Đến hạn mà chưa xong khi hết tuần mẫu", en="Due and not done when the sampled week ends"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure in both studies; None = one of them does not tell it."""

    key: str
    """Stable, for programs: `base.km`, `remedy.DC-30337.new_point.added_dong` ..."""
    name: Words
    first: float | None
    second: float | None

    @property
    def change(self) -> float | None:
        return None if self.first is None or self.second is None else round(self.second - self.first, 6)


def compare_studies(first: CoverageStudy, second: CoverageStudy) -> list[Difference]:
    """Everything that is not the same, and the figures of the situation in any case."""
    one, two = dict(_figures(first)), dict(_figures(second))
    found = []
    for key in dict.fromkeys((*one, *two)):
        told = [side[key] for side in (one, two) if key in side]
        values = [side[key][0] if key in side else None for side in (one, two)]
        if values[0] != values[1] or key.startswith("base."):
            found.append(Difference(key, told[0][1], values[0], values[1]))
    return found


def differing_inputs(first: CoverageStudy, second: CoverageStudy) -> tuple[str, ...]:
    """
    Find what makes two studies hard to compare: network, roads, day, seed, sample, assumptions.

    Returns
    -------
    differing
        Keys of `vocabulary.INPUTS`.
    """
    pairs = {
        "network": (first.network.sha256, second.network.sha256),
        "roads": (first.network.roads.sha256, second.network.roads.sha256),
        "day": (first.network.valid_on, second.network.valid_on),
        "seed": (first.seed, second.seed),
        "sample": (first.sample, second.sample),
        "assumptions": tuple({one.key: one.value for one in study.assumptions} for study in (first, second)),
    }
    return tuple(name for name, (a, b) in pairs.items() if a != b)


_Named = tuple[float, Words]


def _figures(study: CoverageStudy) -> Iterator[tuple[str, _Named]]:
    yield from _year("base", Words(vi="Hiện nay", en="As it is"), study.base)
    without = Words(vi="Nơi chưa có điểm", en="Places without a post")
    yield "base.without_post", (float(len(study.without_post)), without)
    places = {place.place_id: place.name for place in study.places}
    for price in study.remedies:
        place, (vi, en) = places[price.place_id], KINDS[price.kind]
        for key in ("added_dong", "added_km", "dossiers_won"):
            words = Words(
                vi=f"{place}, {_inside(vi)}: {_ADDED[key].vi}", en=f"{place}, {_inside(en)}: {_ADDED[key].en}"
            )
            yield f"remedy.{price.place_id}.{price.kind.value}.{key}", (float(getattr(price, key)), words)
    for frontier in study.frontiers:
        vi, en = MEANS[frontier.means]
        for step in frontier.steps:
            words = Words(
                vi=f"Mở {step.k} điểm, {vi}: dân trong {frontier.minutes} phút",
                en=f"{step.k} new point{'s' * (step.k != 1)}, {en}: people within {frontier.minutes} min",
            )
            yield f"frontier.{frontier.means.value}.{step.k}", (float(step.exact_people), words)
    for scenario in study.scenarios:
        yield from _year(f"scenario.{scenario.key}", scenario.title, scenario.after)


def _inside(name: str) -> str:
    """As it stands inside a sentence."""
    return name[:1].lower() + name[1:]


def _year(key: str, of: Words, year: YearFigures) -> Iterator[tuple[str, _Named]]:
    for name in (*MONEY, *WORK, *PAPERS):
        words = Words(vi=f"{of.vi}: {NAMES[name].vi}", en=f"{of.en}: {NAMES[name].en}")
        yield f"{key}.{name}", (float(getattr(year, name)), words)


_ADDED: Mapping[str, Words] = {
    "added_dong": Words(vi="thêm đồng/năm", en="đồng a year more"),
    "added_km": Words(vi="thêm km/năm", en="km a year more"),
    "dossiers_won": Words(vi="thêm hồ sơ/năm", en="dossiers a year more"),
}
