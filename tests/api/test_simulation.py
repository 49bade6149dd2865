"""Simulated days of a small province, followed by hand: custody, invitations, storage, returns, blame, reserves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.errors import InputError, NotFoundError
from api.network.settings import CALM, Reality
from api.simulation.away import Absence, parse_absence
from api.simulation.ledger import DONE, CustodyError, Event, EventType, Holder, Holding, Ledger
from api.simulation.run import frozen
from geo.units import load_communes
from tests.api.network_files import Tables, small_network, small_shipments, write_folder, write_shipments
from tests.api.simulated import Run, read, run
from tests.effort import draws

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 12, day) for day in (7, 8, 9, 10, 11))
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOBODY_HOME = replace(CALM, nobody_home=1.0)


def tables() -> Tables:
    """Bases B1 and B2 with a courier each, and a line both ways in the evening and the morning."""
    found = small_network()
    found["couriers"][1]["reserve"] = "no"
    found["lines"] += [
        {"line_id": "L", "run_id": "2", "stop_no": "1", "site_id": "B2", "depart": "18:00", "cut_off": "17:50"},
        {"line_id": "L", "run_id": "2", "stop_no": "2", "site_id": "B1", "arrive": "18:50"},
    ]
    return found


def dossier(code: str = "I1", **changes: Any) -> dict[str, Any]:
    """From an address of B2 to the agency beside B1."""
    row = {**small_shipments()[1], "code": code, "ready_at": "2026-12-07T06:00:00+07:00", "due_on": "2026-12-10"}
    return {**row, **changes}


def result(code: str = "R1", **changes: Any) -> dict[str, Any]:
    """From the agency beside B1 to an address of B1."""
    row = {**small_shipments()[0], "code": code, "at_site": "", "windows": "", "ready_at": "2026-12-07T06:00:00+07:00"}
    return {**row, "due_on": "2026-12-10", **changes}


def simulate(
    folder: Path, rows: Iterable[dict[str, Any]], last: date = FRIDAY, network: Tables | None = None, **options: Any
) -> Run:
    files = write_folder(folder / "tinh", network or tables()), write_shipments(folder / "s.csv", list(rows))
    return run(folder / "run", *read(*files, MONDAY), MONDAY, last, **options)


def test_a_dossier_goes_by_round_line_and_round_and_its_custody_is_told(tmp_path: Path) -> None:
    found = simulate(tmp_path, [dossier(due_on="2026-12-08")])
    events = found.events("I1")
    assert [(kind, name) for _, kind, name in events] == [
        ("ACCEPT", "C2"), ("ARRIVE", "B2"), ("DEPART", "L/2"), ("ARRIVE", "B1"), ("OUT", "C1"), ("HAND_AGENCY", ""),
    ]  # fmt: skip
    assert [moment for moment, _, _ in events][2:4] == ["07 17:50", "07 18:50"]
    row = found.row("I1")
    assert row["legs"] == "collect B2; line L/2; deliver B1"
    assert (row["outcome"], row["against_due"]) == ("delivered", "on_the_day")
    assert (found.balance.accepted, found.balance.delivered, found.balance.in_custody) == (1, 1, 0)


def test_nothing_goes_before_its_last_day_alone_and_everything_goes_at_once_day_by_day(tmp_path: Path) -> None:
    far = dossier(due_on="2026-12-11", origin_lon="105.16", origin_lat="10.72")  # further than its price of waiting
    waits, at_once = (
        simulate(tmp_path / name, [far], batching=batching) for name, batching in (("a", True), ("b", False))
    )
    assert waits.events("I1")[0][0].startswith("10 ")  # Thursday, for Friday
    assert at_once.events("I1")[0][0].startswith("07 ")


def test_a_day_kept_in_hand_is_a_day_earlier(tmp_path: Path) -> None:
    far = dossier(due_on="2026-12-11", origin_lon="105.16", origin_lat="10.72")
    assert simulate(tmp_path, [far], spare_days=1).events("I1")[0][0].startswith("09 ")


def test_who_is_not_met_is_invited_twice_then_the_paper_is_kept_and_goes_back(tmp_path: Path) -> None:
    """A town keeps it 15 days from the first invitation."""
    found = simulate(tmp_path, [result()], date(2026, 12, 31), reality=NOBODY_HOME, batching=False)
    assert [(moment[:2], kind, name) for moment, kind, name in found.events("R1")] == [
        ("07", "COLLECT_RESULT", "C1"), ("07", "ARRIVE", "B1"),
        ("08", "OUT", "C1"), ("08", "ATTEMPT", "C1"), ("08", "ARRIVE", "B1"), ("08", "INVITE_1", "B1"),
        ("10", "OUT", "C1"), ("10", "ATTEMPT", "C1"), ("10", "ARRIVE", "B1"), ("10", "INVITE_2", "B1"),
        ("10", "HOLD", "B1"),
        ("24", "RETURN_START", "B1"), ("25", "OUT", "C1"), ("25", "RETURN_DONE", ""),
    ]  # fmt: skip
    row = found.row("R1")
    assert (row["outcome"], row["blame"], row["tries"], row["invitations"]) == ("returned", "citizen", "2", "2")
    assert (found.balance.returned, found.balance.in_custody) == (1, 0)


def test_a_rural_commune_keeps_it_30_days(tmp_path: Path) -> None:
    commune = next(unit for unit in load_communes(MONDAY) if unit.province_code == "91" and unit.kind == "xã")
    rural = {"dest_commune": commune.code, "dest_lon": str(commune.lon), "dest_lat": str(commune.lat)}
    network = tables()
    network["areas"].append({"commune_code": commune.code, "base_id": "B1"})
    found = simulate(tmp_path, [result(**rural)], date(2027, 1, 20), network, reality=NOBODY_HOME, batching=False)
    events = {kind: moment for moment, kind, _ in found.events("R1")}
    assert events["HOLD"].startswith("10 ")
    assert events["RETURN_START"].startswith("08 ")  # the day after 8 December and 30 days


def test_what_is_refused_goes_back_at_once(tmp_path: Path) -> None:
    found = simulate(tmp_path, [result()], reality=replace(CALM, refused=1.0), batching=False)
    assert found.types("R1")[-6:] == ["OUT", "ATTEMPT", "ARRIVE", "RETURN_START", "OUT", "RETURN_DONE"]
    assert found.row("R1")["outcome"] == "returned"


def test_who_is_invited_may_fetch_it_at_the_counter(tmp_path: Path) -> None:
    reality = replace(NOBODY_HOME, fetched_a_day=1.0)
    found = simulate(tmp_path, [result()], reality=reality, batching=False)
    assert found.events("R1")[-1] == ("09 16:00", "DELIVER", "")  # the day after the invitation


def test_a_citizen_who_is_not_met_at_the_pickup_is_to_blame(tmp_path: Path) -> None:
    found = simulate(tmp_path, [dossier(due_on="2026-12-09")], reality=NOBODY_HOME)
    row = found.row("I1")
    assert (row["outcome"], row["blame"], row["blame_why"]) == ("open", "citizen", "absent")


def test_what_lies_at_its_destination_when_the_run_begins_is_handed_over(tmp_path: Path) -> None:
    found = simulate(tmp_path, [dossier(at_site="CQ1")])
    assert found.types("I1") == ["ACCEPT", "HAND_AGENCY"]


def test_agencies_are_never_away_and_what_goes_back_is_not_paid_for(tmp_path: Path) -> None:
    found = simulate(tmp_path, [result()], date(2026, 12, 31), reality=NOBODY_HOME, batching=False)
    assert found.simulation.state.ledger.returned == 1


def test_a_near_base_of_the_group_fetches_nothing_that_a_line_takes_on_from_another(tmp_path: Path) -> None:
    """B3 stands beside the citizen, but the line leaves from B2."""
    network = tables()
    network["sites"].append({**network["sites"][1], "site_id": "B3", "lon": "105.1212", "lat": "10.7012"})
    network["couriers"].append({"courier_id": "C3", "name": "Ba", "base_id": "B3"})
    group = '[[plan_groups]]\nname = "G"\nbases = ["B2", "B3"]\n'
    files = write_folder(tmp_path / "tinh", network, group), write_shipments(tmp_path / "s.csv", [dossier()])
    found = run(tmp_path / "run", *read(*files, MONDAY), MONDAY, FRIDAY)
    assert found.row("I1")["legs"] == "collect B2; line L/2; deliver B1"
    assert found.row("I1")["against_due"] in ("early", "on_the_day")


def test_the_reserve_takes_over_and_keeps_the_due_dates(tmp_path: Path) -> None:
    network = tables()
    network["couriers"].append({"courier_id": "C9", "name": "Dự bị", "base_id": "B1", "reserve": "yes"})
    found = simulate(tmp_path, [result(due_on="2026-12-08")], network=network, away=("C1@2026-12-07..2026-12-09",))
    assert {(row["courier_id"], row["reserve"]) for row in found.rows("rounds.csv")} == {("C9", "yes")}
    assert found.row("R1")["against_due"] == "on_the_day"


def test_without_a_reserve_what_fails_names_the_leg_the_base_and_why(tmp_path: Path) -> None:
    found = simulate(tmp_path, [result(due_on="2026-12-08")], away=("C1@2026-12-07..2026-12-08",))
    row = found.row("R1")
    blame = row["blame"], row["blame_leg"], row["blame_where"], row["blame_why"]
    assert blame == ("post", "collect", "B1", "no_courier")
    assert (row["against_due"], row["days_late"]) == ("late", "2")


def test_a_reserve_is_called_where_something_must_go_and_cannot(tmp_path: Path) -> None:
    """Eighty results for eighty doors on one day are too many for one courier."""
    network = tables()
    network["couriers"].append({"courier_id": "C9", "name": "Dự bị", "base_id": "B1", "reserve": "yes"})
    rows = [
        result(f"R{n}", at_site="B1", due_on="2026-12-07", dest_lon=f"{105.40 + n % 9 * 0.006:.4f}",
               dest_lat=f"{10.36 + n // 9 * 0.006:.4f}")
        for n in range(80)
    ]  # fmt: skip
    found = simulate(tmp_path, rows, MONDAY, network)
    assert {row["courier_id"] for row in found.rows("rounds.csv")} == {"C1", "C9"}
    alone = simulate(tmp_path / "alone", rows, MONDAY)
    assert len(found.rows("shipments.csv")) > len(alone.rows("shipments.csv"))


@pytest.mark.slow
def test_a_line_that_comes_late_is_named(tmp_path: Path) -> None:
    """It is ten hours late on average: on some days it comes after the last round has left."""
    rows = [
        dossier(f"I{n}", ready_at=f"2026-12-{7 + n:02}T06:00:00+07:00", due_on=f"2026-12-{8 + n:02}") for n in range(4)
    ]
    reality, last = replace(CALM, line_delay_minutes=600.0), date(2026, 12, 15)
    runs = [simulate(tmp_path / str(seed), rows, last, reality=reality, seed=seed) for seed in range(4)]
    late = [row for found in runs for row in found.rows("shipments.csv") if row["against_due"] == "late"]
    assert late
    assert {(row["blame"], row["blame_leg"], row["blame_where"], row["blame_why"]) for row in late} == {
        ("post", "line", "L/2", "late")
    }


def test_an_agency_that_is_late_is_told_apart_from_the_post(tmp_path: Path) -> None:
    rows = [
        result("early", appointment_on="2026-12-08"), result("day", appointment_on="2026-12-07"),
        result("late", appointment_on="2026-12-04"),
        result("open", appointment_on="2026-12-04", ready_at="2026-12-30T08:00:00+07:00", due_on="2026-12-31"),
    ]  # fmt: skip
    found = simulate(tmp_path, rows)
    assert {code: found.row(code)["against_appointment"] for code in ("early", "day", "late", "open")} == {
        "early": "early", "day": "on_the_day", "late": "late", "open": "open",
    }  # fmt: skip
    assert found.row("open")["outcome"] == "not_ready"


def test_a_promise_that_no_way_could_keep_is_nobodys_leg(tmp_path: Path) -> None:
    found = simulate(tmp_path, [dossier(due_on="2026-12-07")])
    row = found.row("I1")
    assert (row["blame"], row["blame_leg"]) == ("promise", "")


def test_backlog_is_carried_over_the_end_of_the_year(tmp_path: Path) -> None:
    rows = [result(ready_at="2026-12-31T15:00:00+07:00", due_on="2027-01-06")]
    files = write_folder(tmp_path / "tinh", tables()), write_shipments(tmp_path / "s.csv", rows)
    first, last = date(2026, 12, 31), date(2027, 1, 8)
    found = run(tmp_path / "run", *read(*files, first), first, last)
    days = {row["day"]: row for row in found.rows("days.csv")}
    assert days["2026-12-31"]["not_accepted"] == days["2027-01-01"]["not_accepted"] == "1"
    assert found.row("R1")["against_due"] in ("early", "on_the_day")


def test_papers_under_way_get_the_communes_of_the_reform(tmp_path: Path) -> None:
    """30 June and 1 July 2025: old Mỹ Bình (30280) became part of Long Xuyên (30307)."""
    network = tables()
    network["areas"][0]["commune_code"] = "30280"
    for row in network["sites"]:
        if row["commune_code"] == "30307":
            row["commune_code"] = "30280"
    first, last = date(2025, 6, 30), date(2025, 7, 4)
    rows = [result(ready_at="2025-06-30T06:00:00+07:00", due_on="2025-07-04", dest_commune="30280")]
    files = write_folder(tmp_path / "tinh", network), write_shipments(tmp_path / "s.csv", rows)
    found = run(tmp_path / "run", *read(*files, first), first, last)
    assert found.row("R1")["outcome"] == "delivered"
    assert found.events("R1")[-1][0] > "01 "


def test_each_paper_is_read_as_of_the_day_on_which_it_becomes_ready(tmp_path: Path) -> None:
    """An agency that opens on Wednesday sends nothing on Tuesday."""
    network = tables()
    network["sites"].append({**network["sites"][2], "site_id": "CQ2", "valid_from": "2026-12-09"})
    later = result("later", origin_site="CQ2", ready_at="2026-12-09T06:00:00+07:00", due_on="2026-12-11")
    assert simulate(tmp_path, [later], network=network).row("later")["outcome"] == "delivered"
    early = {**later, "ready_at": "2026-12-08T06:00:00+07:00"}
    with pytest.raises(InputError, match="CQ2"):
        simulate(tmp_path / "early", [early], network=network)


def test_codes_of_the_reform_may_stand_in_a_file_that_begins_before_it(tmp_path: Path) -> None:
    network = tables()
    network["areas"][0]["commune_code"] = "30280"
    for row in network["sites"]:
        if row["commune_code"] == "30307":
            row["commune_code"] = "30280"
    first, last = date(2025, 6, 30), date(2025, 7, 4)
    rows = [
        result("old", ready_at="2025-06-30T06:00:00+07:00", due_on="2025-07-03", dest_commune="30280"),
        result("new", ready_at="2025-07-01T06:00:00+07:00", due_on="2025-07-03", dest_commune="30307"),
    ]
    files = write_folder(tmp_path / "tinh", network), write_shipments(tmp_path / "s.csv", rows)
    found = run(tmp_path / "run", *read(*files, first), first, last)
    assert {found.row(code)["outcome"] for code in ("old", "new")} == {"delivered"}


def test_a_frozen_network_is_that_of_one_day_on_every_day(tmp_path: Path) -> None:
    network = tables()
    network["couriers"][0]["valid_to"] = "2026-12-07"
    network["couriers"].append({"courier_id": "C8", "name": "Mới", "base_id": "B1", "valid_from": "2026-12-08"})
    files = write_folder(tmp_path / "tinh", network), write_shipments(tmp_path / "s.csv", [result()])
    province, shipments = read(*files, MONDAY)
    for day, courier in ((MONDAY, "C1"), (TUESDAY, "C8")):
        found = run(tmp_path / courier, frozen(province, day), shipments, MONDAY, FRIDAY)
        assert {row["courier_id"] for row in found.rows("rounds.csv")} == {courier}
    dated = run(tmp_path / "dated", province, shipments, MONDAY, FRIDAY, batching=False)
    assert {row["courier_id"] for row in dated.rows("rounds.csv")} == {"C1", "C8"}


def test_what_lies_at_an_office_that_gave_up_its_couriers_is_fetched_by_those_who_took_over(tmp_path: Path) -> None:
    """B1 hands its commune over to B3 on Wednesday, stays open, and sends nobody out any more."""
    network = tables()
    network["couriers"][0]["valid_to"] = network["areas"][0]["valid_to"] = "2026-12-08"
    network["sites"].append({**network["sites"][0], "site_id": "B3", "name": "Bưu cục Ba", "lon": "105.435"})
    network["areas"].append({"commune_code": "30307", "base_id": "B3", "valid_from": "2026-12-09"})
    network["couriers"].append({"courier_id": "C3", "name": "Ba", "base_id": "B3", "valid_from": "2026-12-09"})
    found = simulate(tmp_path, [result(at_site="B1", due_on="2026-12-11")], network=network, away=("C1",))
    assert found.row("R1")["against_due"] in ("early", "on_the_day")
    assert [(kind, name) for _, kind, name in found.events("R1")] == [
        ("ACCEPT", "B1"), ("OUT", "C3"), ("ARRIVE", "B3"), ("OUT", "C3"), ("DELIVER", ""),
    ]  # fmt: skip


def test_a_site_that_is_gone_while_papers_lie_there_is_named(tmp_path: Path) -> None:
    network = tables()
    network["sites"][2]["valid_to"] = "2026-12-08"
    with pytest.raises(NotFoundError, match=r"R1 .*CQ1"):
        simulate(tmp_path, [result(ready_at="2026-12-08T16:59:00+07:00")], network=network)  # too late for a round


@pytest.mark.slow
def test_the_same_seed_gives_the_same_days(tmp_path: Path) -> None:
    rows = [result(f"R{n}") for n in range(6)] + [dossier(f"I{n}") for n in range(6)]
    one, other, third = (
        simulate(tmp_path / name, rows, reality=Reality(), seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert (one.folder / "events.csv").read_bytes() == (other.folder / "events.csv").read_bytes()
    assert (one.folder / "events.csv").read_bytes() != (third.folder / "events.csv").read_bytes()


share = st.sampled_from([0.0, 0.1, 0.5, 1.0])


@pytest.mark.slow
@settings(
    max_examples=draws(10, 200), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_custody_is_never_broken(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """However bad the days are: a recount from the events' file alone holds at every instant."""
    reality = Reality(
        travel_noise=data.draw(st.sampled_from([0.0, 0.3, 1.0])),
        day_noise=data.draw(st.sampled_from([0.0, 0.5])),
        service_noise=data.draw(st.sampled_from([0.0, 1.0])),
        line_delay_minutes=data.draw(st.sampled_from([0.0, 30.0, 600.0])),
        courier_absent=data.draw(share),
        nobody_home=data.draw(share),
        refused=data.draw(share),
        fetched_a_day=data.draw(share),
    )
    ready = st.integers(0, 6).map(lambda day: f"2026-12-{7 + day:02}")
    hour = st.integers(0, 23).map(lambda hour: f"T{hour:02}:30:00+07:00")
    rows = [
        (result if data.draw(st.booleans()) else dossier)(
            f"S{n}", ready_at=data.draw(ready) + data.draw(hour), due_on=f"2026-12-{14 + data.draw(st.integers(0, 4))}"
        )
        for n in range(data.draw(st.integers(1, 12)))
    ]
    last = MONDAY + timedelta(days=data.draw(st.integers(5, 40)))
    found = simulate(
        tmp_path_factory.mktemp("run"), rows, last, reality=reality, seed=data.draw(st.integers(0, 99)),
        batching=data.draw(st.booleans()),
    )  # fmt: skip
    balance, ledger = found.balance, found.simulation.state.ledger
    assert balance.accepted == balance.delivered + balance.returned + balance.in_custody
    assert (ledger.accepted, ledger.delivered, ledger.returned, ledger.in_custody) == (
        balance.accepted, balance.delivered, balance.returned, balance.in_custody,
    )  # fmt: skip
    told = [*found.rows("shipments.csv"), *found.rows("open.csv")]
    assert sorted(row["code"] for row in told) == sorted(row["code"] for row in rows)


# The ledger itself.


def _event(kind: EventType, holder: Holder, minute: int = 0) -> Event:
    return Event(datetime(2026, 12, 7, 8, minute, tzinfo=ZONE), "S1", kind, holder)


SITE, COURIER = Holder(Holding.SITE, "B1"), Holder(Holding.COURIER, "C1")


@pytest.mark.parametrize(
    "events",
    [
        [_event(EventType.OUT, COURIER)],
        [_event(EventType.ACCEPT, SITE), _event(EventType.ACCEPT, SITE)],
        [_event(EventType.ACCEPT, SITE), _event(EventType.ARRIVE, SITE)],
        [_event(EventType.ACCEPT, SITE), _event(EventType.OUT, SITE)],
        [_event(EventType.ACCEPT, SITE), _event(EventType.HOLD, COURIER)],
        [_event(EventType.ACCEPT, SITE), _event(EventType.HOLD, Holder(Holding.SITE, "B2"))],
        [_event(EventType.ACCEPT, COURIER), _event(EventType.INVITE_1, COURIER)],
        [_event(EventType.ACCEPT, SITE, 5), _event(EventType.OUT, COURIER, 4)],
        [_event(EventType.ACCEPT, SITE), _event(EventType.DELIVER, DONE), _event(EventType.OUT, COURIER)],
        [_event(EventType.ACCEPT, DONE)],
    ],
)
def test_a_ledger_refuses_what_cannot_have_happened(events: list[Event]) -> None:
    ledger = Ledger()
    for event in events[:-1]:
        ledger.record(event)
    with pytest.raises(CustodyError):
        ledger.record(events[-1])
    ledger.require_balance()


def test_a_balance_that_does_not_hold_is_a_fault() -> None:
    with pytest.raises(CustodyError, match="accepted 2"):
        Ledger(accepted=2, delivered=1).require_balance()


@pytest.mark.parametrize(
    ("text", "absence"),
    [
        ("C1", Absence("C1")),
        ("C1@2026-12-07", Absence("C1", MONDAY, MONDAY)),
        ("C1@2026-12-07..2026-12-09", Absence("C1", MONDAY, WEDNESDAY)),
    ],
)
def test_absences_are_read(text: str, absence: Absence) -> None:
    assert parse_absence(text) == absence


@pytest.mark.parametrize("text", ["", "C 1", "C1@", "C1@2026-13-01", "C1@2026-12-09..2026-12-07", "C1@2026-12-07.."])
def test_absences_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_absence(text)
