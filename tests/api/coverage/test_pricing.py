"""What remedies cost, against sums done by hand on a straight road."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt
from typing import Any

import holidays
import pytest

from api.coverage.document import Means, RemedyKind
from api.coverage.pricing import added_dong, price, price_all
from api.coverage.remedies import PRICED, Remedy, visits_a_year, with_remedies
from api.errors import InputError
from geo.matrix import travel_matrix
from geo.snapping import snap
from tests.api.coverage.line_province import DAY, LAT, LON, STEP, line_lab

EMPTY: dict[str, Any] = {"dossiers_per_1000": 0.0, "results_per_1000": 0.0}


def way_to(village: int) -> tuple[int, int]:
    """Metres and seconds there and back by motorbike."""
    roads = line_lab().situation.roads.contracted("motorbike")
    points = [(LON, LAT), (LON + village * STEP, LAT)]
    travel = travel_matrix(roads, snap(roads.graph, points))
    return tuple(int(m[0, 1]) + int(m[1, 0]) for m in (travel.distances, travel.durations))  # type: ignore[return-value]


def test_a_weekly_visit_where_nobody_sends_anything_costs_its_round_and_its_desk() -> None:
    lab = line_lab(**EMPTY)
    base = lab.unchanged()
    assert base.year.total_dong == base.year.km == base.year.dossiers == 0
    found = price(lab, base, Remedy("D-4", RemedyKind.WEEKLY_VISIT, 1))
    metres, seconds = way_to(3)
    times = lab.situation.network.settings.times["borrowed_desk"]
    working = seconds + 60 * lab.assumptions.mobile_stay_minutes + times.item_seconds
    a_visit = 40_000 + 1_500 * metres / 1000 + 36_000 * working / 3600
    visits = lab.days.working_days / 5
    fixed = visits_a_year([1], lab.situation) * lab.assumptions.mobile_visit_dong
    assert found.added_dong == pytest.approx(a_visit * visits + fixed, abs=visits)
    assert found.added_km == pytest.approx(metres / 1000 * visits, abs=0.1)
    assert found.added_courier_days == pytest.approx(visits, abs=0.1)
    assert found.year.fixed_dong == fixed
    assert found.weekday == 1
    assert found.hours_a_week == 1.5


def test_a_daily_visit_is_five_weekly_ones() -> None:
    lab = line_lab(**EMPTY)
    base = lab.unchanged()
    once, daily = (price(lab, base, Remedy("D-3", k)) for k in (RemedyKind.WEEKLY_VISIT, RemedyKind.DAILY_VISIT))
    assert daily.year.dong == pytest.approx(5 * once.year.dong, abs=10)
    assert daily.added_km == pytest.approx(5 * once.added_km, abs=1)


@pytest.mark.parametrize("means", Means)
def test_minutes_saved_are_those_of_one_inhabitant_of_the_places_that_gain(means: Means) -> None:
    lab = line_lab(**EMPTY)
    roads = lab.situation.roads.contracted(means.value)
    two_three_four = snap(roads.graph, [(LON + village * STEP, LAT) for village in (1, 2, 3)])
    way = travel_matrix(roads, two_three_four).durations
    found = price(lab, lab.unchanged(), Remedy("D-3", RemedyKind.NEW_POINT))
    saved = 9_000 * int(way[1, 0]) + 6_000 * int(way[2, 0] - way[2, 1])
    assert found.minutes_saved[means] == pytest.approx(saved / 15_000 / 60, abs=0.05)


def test_a_mobile_desk_stays_away_on_holidays() -> None:
    settled = line_lab().situation
    weekdays = [DAY + timedelta(days=number) for number in range(365)]
    off = holidays.country_holidays("VN", years=(2026, 2027))
    tuesdays = [day for day in weekdays if day.weekday() == 1 and day not in off]
    assert visits_a_year([1], settled) == len(tuesdays) < 52
    assert visits_a_year(range(5), settled) == sum(visits_a_year([day], settled) for day in range(5))


def test_rounds_that_only_chance_made_cheaper_are_no_saving() -> None:
    lab = line_lab(**EMPTY)
    year = lab.unchanged().year.model_copy(update={"dong": 1_000_000})
    for rounds, counted in ((-3_999, 0), (-4_001, -4_001), (0, 0), (5, 5)):
        after = year.model_copy(update={"dong": 1_000_000 + rounds, "fixed_dong": 700})
        assert added_dong(year, after, 0.002) == 700 + counted


def test_a_point_that_is_open_too_seldom_brings_nobody_nearer() -> None:
    for least_days, gained in ((1, 9_000), (2, 0)):
        lab = line_lab(**EMPTY, least_days=least_days)
        found = price(lab, lab.unchanged(), Remedy("D-3", RemedyKind.WEEKLY_VISIT))
        assert found.people_gained[Means.WALK] == gained
        assert found.access[Means.WALK].point_id == ("LD-We-D-3" if gained else "VH")
        assert price(lab, lab.unchanged(), Remedy("D-3", RemedyKind.NEW_POINT)).people_gained[Means.WALK] == 9_000


def test_a_new_point_that_nobody_uses_costs_its_upkeep_alone() -> None:
    lab = line_lab(**EMPTY)
    base = lab.unchanged()
    found = price(lab, base, Remedy("D-3", RemedyKind.NEW_POINT))
    assert found.added_dong == lab.assumptions.new_point_dong
    assert found.added_km == 0
    assert found.people_gained[Means.WALK] == 9_000
    assert found.hours_a_week == pytest.approx(5 * 6.5)


@pytest.mark.slow
def test_every_remedy_of_every_place_is_priced_and_told() -> None:
    lab = line_lab(iterations=20)
    base = lab.unchanged()
    assert base.year.unserved == 0
    assert base.year.early + base.year.on_the_day + base.year.late == pytest.approx(1, abs=1e-5)
    todo = [Remedy(place, kind) for place in lab.situation.without_post for kind in PRICED]
    told: list[tuple[int, int]] = []
    prices = price_all(lab, base, todo, on_done=lambda done, total: told.append((done, total)))
    assert told == [(n, len(todo)) for n in range(1, len(todo) + 1)]
    for remedy, found in zip(todo, prices, strict=True):
        assert (found.place_id, found.kind, found.problem) == (remedy.place_id, remedy.kind, None)
        assert found.dossiers_won >= 0
        assert found.people_gained[Means.WALK] >= 0
        assert found.minutes_saved[Means.MOTORBIKE] > 0
        assert found.year.dossiers == base.year.dossiers + found.dossiers_won
        assert found.year.results == base.year.results
        assert found.year.total_dong == base.year.total_dong + found.added_dong


@pytest.mark.slow
def test_a_part_of_a_province_with_one_base_is_the_whole_of_it() -> None:
    from dataclasses import replace

    from api.coverage.province_part import part_around

    lab = line_lab(iterations=10)
    settings = replace(lab.situation.network.settings, batching=False)
    network = replace(lab.as_it_is.network, settings=settings)
    whole = lab.attempt(replace(lab.as_it_is, network=network))
    part = lab.attempt(lab.as_it_is, part_around(network, "BC"))
    assert part.year == whole.year


def test_two_remedies_for_one_place_and_unknown_places_are_refused_with_their_names() -> None:
    lab = line_lab()
    twice = [Remedy("D-3", RemedyKind.NEW_POINT), Remedy("D-3", RemedyKind.HOME_PICKUP)]
    for asked, said in (
        (twice, ("overlapping", "D-3")),
        ([Remedy("D-X", RemedyKind.NOTHING)], ("unknown_place", "D-X")),
    ):
        with pytest.raises(InputError) as refused:
            with_remedies(lab.as_it_is, asked, lab.situation, lab.assumptions)
        assert [(row.code, row.column) for row in refused.value.rows] == [said]


def test_a_place_that_no_base_serves_cannot_be_visited() -> None:
    from dataclasses import replace

    lab = line_lab(**EMPTY)
    rows = lab.situation.network.rows
    network = replace(lab.situation.network, rows=replace(rows, areas=rows.areas[:1]))
    alone = replace(lab, situation=replace(lab.situation, network=network))
    base = alone.attempt(alone.as_it_is)
    found = price(alone, base, Remedy("D-3", RemedyKind.WEEKLY_VISIT))
    assert found.problem is not None
    assert "Ấp Ba" in found.problem.vi
    assert found.added_dong == 0
    assert found.year == base.year


def test_a_circle_s_radius_is_what_the_floor_measures() -> None:
    from api.coverage.describing import tell_points
    from api.coverage.floors import check_floors
    from geo.units import load_communes

    lab = line_lab()
    served = lab.serve(lab.as_it_is)
    points = tell_points(lab.situation, lab.as_it_is, served)
    floors = {floor.key.value: floor for floor in check_floors(lab.situation, lab.as_it_is, points, lab.assumptions)}
    communes = load_communes(lab.situation.day).by_code
    area = sum(communes[code].area_km2 or 0 for code in ("30307", "30292"))
    assert floors["mean-radius"].measured == pytest.approx(sqrt(area / 2 / 3.141592653589793), abs=0.01)
    assert floors["point-in-commune"].met
    assert floors["people-per-point"].measured == pytest.approx(47_000 / 2)
    assert {fail.id for fail in floors["people-per-point"].fails} == {"BC", "VH"}
    assert floors["hours-open"].met
