"""From a day's files to routing problems: who must do what, where, when, and for how much."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from api.errors import InputError
from api.network.reader import read_network
from api.network.rows import Courier
from api.plans.problems import COST_UNITS_PER_DONG, PlanGroup, build_groups
from api.plans.tasks import NotToday, Work, sort_out
from api.shipments.reader import read_shipments
from geo.ferries import Ferry
from geo.roads import Roads
from routing.model import FOREVER, Action, Break, TimeWindow
from tests.api.small_day import DAY, small_day, write_small_day


def _works(crew: Sequence[Courier] | None = None) -> tuple[Work, ...]:
    day = small_day()
    return sort_out(day.network, day.shipments.shipments, DAY, crew=crew).works


def _work(code: str) -> Work:
    works = _works()
    return next(work for work in works if work.shipment.code == code)


def _group(name: str) -> PlanGroup:
    return next(group for group in small_day().prepare().groups if group.name == name)


def test_every_shipment_makes_a_task_or_has_a_reason() -> None:
    day = small_day()
    work = sort_out(day.network, day.shipments.shipments, DAY)
    codes = [w.shipment.code for w in work.works] + [left.shipment.code for left in work.left]
    assert sorted(codes) == sorted(s.code for s in day.shipments.shipments)


def test_the_stated_rule_decides_what_is_done_today() -> None:
    day = small_day()
    work = sort_out(day.network, day.shipments.shipments, DAY)
    assert {w.shipment.code: (w.action, w.base_id) for w in work.works} == {
        "R1": (Action.DELIVER, "BC-LX"),
        "R2": (Action.DELIVER, "BC-LX"),
        "R3": (Action.DELIVER, "BC-LX"),
        "R4": (Action.DELIVER, "BC-CD"),
        "D1": (Action.COLLECT, "BC-LX"),
        "D2": (Action.COLLECT, "BC-LX"),
    }
    assert {left.shipment.code: left.why for left in work.left} == {
        "W1": NotToday.NOT_READY,
        "W2": NotToday.LIES_ELSEWHERE,
        "W3": NotToday.AT_DESTINATION,
        "W4": NotToday.CLOSED,
    }


def test_a_closed_door_is_told_by_its_shipment_not_by_a_citizens_address() -> None:
    day = small_day()
    left = next(left for left in sort_out(day.network, day.shipments.shipments, DAY).left if left.shipment.code == "W4")
    assert left.shipment.origin_address == "7 Lý Thái Tổ"
    assert left.where == "W4"


def test_a_base_whose_couriers_are_all_in_reserve_has_nobody() -> None:
    day = small_day()
    rows = replace(
        day.network.rows, couriers=tuple(replace(c, reserve=c.base_id == "BC-CD") for c in day.network.couriers)
    )
    network = replace(day.network, rows=rows)
    left = sort_out(network, day.shipments.shipments, DAY).left
    assert NotToday.NO_COURIER in {item.why for item in left if item.shipment.code == "R4"}
    called = sort_out(network, day.shipments.shipments, DAY, crew=network.crew(with_reserve=True))
    assert "R4" in {work.shipment.code for work in called.works}


def test_a_shipment_for_a_base_of_the_same_plan_group_is_delivered_from_where_it_lies() -> None:
    day = small_day()
    shipment = next(s for s in day.shipments.shipments if s.code == "R4")
    moved = replace(shipment, at_site="BC-LX")
    assert sort_out(day.network, [moved], DAY).left[0].why is NotToday.LIES_ELSEWHERE
    network = replace(day.network)
    network.__dict__["groups"] = (("all", ("BC-CD", "BC-LX")),)
    assert sort_out(network, [moved], DAY).works[0].base_id == "BC-LX"


def test_a_partner_of_a_base_without_couriers_fetches_for_it() -> None:
    day = small_day()
    crew = [courier for courier in day.network.crew() if courier.base_id == "BC-CD"]
    dossier = [shipment for shipment in day.shipments.shipments if shipment.code == "D2"]
    assert sort_out(day.network, dossier, DAY, crew=crew).left[0].why is NotToday.NO_COURIER
    network = replace(day.network)
    network.__dict__["groups"] = (("all", ("BC-CD", "BC-LX")),)
    assert sort_out(network, dossier, DAY, crew=crew).works[0].base_id == "BC-LX"


def test_a_desk_is_served_when_a_hand_over_ends_before_it_closes() -> None:
    handover = 6 * 60 + 30  # set-up and one item at a one-stop desk
    assert _work("D2").windows == (
        TimeWindow(7 * 3600, 11 * 3600 + 1800 - handover),
        TimeWindow(13 * 3600 + 1800, 17 * 3600 - handover),
    )


def test_the_windows_of_a_citizen_hold_at_the_door() -> None:
    assert _work("R2").windows == (TimeWindow(8 * 3600, 10 * 3600), TimeWindow(14 * 3600, 16 * 3600))
    assert _work("R1").windows == (TimeWindow(0, FOREVER),)


def test_a_delivery_is_released_when_it_reaches_the_base_and_a_collection_begins_when_ready() -> None:
    assert _work("R3").release == 9 * 3600 + 1800
    assert _work("R1").release == 0
    assert _work("D1").windows[0].early == 8 * 3600
    assert _work("D1").release == 0


def test_what_is_due_today_or_overdue_must_go() -> None:
    day = small_day()
    groups = build_groups(day.network, _works(), day.roads, DAY)
    pairs = [pair for group in groups for pair in zip(group.works, group.problem.shipments, strict=True)]
    assert {work.shipment.code for work, shipment in pairs if shipment.must_go} == {"R1", "R3", "R4", "D2"}
    overdue = replace(_work("R2").shipment, due_on=DAY - timedelta(days=3))
    assert sort_out(day.network, [overdue], DAY).works[0].wait.days_left < 0


def test_money_is_taken_at_the_citizens_end_only() -> None:
    shipments = {
        w.shipment.code: s for w, s in zip(_group("BC-LX").works, _group("BC-LX").problem.shipments, strict=True)
    }
    assert shipments["R1"].load == (1, 200, 0)
    assert shipments["R1"].collected == (0, 0, 76_000)
    assert shipments["D1"].load == (1, 200, 56_000)
    assert shipments["D1"].collected == ()


def test_prices_become_whole_cost_units() -> None:
    vehicle = _group("BC-LX").problem.vehicle_types[0]
    assert vehicle.fixed_cost == 30_000 * COST_UNITS_PER_DONG
    assert vehicle.unit_distance_cost * 1000 == 1_200 * COST_UNITS_PER_DONG
    assert vehicle.unit_duration_cost * 3600 == 30_000 * COST_UNITS_PER_DONG
    assert vehicle.unit_overtime_cost * 3600 == 15_000 * COST_UNITS_PER_DONG


def test_a_courier_is_one_vehicle_with_shift_break_trips_and_limits() -> None:
    group = _group("BC-LX")
    assert [courier.courier_id for courier in group.couriers] == ["LX-1", "LX-2"]
    first, second = group.problem.vehicle_types
    assert (first.num_available, first.max_trips, first.reload_duration) == (1, 2, 900)
    assert (first.tw_early, first.tw_late, first.max_overtime) == (7 * 3600, 17 * 3600 + 1800, 3600)
    assert first.breaks == (Break(3600, 11 * 3600, 13 * 3600 + 1800),)
    assert first.capacity == (60, 30_000, 20_000_000)
    assert first.profile != second.profile


def test_only_couriers_who_may_check_identities_get_such_shipments() -> None:
    group = _group("BC-LX")
    checked = next(s for w, s in zip(group.works, group.problem.shipments, strict=True) if w.shipment.code == "R2")
    able = [
        c.courier_id
        for c, v in zip(group.couriers, group.problem.vehicle_types, strict=True)
        if checked.skills <= v.skills
    ]
    assert checked.skills
    assert able == ["LX-1"]


def test_couriers_know_their_communes() -> None:
    group = _group("BC-LX")
    known = group.problem.vehicle_types[0].zones
    assert {
        place.commune_code for place, stop in zip(group.places, group.problem.stops, strict=True) if stop.zone in known
    } == {"30307"}
    assert group.problem.vehicle_types[1].zones == frozenset()


def test_reserve_couriers_drive_only_when_asked() -> None:
    day = small_day()
    couriers = [c.courier_id for g in build_groups(day.network, _works(), day.roads, DAY) for c in g.couriers]
    assert "LX-9" not in couriers
    everybody = day.network.crew(with_reserve=True)
    asked = build_groups(day.network, _works(everybody), day.roads, DAY, crew=everybody)
    assert "LX-9" in [c.courier_id for g in asked for c in g.couriers]


def test_shipments_for_one_door_share_a_stop_and_a_location() -> None:
    day = small_day()
    first = next(s for s in day.shipments.shipments if s.code == "R1")
    shipments = replace(day.shipments, shipments=(first, replace(first, code="R1b")))
    works = sort_out(day.network, shipments.shipments, DAY).works
    (group,) = build_groups(day.network, works, day.roads, DAY)
    assert len(group.problem.shipments) == 2
    assert len(group.problem.stops) == 1
    assert group.problem.num_locations == 2


def test_a_door_far_from_every_road_is_named_with_file_row_column_and_distance(tmp_path: Path) -> None:
    network_path, shipments_path = write_small_day(tmp_path)
    with shipments_path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"dest_lon": "104.9", "dest_lat": "10.2"}
    with shipments_path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    network = read_network(network_path).on(DAY)
    shipments = read_shipments(shipments_path, network, on=DAY)
    works = sort_out(network, shipments.shipments, DAY).works
    with pytest.raises(InputError) as caught:
        build_groups(network, works, small_day().roads, DAY)
    (row,) = caught.value.rows
    assert (row.file, row.row, row.column, row.code) == ("shipments.csv", 2, "dest_lon", "no_road")
    assert "km" in row.message_vi
    assert "km from the nearest road" in row.message_en


def test_on_a_public_holiday_desks_are_closed() -> None:
    day = small_day()
    tet = date(2027, 2, 8)
    intake = next(s for s in day.shipments.shipments if s.code == "D2")
    (left,) = sort_out(day.network, [intake], tet).left
    assert left.why is NotToday.CLOSED


@pytest.mark.parametrize("closes", [18 * 3600 + 1740, 18 * 3600 + 1800])
def test_ferry_must_run_until_the_last_overtime_is_over(closes: int) -> None:
    day = small_day()
    graph = day.roads["motorbike"]
    hours = f"Mo-Su 05:00-{closes // 3600}:{closes % 3600 // 60}"
    ferry = Ferry(7, "Phà", hours, {"motorbike": 60}, {"motorbike": 60})
    crossed = replace(graph, way=np.where(np.arange(graph.num_arcs) == 0, 7, 0))  # its first arc is the ferry
    roads = Roads({**day.roads.graphs, "motorbike": crossed}, "", "", synthetic=True, ferries=(ferry,))
    told = set()
    for group in build_groups(day.network, _works(), roads, DAY):
        last = max(courier.shift.end + 60 * courier.max_overtime_minutes for courier in group.couriers)
        arcs = [network.graph.num_arcs for network in group.travel.networks if network.graph.profile == "motorbike"]
        assert arcs == [graph.num_arcs - (last > closes)]
        told.add((last > 17.5 * 3600, last > closes))
    assert (True, closes < 18.5 * 3600) in told  # somebody works overtime beyond 17:30
