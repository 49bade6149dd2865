"""Windows of the day's stops and calls of its lines, computed by hand on the small province."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from api.network.reader import read_network
from api.plans.times import DayTimes, LineCall, TaskTimes, day_times
from api.shipments.reader import read_shipments
from tests.api.network_files import small_shipments, write_folder, write_shipments
from tests.api.small_day import DAY, small_day
from tests.api.test_journeys import with_lines_back

FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)


def of_small_day() -> dict[str, TaskTimes]:
    day = small_day()
    return {one.shipment: one for one in day_times(day.network, day.shipments, DAY).tasks}


def windows(one: TaskTimes) -> list[str]:
    return [f"{window.opens:%H:%M:%S}-{window.closes:%H:%M:%S}" for window in one.windows]


def on(folder: Path, day: date, due: str = "2026-11-23") -> DayTimes:
    """The times of a dossier that lies beside B2, and goes on by a line from there to the agency beside B1."""
    network = read_network(write_folder(folder / "tinh", with_lines_back()))
    row = {**small_shipments()[1], "due_on": due}
    rows = read_shipments(write_shipments(folder / "s.csv", [row]), network, on=day)
    return day_times(network, rows, day)


def calls(found: DayTimes) -> list[str]:
    def clock(call: LineCall) -> list[str]:
        return [f"{at:%H:%M}" if at else "-" for at in (call.arrives, call.cut_off, call.departs)]

    return [" ".join([call.site_id, f"{call.line_id}/{call.run_id}", *clock(call)]) for call in found.lines]


def test_a_site_is_served_as_long_as_its_door_is_open_long_enough() -> None:
    # 6 minutes and 30 seconds for one item at a one-stop office that is open 07:00-11:30 and 13:30-17:00.
    assert windows(of_small_day()["D2"]) == ["07:00:00-11:23:30", "13:30:00-16:53:30"]


def test_a_citizen_is_served_when_they_are_there_and_at_any_time_when_they_named_none() -> None:
    found = of_small_day()
    assert windows(found["R2"]) == ["08:00:00-10:00:00", "14:00:00-16:00:00"]
    assert windows(found["R1"]) == []
    assert windows(found["D1"]) == ["08:00:00-00:00:00"]  # it is ready at 8


def test_a_delivery_that_comes_to_the_base_later_says_when() -> None:
    found = of_small_day()
    assert found["R3"].ready is not None
    assert found["R3"].ready.isoformat() == "2026-11-16T09:30:00+07:00"
    assert found["R1"].ready is None


def test_what_is_not_to_be_carried_today_has_no_times_and_nobody_is_named() -> None:
    day = small_day()
    found = day_times(day.network, day.shipments, DAY)
    assert {one.shipment for one in found.tasks} == {"R1", "R2", "R3", "R4", "D1", "D2"}
    text = found.model_dump_json()
    assert all(secret not in text for secret in ("Gấm", "0912345318", "Trần Hưng Đạo", "105."))


def test_a_round_must_be_back_for_the_last_line_that_is_in_time(tmp_path: Path) -> None:
    (friday,) = on(tmp_path / "1", FRIDAY).tasks
    assert friday.back_by is None  # Saturday's line is early enough for Monday
    (saturday,) = on(tmp_path / "2", SATURDAY).tasks
    assert saturday.back_by is not None
    assert saturday.back_by.isoformat() == "2026-11-21T17:40:00+07:00"


def test_lines_call_at_bases_in_order_and_only_on_their_days(tmp_path: Path) -> None:
    assert calls(on(tmp_path / "1", FRIDAY)) == [
        "B1 L/1 - 06:15 06:30",
        "B1 L/2 18:30 - -",
        "B2 L/1 07:20 - -",
        "B2 L/2 - 17:40 17:45",
    ]
    assert calls(on(tmp_path / "2", SUNDAY)) == []
    assert calls(on(tmp_path / "3", date(2027, 1, 1), due="2027-01-08")) == []  # New Year's Day is a Friday
