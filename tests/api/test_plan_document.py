"""The plan as it is stored: names instead of numbers, times with their zone, every figure adding up."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from api.plans import json_schema
from api.plans.schemas import Plan, parse_plan
from routing.model import Action
from tests.api.greedy import answers_of, greedy_plan, small_plan
from tests.api.small_day import DAY, small_day


def test_a_plan_survives_json() -> None:
    plan = small_plan()
    assert parse_plan(plan.to_json()) == plan


def test_the_published_json_schema_is_up_to_date() -> None:
    assert json.loads(json_schema.PATH.read_text(encoding="utf-8")) == json_schema.plan_json_schema()


def test_a_plan_keeps_the_published_json_schema() -> None:
    schema = json.loads(json_schema.PATH.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(small_plan().to_json()))


def test_unknown_fields_are_refused() -> None:
    data = json.loads(small_plan().to_json())
    with pytest.raises(ValidationError, match="Extra inputs"):
        Plan.model_validate_json(json.dumps({**data, "colour": "red"}))


def test_every_shipment_is_carried_once_or_unassigned_with_a_reason() -> None:
    plan = small_plan()
    carried = [t.shipment for r in plan.routes for trip in r.trips for stop in trip.stops for t in stop.tasks]
    left = [unassigned.shipment for unassigned in plan.unassigned]
    assert sorted(carried + left) == sorted(s.code for s in small_day().shipments.shipments)
    assert all(unassigned.reasons for unassigned in plan.unassigned)
    assert (plan.totals.carried, plan.totals.unassigned) == (len(carried), len(left))


def test_reasons_are_told_in_both_languages() -> None:
    (reason,) = next(u for u in small_plan().unassigned if u.shipment == "W2").reasons
    assert reason.constraint == "lies_elsewhere"
    assert reason.detail.vi == "đang nằm ở Trung tâm An Giang (HUB), chờ đường thư chuyển tiếp"
    assert reason.detail.en == "it lies at Trung tâm An Giang (HUB) and waits for a line"
    assert reason.would_help is not None


def test_times_carry_the_zone_and_follow_each_other() -> None:
    for route in small_plan().routes:
        for trip in route.trips:
            moments = [trip.departs]
            for stop in trip.stops:
                assert stop.starts - stop.arrives == timedelta(seconds=stop.waits)
                moments += [stop.arrives, stop.starts, stop.leaves]
            moments.append(trip.returns)
            assert moments == sorted(moments)
            assert {moment.utcoffset() for moment in moments} == {timedelta(hours=7)}
            assert {moment.date() for moment in moments} == {DAY}


def test_a_stop_names_its_site_or_its_point() -> None:
    stops = {
        task.shipment: stop
        for route in small_plan().routes
        for trip in route.trips
        for stop in trip.stops
        for task in stop.tasks
    }
    assert (stops["D2"].site_id, stops["D2"].point) == ("UB-BD", None)
    assert (stops["R1"].site_id, stops["R1"].point) == (None, (105.418, 10.361))
    assert stops["D2"].tasks[0].action is Action.COLLECT


def test_the_path_of_a_trip_goes_from_base_to_base_through_its_stops() -> None:
    plan, network = small_plan(), small_day().network
    for route in plan.routes:
        base = network.site(route.base_id)
        for trip in route.trips:
            line = trip.path.coordinates
            assert line[0] == line[-1] == (base.lon, base.lat)
            for stop, index in zip(trip.stops, trip.path.stop_index, strict=True):
                site = network.site(stop.site_id) if stop.site_id else None
                assert line[index] == (stop.point or (site and (site.lon, site.lat)))
            assert list(trip.path.stop_index) == sorted(trip.path.stop_index)


def test_distances_of_the_stops_lead_to_that_of_the_trip() -> None:
    for route in small_plan().routes:
        for trip in route.trips:
            assert sum(stop.distance for stop in trip.stops) < trip.distance


def test_totals_are_the_sums_of_the_rounds() -> None:
    plan = small_plan()
    trips = [trip for route in plan.routes for trip in route.trips]
    assert plan.totals.distance == sum(trip.distance for trip in trips)
    assert plan.totals.stops == sum(len(trip.stops) for trip in trips)
    assert plan.totals.couriers == len(plan.routes)
    assert plan.totals.couriers_available == 3
    fixed = {"LX-1": 30_000, "LX-2": 80_000, "CD-1": 30_000}
    assert plan.totals.cost.fixed == sum(fixed[route.courier_id] for route in plan.routes)
    assert plan.totals.cost.total == pytest.approx(
        sum(route.cost.total for route in plan.routes) + plan.totals.cost.unfamiliar, abs=len(plan.routes) + 1
    )


def test_the_cost_of_a_round_is_that_of_its_kilometres_and_hours() -> None:
    route = next(route for route in small_plan().routes if route.courier_id == "CD-1")
    (trip,) = route.trips
    seconds = (trip.returns - trip.departs).total_seconds()
    assert route.cost.fixed == 30_000
    assert route.cost.distance == pytest.approx(1_200 * trip.distance / 1000, abs=0.51)
    assert route.cost.duration == pytest.approx(30_000 * seconds / 3600, abs=0.51)
    assert route.cost.overtime == 0


def test_the_name_of_a_plan_depends_on_its_inputs_only() -> None:
    prepared = small_day().prepare()
    first, second = greedy_plan(prepared), greedy_plan(prepared, answers_of(prepared))
    assert first == second
    assert first.plan_id.startswith("tinh-nho-20261116-")


def test_loads_follow_what_is_handed_over_and_taken() -> None:
    route = next(route for route in small_plan().routes if route.courier_id == "CD-1")
    (trip,) = route.trips
    assert (trip.load.pieces, trip.load.grams, trip.load.cash_dong) == (1, 200, 0)
    assert (trip.stops[0].load.pieces, trip.stops[0].load.cash_dong) == (0, 26_000)


def test_the_roads_are_called_synthetic() -> None:
    assert small_plan().network.roads.synthetic
    assert small_plan().network.valid_on == date(2026, 11, 16)
    assert isinstance(small_plan().created_at, datetime)


def test_the_schema_file_lies_in_the_package() -> None:
    assert json_schema.PATH.parent == Path(json_schema.__file__).parent
