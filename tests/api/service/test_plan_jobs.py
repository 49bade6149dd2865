"""Plans made by jobs in real child processes: followed, stopped, cancelled, and servers that die meanwhile."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.db.engine import Database
from api.db.writer import Writer
from api.plans.making import rounds
from api.plans.schemas import Plan, parse_plan
from tests.api.service import nursery
from tests.api.service.day_inputs import day_inputs
from tests.api.service.made_plans import day_plan, put_plan
from tests.api.service.running import PASSWORD, Service, add_people, migrate_new

LEASE_SECONDS = 3


def begin(service: Service, seconds: float) -> dict[str, Any]:
    sha = service.ask("POST", "/api/v1/plans/inputs", by="planner", json=day_inputs()).json()["inputs_sha256"]
    answer = service.ask("POST", "/api/v1/plans", by="planner", json={"inputs_sha256": sha, "seconds": seconds})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def wait_for(look: Callable[[], dict[str, Any]], until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Look until it is so."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        found = look()
        if until(found):
            return found
        time.sleep(0.2)
    raise TimeoutError(found)


def job_of(service: Service, job_id: str) -> dict[str, Any]:
    return dict(service.ask("GET", f"/api/v1/jobs/{job_id}", by="planner").json())


def test_rounds_add_up_and_none_is_long() -> None:
    assert list(rounds(5)) == [2, 3]
    assert list(rounds(100)) == [2, 4, 8, 16, 30, 30, 10]
    assert list(rounds(0)) == []


@pytest.mark.long
@pytest.mark.slow
def test_a_plan_is_made_and_its_progress_followed(service: Service) -> None:
    job = begin(service, 3)
    headers = {"Authorization": f"Bearer {service.token('planner')}"}
    with service.client.stream("GET", f"/api/v1/jobs/{job['job_id']}/progress", headers=headers) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = list(stream.iter_lines())
    told = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert [one["revision"] for one in told] == sorted({one["revision"] for one in told})
    last = told[-1]
    assert (last["state"], last["attempts"], last["error"]) == ("done", 1, None)
    assert last["progress"]["seconds"] == 3
    headers["Last-Event-ID"] = str(last["revision"])
    again = service.client.get(f"/api/v1/jobs/{job['job_id']}/progress", headers=headers)
    assert "data:" not in again.text
    plan = parse_plan(service.ask("GET", f"/api/v1/plans/{last['result']['plan_id']}", by="planner").content)
    assert plan.version == last["result"]["version"]
    assert plan.totals.shipments == len(day_inputs()["shipments"])


@pytest.mark.long
@pytest.mark.slow
def test_a_search_is_stopped_early_with_its_best_or_cancelled(sqlite_service: Service) -> None:
    ended = []
    for keep_best in (True, False):
        job = begin(sqlite_service, 600)
        look = partial(job_of, sqlite_service, job["job_id"])
        wait_for(look, lambda job: job["result"] is not None)
        path = f"/api/v1/jobs/{job['job_id']}/cancel"
        edit = {"kind": "lock_round", "courier_id": day_plan().routes[0].courier_id}
        plan_id = look()["result"]["plan_id"]
        refused = sqlite_service.ask(
            "POST", f"/api/v1/plans/{plan_id}/edits", by="planner", json=edit, headers={"If-Match": '"1"'}
        )
        assert refused.status_code == 409
        sqlite_service.ask("POST", path, by="planner", json={"keep_best": keep_best})
        ended.append(wait_for(look, lambda job: job["finished_at"] is not None))
    assert [job["state"] for job in ended] == ["done", "cancelled"]
    kept = sqlite_service.ask("GET", f"/api/v1/plans/{ended[0]['result']['plan_id']}", by="planner").content
    assert parse_plan(kept).totals.shipments == len(day_inputs()["shipments"])


@pytest.mark.slow
def test_a_search_around_locks_keeps_them_and_makes_another_draft(sqlite_service: Service) -> None:
    plan_id = put_plan(sqlite_service)
    courier = day_plan().routes[0].courier_id
    path, headers = f"/api/v1/plans/{plan_id}/edits", {"If-Match": '"1"'}
    edit = {"kind": "lock_round", "courier_id": courier}
    assert sqlite_service.ask("POST", path, by="planner", json=edit, headers=headers).status_code == 200
    job = sqlite_service.ask("POST", f"/api/v1/plans/{plan_id}/replan", by="planner", json={"seconds": 2}).json()
    over = wait_for(lambda: job_of(sqlite_service, job["job_id"]), lambda job: job["finished_at"] is not None)
    assert over["state"] == "done", over
    before, after = (
        parse_plan(sqlite_service.ask("GET", f"/api/v1/plans/{one}", by="planner").content)
        for one in (plan_id, over["result"]["plan_id"])
    )
    assert before.version == 2
    assert rounds_of(before)[courier] == rounds_of(after)[courier]
    assert after.objective.total <= before.objective.total


def rounds_of(plan: Plan) -> dict[str, list[str]]:
    return {
        route.courier_id: [task.shipment for trip in route.trips for stop in trip.stops for task in stop.tasks]
        for route in plan.routes
    }


class Running:
    """A server process of its own on a database that is there."""

    def __init__(self, database_url: str, folder: Path) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
        settings = {
            "DUONGTHU_DATABASE_URL": database_url,
            "DUONGTHU_DATA_FOLDER": str(folder),
            "DUONGTHU_PORT": str(port),
            "DUONGTHU_LEASE_SECONDS": str(LEASE_SECONDS),
            "PYTHONPATH": str(nursery.ROOT),
        }
        environment, log = {**os.environ, **settings}, folder / "log"
        self.process = nursery.start("api.cli", "serve", environment=environment, log=log)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        self._wait()
        answer = self.client.post("/api/v1/auth/login", json={"login": "planner", "password": PASSWORD})
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGTERM)
        self.client.close()

    def end(self, how: signal.Signals) -> None:
        """Stop the server; one that is gone already stays so."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def job(self, job_id: str) -> dict[str, Any]:
        return dict(self.client.get(f"/api/v1/jobs/{job_id}").json())

    def plan(self, plan_id: str) -> Plan:
        return parse_plan(self.client.get(f"/api/v1/plans/{plan_id}").content)

    def _wait(self) -> None:
        for _ in range(600):
            try:
                self.client.get("/api/v1/auth/me")
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the server does not answer")


def children_of(pid: int) -> list[int]:
    """Processes that a process started, theirs included."""
    lists = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    own = [int(child) for children in lists for child in children]
    return own + [other for child in own for other in children_of(child)]


@pytest.mark.long
@pytest.mark.slow
def test_a_server_that_is_killed_while_it_plans_loses_nothing(database_url: str, tmp_path: Path) -> None:
    die_while_planning(database_url, tmp_path, signal.SIGKILL)


@pytest.mark.long
@pytest.mark.slow
def test_a_server_that_is_stopped_while_it_plans_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'service.db'}"
    migrate_new(url)
    die_while_planning(url, tmp_path, signal.SIGTERM)


def with_people(database_url: str) -> None:
    database = Database(database_url)
    with closing(Writer(database)) as writer:
        writer.write_now(add_people)
    database.close()


def die_while_planning(database_url: str, folder: Path, how: signal.Signals) -> None:
    """End a server that plans, and let another go on."""
    with_people(database_url)
    with Running(database_url, folder) as first:
        sha = first.client.post("/api/v1/plans/inputs", json=day_inputs()).json()["inputs_sha256"]
        job = first.client.post("/api/v1/plans", json={"inputs_sha256": sha, "seconds": 8}).json()
        seen = wait_for(lambda: first.job(job["job_id"]), lambda job: job["result"] is not None)
        plan_id = seen["result"]["plan_id"]
        kept = first.plan(plan_id)
        children = children_of(first.process.pid)
        assert len(children) > 1, "a child and its searches"
        first.end(how)
    wait_for(lambda: {"alive": [pid for pid in children if _lives(pid)]}, lambda found: found["alive"] == [])
    with Running(database_url, folder) as second:
        there = second.plan(plan_id)
        assert there.objective.total <= kept.objective.total
        over = wait_for(lambda: second.job(job["job_id"]), lambda job: job["finished_at"] is not None)
        assert over["state"] == "done", over
        assert over["attempts"] == (2 if how is signal.SIGKILL else 1)
        assert over["progress"]["seconds"] == 8
        assert over["result"]["plan_id"] == plan_id
        last = second.plan(plan_id)
        assert last.objective.total <= there.objective.total
        assert last.version >= there.version


def _lives(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
