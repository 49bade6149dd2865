"""A published sample day with couriers who drive it, and its clock, for tests of the day as it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, update

from api.auth.roles import Role, Scope
from api.auth.store import User, add_user
from api.ids import new_id
from api.live import endpoints, message_endpoints
from api.plans.schemas import PlannedRoute
from api.plans.tables import plans
from tests.api.service.custody_made import with_device
from tests.api.service.day_inputs import DAY
from tests.api.service.made_plans import day_plan, put_plan
from tests.api.service.running import _HASH, OFFICE, OTHER_OFFICE, PROVINCE, Service

OURS, THEIRS = "LX-01", "CD-01"
"""A courier of `OFFICE` and one of `OTHER_OFFICE`, both with a round on the sample day."""
TERMS = endpoints.TERMS


def round_of(courier_id: str = OURS) -> PlannedRoute:
    return next(route for route in day_plan().routes if route.courier_id == courier_id)


def noon() -> datetime:
    """Of the sample day."""
    return round_of().trips[0].departs.replace(hour=12, minute=0, second=0, microsecond=0)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let the day be judged at another moment than now."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return moment.astimezone(tz)

    with patch.object(endpoints, "datetime", Clock), patch.object(message_endpoints, "datetime", Clock):
        yield


def live_service(service: Service) -> Service:
    """
    Publish the sample day; add its couriers.

    `ours` drives from `OFFICE` on device D1, `theirs` from `OTHER_OFFICE` on D2; both consent to nothing yet.
    """
    put_plan(service)

    def write(connection: Connection) -> None:
        connection.execute(update(plans).values(status="published"))
        for login, courier_id, office in (("ours", OURS, OFFICE), ("theirs", THEIRS, OTHER_OFFICE)):
            scope = Scope(PROVINCE, frozenset({office}))
            user = User(
                new_id(), login, login, Role.COURIER, scope, courier_id, _HASH, must_change=False, disabled=False
            )
            add_user(connection, user, datetime.now(UTC))

    service.runtime.writer.write_now(write)
    with_device(service, "ours", "D1")
    return with_device(service, "theirs", "D2")


def consent(service: Service, by: str = "ours", *, given: bool = True) -> None:
    answer = service.ask("PUT", "/api/v1/live/consent", by=by, json={"given": given, "terms": TERMS})
    assert answer.status_code == 200, answer.text


def fix(moment: datetime, **more: Any) -> dict[str, Any]:
    """Where `ours` has a stop."""
    lon, lat = round_of().trips[0].path.coordinates[0]
    return {"at": moment.isoformat(), "lon": lon, "lat": lat, "accuracy": 10, **more}


def post_fixes(service: Service, now: datetime, *fixes: dict[str, Any], by: str = "ours", behind: float = 0) -> Any:
    """Send fixes at a moment, from a device whose clock is some minutes behind."""
    sent_at = now - timedelta(minutes=behind)
    body = {"day": DAY, "sent_at": sent_at.isoformat(), "fixes": fixes}
    with clock_at(now):
        return service.ask("POST", "/api/v1/live/positions", by=by, json=body)


def progress(service: Service, now: datetime, by: str = "dispatcher") -> dict[str, dict[str, Any]]:
    """By courier."""
    with clock_at(now):
        answer = service.ask("GET", f"/api/v1/live/progress?day={DAY}", by=by)
    assert answer.status_code == 200, answer.text
    return {one["courier_id"]: one for one in answer.json()["couriers"]}


def say(
    service: Service, by: str, kind: str = "text", text: str = "chào", to: tuple[str, ...] = (), **more: Any
) -> Any:
    body = {"message_id": new_id(), "kind": kind, "text": text, "courier_ids": to, **more}
    return service.ask("POST", "/api/v1/live/messages", by=by, json=body)
