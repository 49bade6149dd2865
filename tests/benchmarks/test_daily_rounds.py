from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.solver.daily_rounds import CUT_OFF, LINE_ARRIVES, SHIFT, Day, MadeDay, Variant, load_day, make_day
from benchmarks.solver.instances import Source
from routing.json_io import problem_to_json
from routing.model import FOREVER, UNREACHABLE, Problem
from routing.objective import Objective, weights

SIZE = 60


@pytest.fixture(name="common", scope="module")
def _common() -> MadeDay:
    return make_day(Day("an-giang", SIZE, 1, Variant.COMMON))


@pytest.fixture(name="full", scope="module")
def _full() -> MadeDay:
    return make_day(Day("an-giang", SIZE, 1, Variant.FULL))


def _is_same(some: Problem, other: Problem) -> bool:
    return problem_to_json(some) == problem_to_json(other)


@pytest.mark.slow
def test_the_same_day_is_made_again_and_another_seed_is_another_day(full: MadeDay) -> None:
    assert _is_same(full.problem, make_day(Day("an-giang", SIZE, 1, Variant.FULL)).problem)
    assert not _is_same(full.problem, make_day(Day("an-giang", SIZE, 2, Variant.FULL)).problem)


@pytest.mark.slow
def test_the_common_variant_asks_for_nothing_that_a_peer_cannot_say(common: MadeDay) -> None:
    problem = common.problem
    assert all(v.max_trips == 1 and not v.breaks and not v.max_overtime for v in problem.vehicle_types)
    assert all(not v.unit_duration_cost for v in problem.vehicle_types)
    assert all(not stop.setup_duration for stop in problem.stops)
    for shipment in problem.shipments:
        assert shipment.must_go
        assert (shipment.release, shipment.latest_return, shipment.depot) == (0, FOREVER, None)
        assert (shipment.pickup is None) != (shipment.delivery is None)
        assert not shipment.collected


@pytest.mark.slow
def test_the_full_variant_holds_every_shipment_with_its_rules(full: MadeDay) -> None:
    problem = full.problem
    assert len(problem.shipments) == SIZE
    assert any(shipment.release == LINE_ARRIVES for shipment in problem.shipments)
    assert any(shipment.latest_return == CUT_OFF for shipment in problem.shipments)
    assert all(shipment.penalty and not shipment.must_go for shipment in problem.shipments)
    assert all(v.max_trips == 2 and v.breaks and v.unit_duration_cost for v in problem.vehicle_types)
    assert any(len(stop.windows) > 1 for stop in problem.stops)
    assert all(SHIFT.early <= w.early <= w.late <= SHIFT.late for stop in problem.stops for w in stop.windows)


@pytest.mark.slow
def test_every_place_is_reached_and_costs_can_be_added_up(full: MadeDay) -> None:
    for matrix in (*full.problem.distances, *full.problem.durations):
        assert int(matrix.max()) < UNREACHABLE
    weights(full.problem, Objective.DAILY)


@pytest.mark.slow
def test_a_day_states_its_bases_stops_shipments_and_couriers(full: MadeDay) -> None:
    assert full.facts.startswith("4 bases (BC-LX, BC-CT, BC-CM, BC-TS), ")
    for words in ("stops", f"{SIZE} shipments", "motorbikes", "vans"):
        assert words in full.facts


@pytest.mark.slow
def test_a_day_is_taken_from_the_cache(tmp_path: Path) -> None:
    day = Day("an-giang", SIZE, 1, Variant.COMMON)
    made = load_day(day, tmp_path)
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    assert _is_same(load_day(day, tmp_path).problem, made.problem)
    assert kept.stat().st_mtime_ns == written


def test_a_day_goes_to_another_process() -> None:
    source = Source("an-giang-60-1b", "daily-rounds-b", day=Day("an-giang", SIZE, 1, Variant.FULL))
    assert Source.from_json(source.to_json()) == source


def test_can_tho_without_its_data_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUONGTHU_TEST_DATA", raising=False)
    with pytest.raises(ValueError, match="DUONGTHU_TEST_DATA"):
        make_day(Day("can-tho", SIZE, 1, Variant.FULL))


@pytest.mark.slow
@pytest.mark.real_data
def test_can_tho_is_made_from_real_roads(test_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUONGTHU_TEST_DATA", str(test_data))
    made = make_day(Day("can-tho", SIZE, 1, Variant.FULL))
    assert len(made.problem.shipments) == SIZE
    assert made.facts.startswith("4 bases (BD-01")
