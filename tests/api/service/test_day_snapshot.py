"""A day as the database knows it: the same problems as from files, and nobody's name in it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from api.plans.planning import PreparedDay, solve_group
from api.plans.snapshots import PERSONAL, prepare_snapshot, snapshot_of
from routing.stopping import StoppingCriterion
from tests.api.service.day_inputs import day_inputs
from tests.api.service.made_plans import day_prepared
from tests.api.service.running import PROVINCE, Service


def imported(service: Service) -> None:
    inputs = day_inputs()
    files = [("files", ("network.json", json.dumps(inputs["network"]).encode()))]
    answer = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert answer.status_code == 200, answer.text
    file = ("shipments.json", json.dumps({"shipments": inputs["shipments"]}).encode())
    path = f"/api/v1/shipments/import?on={inputs['day']}"
    answer = service.ask("POST", path, by="head-dispatcher", files={"file": file})
    assert answer.status_code == 200, answer.text


def cost_of(prepared: PreparedDay) -> list[tuple[str, int]]:
    stop = StoppingCriterion(iterations=20)
    return [(group.name, solve_group(group.problem, stop, 0, None).total) for group in prepared.groups]


@pytest.mark.slow
def test_a_day_of_the_database_is_the_day_of_the_files(service: Service) -> None:
    imported(service)
    day = date.fromisoformat(day_inputs()["day"])
    folder = service.runtime.settings.data_folder
    with service.runtime.database.read() as connection:
        snapshot = snapshot_of(connection, PROVINCE, day, folder)
    assert not any(name in row for row in snapshot.shipments for name in PERSONAL)
    prepared = prepare_snapshot(snapshot, folder)
    assert prepared.inputs.network.sha256 == day_prepared().inputs.network.sha256
    assert cost_of(prepared) == cost_of(day_prepared())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "status", "by"),
    [
        ({"province_id": PROVINCE, "day": "2026-11-25"}, 202, "planner"),
        ({"province_id": PROVINCE, "day": "2020-01-01"}, 409, "planner"),
        ({"province_id": PROVINCE, "day": "2026-11-25"}, 404, "far-dispatcher"),
        ({"province_id": PROVINCE}, 422, "planner"),
        ({}, 422, "planner"),
        ({"inputs_sha256": "0" * 64}, 404, "planner"),
    ],
)
def test_a_job_is_put_in_for_what_can_be_planned(
    sqlite_service: Service, body: dict[str, str], status: int, by: str
) -> None:
    imported(sqlite_service)
    answer = sqlite_service.ask("POST", "/api/v1/plans", by=by, json={**body, "seconds": 1})
    assert answer.status_code == status, answer.text
