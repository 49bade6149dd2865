"""On which day money counts when clocks are wrong: days by hand, and none of it is ever outside of every settlement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from api.auth.tables import devices
from api.custody.ordering import Fact
from api.tallies.figures import taking_of
from tests.api.custody.made import event
from tests.api.service.custody_made import made, with_device
from tests.api.service.running import COURIER, Service
from tests.api.service.test_settlement import with_shipments
from tests.api.service.today import today

pytestmark = pytest.mark.usefixtures("within_a_day")

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
HEARD = datetime(2026, 12, 7, 23, 58, tzinfo=HERE)
ENROLLED = datetime(2026, 11, 1, 8, 0, tzinfo=HERE)
MONEY = {"courier_id": COURIER, "fee_dong": 0, "postage_dong": 24_000}


@pytest.mark.parametrize(
    ("at", "offset", "day"),
    [
        (datetime(2026, 12, 7, 10, 0, tzinfo=HERE), timedelta(0), "2026-12-07"),
        (datetime(2026, 12, 6, 23, 59, tzinfo=HERE), timedelta(minutes=2), "2026-12-07"),  # a slow clock, put right
        (datetime(2026, 12, 8, 9, 0, tzinfo=HERE), -timedelta(hours=24), "2026-12-07"),  # a fast one
        (datetime(2026, 12, 5, 9, 0, tzinfo=HERE), timedelta(0), "2026-12-05"),  # no signal for two days
        (datetime(2026, 12, 8, 0, 1, tzinfo=HERE), timedelta(0), "2026-12-07"),  # three minutes after it was heard
        (datetime(2027, 1, 7, 10, 0, tzinfo=HERE), timedelta(0), "2026-12-07"),  # a month ahead, set right since
        (datetime(1970, 1, 1, 0, 5, tzinfo=HERE), timedelta(0), "2026-12-07"),  # no battery, set right since
        (datetime(1970, 1, 1, 0, 5, tzinfo=UTC), timedelta(days=20_794), "2026-12-07"),
    ],
    ids=("right", "slow", "fast", "late", "minutes-ahead", "a-month-ahead", "1970-set-right", "1970-still"),
)
def test_money_counts_on_the_day_of_the_corrected_time_or_of_the_hearing(
    at: datetime, offset: timedelta, day: str
) -> None:
    fact = Fact(event(1, "ACCEPT", data=MONEY, at=at.isoformat()), offset)
    record = {"commitments": {"data.postage_dong": ""}, "recorded_at": HEARD.astimezone(UTC).isoformat()}
    taking = taking_of(fact, record, {"data.postage_dong": {"value": 24_000}}, enrolled_at=ENROLLED)
    assert taking is not None
    assert datetime.fromordinal(taking.day).date().isoformat() == day


def settled(service: Service) -> dict[str, int]:
    period = {"first_day": str(today() - timedelta(days=3)), "last_day": str(today() + timedelta(days=3))}
    found: Any = service.ask("GET", "/api/v1/settlement", by="dispatcher", params=period).json()["settled"]
    return {one["day"]: one["cash_dong"] for one in found}


def test_a_clock_that_was_set_right_before_sending_hides_no_money(service: Service) -> None:
    with_shipments(service, "S1", "S2", "S3")
    now = datetime.now(UTC)
    service.runtime.writer.write_now(lambda c: c.execute(update(devices).values(enrolled_at=now - timedelta(days=30))))
    tellings = [
        made("ACCEPT", number, code=f"S{number}", data={**MONEY, "postage_dong": dong}, at=at.isoformat())
        for number, dong, at in [
            (1, 1_000, now + timedelta(days=2)),
            (2, 20_000, datetime(1970, 1, 1, tzinfo=UTC)),
            (3, 300_000, now - timedelta(days=1)),
        ]
    ]
    answer = service.ask(
        "POST", "/api/v1/custody/events", by="courier", json={"sent_at": now.isoformat(), "events": tellings}
    )
    ahead, *_ = answer.json()["answers"]
    assert "in_the_future" in {piece["code"] for piece in ahead["pieces"]}
    assert settled(service) == {str(today() - timedelta(days=1)): 300_000, str(today()): 21_000}


def test_a_clock_that_is_wrong_when_it_sends_is_put_right(service: Service) -> None:
    """A day and an hour ahead, in both the event and the sending: it is the server's now."""
    with_shipments(service, "S1")
    with_device(service, "courier", "D2")
    clock = datetime.now(UTC) + timedelta(days=1, hours=1)
    telling = made("ACCEPT", 1, data=MONEY, at=clock.isoformat(), device_id="D2")
    body = {"sent_at": clock.isoformat(), "events": [telling]}
    answer = service.ask("POST", "/api/v1/custody/events", by="courier", json=body)
    assert "in_the_future" not in {piece["code"] for piece in answer.json()["answers"][0]["pieces"]}
    assert settled(service) == {str(today()): 24_000}
