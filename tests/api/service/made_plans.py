"""A plan of the sample day in the database, without waiting for a job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from api.auth.tables import users
from api.ids import new_id
from api.jobs.store import claim, end, enqueue
from api.jobs.tables import JobState
from api.plans.change_store import keep_best
from api.plans.document import write_plan
from api.plans.input_store import add_inputs
from api.plans.making import written
from api.plans.planning import PreparedDay, solve_group
from api.plans.schemas import Plan
from api.plans.snapshots import Snapshot, prepare_snapshot, without_people
from routing.stopping import StoppingCriterion
from tests.api.service.day_inputs import day_inputs
from tests.api.service.running import DAYS, Service

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@cache
def day_snapshot(windows: str = "") -> Snapshot:
    inputs = day_inputs(windows)
    day = datetime.fromisoformat(inputs["day"]).date()
    return Snapshot(inputs["province_id"], day, inputs["network"], without_people(inputs["shipments"]))


def made_ready(snapshot: Snapshot) -> PreparedDay:
    """For the test, and at once for every service of this process."""
    return DAYS.get(snapshot.sha256, lambda: prepare_snapshot(snapshot, Path()))


@cache
def day_prepared(windows: str = "") -> PreparedDay:
    return made_ready(day_snapshot(windows))


@cache
def day_plan(windows: str = "") -> Plan:
    """Every group searched for a moment, always with the same outcome."""
    prepared, stop = day_prepared(windows), StoppingCriterion(iterations=20)
    answers = [solve_group(group.problem, stop, 0, None) for group in prepared.groups]
    return write_plan(prepared.inputs, prepared.groups, answers, created_at=AT)


def best_of(plan: Plan) -> dict[str, Any]:
    """As a child tells it."""
    found = written(plan)
    return {"version": found.version, "document": found.document, "figures": found.figures}


def put_plan(service: Service, windows: str = "") -> str:
    """Store the day's plan as the job that made it would have; returns its id."""
    return store_plan(service, day_snapshot(windows), best_of(day_plan(windows)), "planner")


def store_plan(service: Service, snapshot: Snapshot, best: dict[str, Any], login: str) -> str:
    """Store a plan that somebody asked for; returns its id."""

    def write(connection: Connection) -> str:
        user = connection.scalars(select(users.c.user_id).where(users.c.login == login)).one()
        add_inputs(connection, snapshot, AT)
        payload = {
            "plan_id": new_id(),
            "day": snapshot.day.isoformat(),
            "inputs_sha256": snapshot.sha256,
            "seconds": 1,
            "seed": 0,
        }
        enqueue(connection, "plan", snapshot.province_id, payload, by=user, at=AT)
        job = claim(connection, "test", AT, timedelta(days=9_000))
        assert job is not None
        keep_best(connection, job, best, AT)
        end(connection, job, JobState.DONE, AT)
        return str(payload["plan_id"])

    return service.runtime.writer.write_now(write)
