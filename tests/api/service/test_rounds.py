"""A courier's own round: whole, theirs only, and the look is noted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from api.auth.tables import looks, users
from geo.units import load_communes
from tests.api.service.day_inputs import DAY, day_inputs
from tests.api.service.made_plans import day_plan, put_plan
from tests.api.service.running import Service
from tests.api.service.test_day_snapshot import imported
from tests.api.service.test_plans import publish

PATH = f"/api/v1/rounds/mine?day={DAY}"


def courier() -> str:
    """Who has a round, and asks."""
    return day_plan().routes[0].courier_id


def planned(service: Service) -> str:
    """A plan in which the one who asks has a round."""
    imported(service)
    service.runtime.writer.write_now(
        lambda c: c.execute(update(users).where(users.c.login == "courier").values(courier_id=courier()))
    )
    return put_plan(service)


def my_round(service: Service) -> dict[str, Any]:
    answer = service.ask("GET", PATH, by="courier")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.slow
def test_a_round_has_everything_that_the_door_needs(service: Service) -> None:
    publish(service, planned(service), 1)
    found = my_round(service)
    [route] = [route for route in day_plan().routes if route.courier_id == courier()]
    stops = [stop for trip in route.trips for stop in trip.stops]
    sent = {row["code"]: row for row in day_inputs()["shipments"]}
    assert [p["code"] for p in found["parcels"]] == sorted({task.shipment for stop in stops for task in stop.tasks})
    assert {s["site_id"] for s in found["stopovers"]} == {s.site_id for s in stops if s.site_id} | {route.base_id}
    # Every commune whose point lies within 0.02 degrees of the box of the path, and no other.
    lons, lats = zip(*(point for trip in route.trips for point in trip.path.coordinates), strict=True)
    for unit in load_communes(date.fromisoformat(found["day"])):
        near = min(lons) - 0.02 <= unit.lon <= max(lons) + 0.02 and min(lats) - 0.02 <= unit.lat <= max(lats) + 0.02
        shown = {"name": unit.name, "point": [unit.lon, unit.lat]} in found["communes"]
        assert shown is (near and not unit.shared_point), unit.name
    assert found["communes"]
    for parcel in found["parcels"]:
        row = sent[parcel["code"]]
        assert (parcel["name"], parcel["phone"]) == (row["contact_name"], row["contact_phone"])
        homes = {("origin" if t.action == "collect" else "dest") for s in stops if s.point for t in s.tasks
                 if t.shipment == parcel["code"]}  # fmt: skip
        assert parcel["address"] == next((row.get(f"{home}_address", "") for home in homes), None)
    assert found["synthetic_roads"] is True
    assert found["evidence"]["reasons"]["absent"] == ["place", "photo|notice_no"]


@pytest.mark.slow
def test_nothing_is_shown_before_it_is_published_and_every_look_is_noted(sqlite_service: Service) -> None:
    plan_id = planned(sqlite_service)
    assert sqlite_service.ask("GET", PATH, by="courier").status_code == 404
    publish(sqlite_service, plan_id, 1)
    my_round(sqlite_service)
    with sqlite_service.runtime.database.read() as connection:
        noted = connection.scalars(select(looks.c.subject).where(looks.c.action == "round")).all()
    assert noted == [f"{plan_id}/{courier()}"]
