"""What earlier days left over, one by one, and which day is planned next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from api.network.calendar import Calendar
from api.network.rows import CalendarDay, DayKind
from api.network.settings import Settings
from api.plans.next_day import day_to_plan
from api.plans.tables import plans
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.day_inputs import day_inputs
from tests.api.service.made_plans import day_plan, day_snapshot, put_plan
from tests.api.service.running import Service
from tests.api.service.test_day_snapshot import imported

DAY = day_snapshot().day
AFTER = DAY + timedelta(days=1)


def listed(service: Service) -> dict[str, dict[str, Any]]:
    answer = service.ask("GET", f"/api/v1/plans/waiting/left-over?day={AFTER}", by="planner")
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] == len(answer.json()["shipments"])
    return {one["code"]: one for one in answer.json()["shipments"]}


@pytest.mark.slow
def test_what_is_left_over_is_listed_with_the_reason(service: Service) -> None:
    imported(service)
    ready = {row["code"]: row for row in day_inputs()["shipments"] if row["ready_at"][:10] <= DAY.isoformat()}
    found = listed(service)
    assert found.keys() == ready.keys()
    assert {one["cause"] for one in found.values()} == {"not_planned"}
    due = [one["due_on"] for one in found.values()]
    assert due == sorted(due)

    put_plan(service)
    service.runtime.writer.write_now(lambda c: c.execute(update(plans).values(status="published")))
    carried = {
        task.shipment: route.courier_id
        for route in day_plan().routes
        for trip in route.trips
        for stop in trip.stops
        for task in stop.tasks
    }
    names = {row["courier_id"]: row["name"] for row in day_inputs()["network"]["couriers"]}
    left = {one.shipment: one.reasons[0].detail for one in day_plan().unassigned}
    found = listed(service)
    assert {code: one["courier"] for code, one in found.items() if one["cause"] == "not_done"} == {
        code: names[who] for code, who in carried.items() if code in ready
    }
    assert {code: one["detail"]["vi"] for code, one in found.items() if one["cause"] == "no_room"} == {
        code: why.vi for code, why in left.items() if code in ready
    }
    assert {one["on"] for one in found.values()} == {DAY.isoformat()}

    code = next(code for code in carried if ready[code]["kind"] == "result")
    with_device(service, "courier", "D1")
    tried = made("ATTEMPT", code=code, data={"reason": "absent", "action": "notice_left"})
    send(service, tried)
    one = listed(service)[code]
    assert (one["cause"], one["reason"]) == ("attempted", "absent")
    sites = {row["site_id"]: row["name"] for row in day_inputs()["network"]["sites"]}
    assert one["origin"] == sites[ready[code]["origin_site"]]


def test_the_day_to_plan_is_today_until_its_last_wave_begins_and_a_working_day() -> None:
    waves = Settings().waves
    holiday = Calendar([CalendarDay(date(2026, 11, 26), DayKind.HOLIDAY, "")])
    cases = {
        "2026-11-25T13:29:59": ("2026-11-25", "today"),
        "2026-11-25T13:30:00": ("2026-11-27", "too_late"),  # the day after is a holiday
        "2026-11-26T08:00:00": ("2026-11-27", "day_off"),
        "2026-11-27T17:30:00": ("2026-11-30", "too_late"),  # over a weekend
        "2026-11-28T08:00:00": ("2026-11-30", "day_off"),
    }
    for now, (day, why) in cases.items():
        found = day_to_plan(datetime.fromisoformat(now), waves, holiday)
        assert (found.day.isoformat(), found.why, found.closes) == (day, why, "13:30"), now


def test_the_next_day_is_told_by_the_hour_of_the_province(sqlite_service: Service) -> None:
    imported(sqlite_service)
    said = sqlite_service.ask("GET", "/api/v1/plans/next-day", by="planner").json()
    today = datetime.now(UTC).astimezone(Settings().zone).date()
    assert said["day"] >= today.isoformat()
    assert (said["day"] == today.isoformat()) == (said["why"] == "today")
