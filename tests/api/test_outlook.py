"""What lies ahead of each shipment: how long it may wait, the line that brings it, the line it must catch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.network.model import Network
from api.network.reader import read_network
from api.plans.outlook import Outlook, journeys_from, outlooks
from api.plans.problems import build_groups
from api.plans.roads import load_roads
from api.plans.tasks import NotToday, sort_out
from api.shipments.model import Shipment
from api.shipments.reader import read_shipments
from routing.model import FOREVER, Action
from tests.api.network_files import Tables, small_network, small_shipments, write_folder, write_shipments

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 12, day) for day in (7, 8, 9))
HOUR = 3600


def with_lines() -> Tables:
    """Two bases; a line B2 -> B1 at noon and one in the evening, one B1 -> B2 before work."""
    tables = small_network()
    tables["couriers"][1]["reserve"] = "no"
    tables["lines"] += [
        {"line_id": "L", "run_id": "2", "stop_no": "1", "site_id": "B2", "depart": "12:00", "cut_off": "11:45"},
        {"line_id": "L", "run_id": "2", "stop_no": "2", "site_id": "B1", "arrive": "12:45"},
        {"line_id": "L", "run_id": "3", "stop_no": "1", "site_id": "B2", "depart": "17:45", "cut_off": "17:40"},
        {"line_id": "L", "run_id": "3", "stop_no": "2", "site_id": "B1", "arrive": "18:30"},
    ]
    return tables


def read(
    folder: Path, rows: list[dict[str, Any]], tables: Tables | None = None, day: date = MONDAY
) -> tuple[Network, tuple[Shipment, ...]]:
    network = read_network(write_folder(folder / "tinh", tables or with_lines()))
    return network, read_shipments(write_shipments(folder / "s.csv", rows), network, on=day).shipments


def dossier(**changes: str) -> dict[str, Any]:
    """From an address of B2 to the agency beside B1, which is open on weekdays."""
    return {**small_shipments()[1], "ready_at": "2026-12-04T10:00:00+07:00", **changes}


def result(**changes: str) -> dict[str, Any]:
    return {**small_shipments()[0], "ready_at": "2026-12-04T10:00:00+07:00", **changes}


def look(network: Network, shipments: tuple[Shipment, ...], day: date) -> dict[str, Outlook]:
    return outlooks(network.on(day), journeys_from(network, shipments, day), day)


def ahead(folder: Path, row: dict[str, Any], day: date = MONDAY) -> Outlook:
    network, shipments = read(folder, [row], day=day)
    return look(network, shipments, day)[row["code"]]


@pytest.mark.parametrize(
    ("due", "days_left", "latest_return"),
    [
        ("2026-12-09", 1, FOREVER),  # handed over on Wednesday, by Tuesday evening's line: it may wait until Tuesday
        ("2026-12-08", 0, 17 * HOUR + 40 * 60),  # by this evening's line at the latest
        ("2026-12-07", 0, FOREVER),  # late: the sooner the better, but tied to no line
    ],
)
def test_a_collection_is_tied_to_the_last_line_that_keeps_the_due_date(
    tmp_path: Path, due: str, days_left: int, latest_return: int
) -> None:
    tables = with_lines()
    tables["lines"] = [row for row in tables["lines"] if row["run_id"] != "2"]
    network, shipments = read(tmp_path, [dossier(due_on=due)], tables)
    found = look(network, shipments, MONDAY)[shipments[0].code]
    assert (found.days_left, found.latest_return, found.comes_to) == (days_left, latest_return, None)


def test_what_a_line_brings_today_is_delivered_when_it_is_sorted(tmp_path: Path) -> None:
    row = dossier(at_site="B2", due_on="2026-12-08")
    network, shipments = read(tmp_path, [row])
    (work,) = sort_out(network, shipments, MONDAY).works
    assert (work.action, work.base_id, work.release) == (Action.DELIVER, "B1", 13 * HOUR)  # 12:45 and 15 minutes
    assert work.wait.days_left == 1


def test_a_citizen_who_is_there_only_after_the_line_has_left_is_visited_the_day_before(tmp_path: Path) -> None:
    """The agency is open in the morning only: what is due on Thursday takes Wednesday's noon line."""
    tables = with_lines()
    tables["lines"] = [row for row in tables["lines"] if row["run_id"] == "2"]
    tables["sites"][2]["opening_hours"] = "Mo-Fr 07:00-11:30; PH off"
    rows = [dossier(code="any", due_on="2026-12-10"), dossier(code="late", due_on="2026-12-10", windows="14:00-16:00")]
    network, shipments = read(tmp_path, rows, tables)
    told = {day: look(network, shipments, day) for day in (MONDAY, WEDNESDAY)}
    assert {code: found.days_left for code, found in told[MONDAY].items()} == {"any": 2, "late": 1}
    assert told[WEDNESDAY]["any"].latest_return == 11 * HOUR + 45 * 60
    assert told[WEDNESDAY]["late"].latest_return == FOREVER  # it is lost, and goes all the same


def test_what_tomorrows_line_brings_as_well_is_tied_to_none_of_today(tmp_path: Path) -> None:
    found = ahead(tmp_path, dossier(due_on="2026-12-08"))  # the noon line, to be handed over on Tuesday afternoon
    assert (found.days_left, found.latest_return) == (0, FOREVER)


def test_what_a_line_brings_tomorrow_waits_for_it(tmp_path: Path) -> None:
    tables = with_lines()
    tables["lines"] = [row for row in tables["lines"] if row["run_id"] == "3"]
    network, shipments = read(tmp_path, [dossier(at_site="B2", due_on="2026-12-08")], tables)
    (left,) = sort_out(network, shipments, MONDAY).left
    assert (left.why, left.where) == (NotToday.LIES_ELSEWHERE, "B2 (L/3 07/12 17:40)")
    assert look(network, shipments, MONDAY)[shipments[0].code].days_left == 1


def test_what_is_fetched_today_is_handed_over_tomorrow_at_the_earliest(tmp_path: Path) -> None:
    """Both ends are served by B1: the last day to fetch it is the working day before it is due."""
    local = dossier(origin_commune="30307", origin_lon="105.431", origin_lat="10.384")
    for due, days_left in (("2026-12-11", 3), ("2026-12-09", 1), ("2026-12-08", 0)):
        assert ahead(tmp_path, {**local, "due_on": due}).days_left == days_left


def test_weekends_and_holidays_do_not_count_as_days_left(tmp_path: Path) -> None:
    friday = date(2026, 12, 4)
    row = result(due_on="2026-12-08")
    assert ahead(tmp_path, row, friday).days_left == 2  # Monday and Tuesday
    tables = {**with_lines(), "calendar": [{"date": "2026-12-07", "kind": "holiday", "name": "Lễ"}]}
    network, shipments = read(tmp_path / "holiday", [row], tables, friday)
    assert look(network, shipments, friday)[row["code"]].days_left == 1


def test_without_a_way_the_due_date_alone_decides(tmp_path: Path) -> None:
    tables = with_lines()
    tables["lines"] = []
    network, shipments = read(tmp_path, [dossier(due_on="2026-12-09")], tables)
    assert look(network, shipments, MONDAY) == {}
    (work,) = sort_out(network, shipments, MONDAY).works
    assert (work.action, work.wait.days_left, work.wait.latest_return) == (Action.COLLECT, 2, FOREVER)


def test_rows_that_come_into_force_before_the_due_date_count(tmp_path: Path) -> None:
    """The noon line and the evening line end with Monday; from Tuesday on one leaves in the morning."""
    tables = with_lines()
    for row in tables["lines"][2:]:
        row["valid_to"] = "2026-12-07"
    tables["lines"] += [
        {"line_id": "M", "run_id": "1", "stop_no": "1", "site_id": "B2", "depart": "06:00", "valid_from": "2026-12-08"},
        {"line_id": "M", "run_id": "1", "stop_no": "2", "site_id": "B1", "arrive": "07:00", "valid_from": "2026-12-08"},
    ]
    network, shipments = read(tmp_path, [dossier(due_on="2026-12-08")], tables)
    found = look(network, shipments, MONDAY)[shipments[0].code]
    assert (found.days_left, found.latest_return) == (0, FOREVER)  # back at any time today, for tomorrow's line
    assert look(network.on(MONDAY), shipments, MONDAY)[shipments[0].code].latest_return == 17 * HOUR + 40 * 60


def test_a_commune_that_must_be_visited_later_lets_the_others_wait_for_less(tmp_path: Path) -> None:
    """The second one becomes ready on Tuesday and is due then: somebody has to come on Tuesday anyway."""
    rows = [
        result(code="now", due_on="2026-12-09"),
        result(code="urgent", due_on="2026-12-07"),
        result(code="later", ready_at="2026-12-08T07:00:00+07:00", due_on="2026-12-08"),
    ]
    network, shipments = read(tmp_path, rows)
    waits = {work.shipment.code: work.wait for work in sort_out(network, shipments, MONDAY).works}
    assert {code: wait.is_visited_later for code, wait in waits.items()} == {"now": True, "urgent": False}
    alone = [shipment for shipment in shipments if shipment.code == "now"]
    assert [work.wait for work in sort_out(network, alone, MONDAY).works] == [
        replace(waits["now"], is_visited_later=False)
    ]


def test_what_is_late_already_has_a_way_over_tet(tmp_path: Path) -> None:
    """Offices are closed from Thursday the 4th to Wednesday the 10th of February 2027."""
    wednesday = date(2027, 2, 3)
    row = result(ready_at="2027-02-02T10:00:00+07:00", due_on="2027-02-02", at_site="")
    assert ahead(tmp_path, row, wednesday) == Outlook(days_left=0, fetched_by="B1")


GROUP = '[[plan_groups]]\nname = "G"\nbases = ["B2", "B3"]\n'


@pytest.mark.parametrize(
    ("dest", "is_bound"),
    [
        ({}, True),  # by a line that leaves from B2 only
        ({"dest_site": "B2"}, True),
        ({"dest_site": "CQ3"}, False),  # both bases hand over there
    ],
)
def test_only_what_rounds_hand_over_may_be_fetched_by_another_base_of_the_group(
    tmp_path: Path, dest: dict[str, str], is_bound: bool
) -> None:
    tables = with_lines()
    tables["sites"].append({**tables["sites"][1], "site_id": "B3", "lon": "105.1212", "lat": "10.7012"})
    tables["sites"].append({**tables["sites"][1], "site_id": "CQ3", "kind": "agency"})
    tables["couriers"].append({"courier_id": "C3", "name": "Ba", "base_id": "B3"})
    network = read_network(write_folder(tmp_path / "tinh", tables, GROUP))
    rows = [dossier(due_on="2026-12-08", **dest)]
    shipments = read_shipments(write_shipments(tmp_path / "s.csv", rows), network, on=MONDAY).shipments
    (work,) = sort_out(network, shipments, MONDAY).works
    assert (work.action, work.base_id, work.is_bound) == (Action.COLLECT, "B2", is_bound)
    (group,) = build_groups(network.on(MONDAY), [work], load_roads(network, MONDAY), MONDAY)
    assert group.problem.shipments[0].depot == (group.bases.index("B2") if is_bound else None)


def test_no_round_drives_to_another_base_of_the_group_what_a_line_takes_there(tmp_path: Path) -> None:
    tables, group = with_lines(), GROUP.replace("B3", "B1")
    rows = [{**small_shipments()[2], "ready_at": "2026-12-04T10:00:00+07:00", "due_on": "2026-12-07"}]  # B1 to B2
    for lines, works, left in ((tables["lines"], [], [NotToday.LIES_ELSEWHERE]), ([], [(Action.DELIVER, "B1")], [])):
        network = read_network(write_folder(tmp_path / str(len(lines)), {**tables, "lines": lines}, group))
        shipments = read_shipments(write_shipments(tmp_path / "s.csv", rows), network, on=MONDAY).shipments
        found = sort_out(network, shipments, MONDAY)
        assert [(work.action, work.base_id) for work in found.works] == works
        assert [other.why for other in found.left] == left
