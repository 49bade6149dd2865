"""
The rest of a running day searched anew as a job: everything that is not driven may move, every promise is kept first.

A proposal comes of it like one that is made at once. Nothing is searched where nothing has happened, nor where the
told plan still holds: couriers keep what they were told.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue

from api.db.engine import Database
from api.errors import NotFoundError
from api.jobs.kinds import Step, Task
from api.live.replan.making import Standing, proposal_for, standing_of
from api.live.replan.schemas import NewProposal
from api.live.replan.store import StoredProposal
from api.plans.snapshots import prepare_snapshot
from api.plans.store import find_plan, require_version
from routing.dispatch import Day, Replanned, replan
from routing.stopping import StoppingCriterion


def replan_rest(task: Task) -> Iterator[Step]:
    """
    Search the rest of a day, group by group.

    Raises
    ------
    RefusedError, NotFoundError, InputError
        When the plan has changed since, or a fact cannot have happened.
    """
    whole = float(task.payload["seconds"])
    yield _step("reading", 0.0, whole)
    told: SimpleQueue[Step | None] = SimpleQueue()
    with closing(Database(task.database)) as database, ThreadPoolExecutor(1) as pool:
        made = pool.submit(_searched, task, database, told)
        made.add_done_callback(lambda _: told.put(None))
        yield from iter(told.get, None)
        found = asdict(made.result())
    yield Step(_step("solving", whole, whole).progress, {part: found[part] for part in _PARTS})


_PARTS = ("answer", "running", "document")


def _searched(task: Task, database: Database, told: SimpleQueue[Step | None]) -> StoredProposal:
    payload, folder, spent = task.payload, Path(task.data_folder), 0.0
    whole = float(payload["seconds"])

    def find(day: Day, share: float) -> Replanned:
        nonlocal spent
        told.put(_step("solving", spent, whole))
        spent += share * whole
        return replan(day, StoppingCriterion(seconds=share * whole), int(payload["seed"]), cores=task.cores)

    return proposal_for(
        database,
        _standing(database, payload["plan_id"], int(payload["plan_version"])),
        lambda snapshot, seed: prepare_snapshot(snapshot, folder, seed=seed),
        NewProposal.model_validate(payload["asked"]),
        data_folder=folder,
        by="",
        find=find,
    )


def _standing(database: Database, plan_id: str, version: int) -> Standing:
    with database.read() as connection:
        require_version(connection, plan_id, version)
        plan = find_plan(connection, plan_id)
        if plan is None:
            raise NotFoundError(f"Không có kế hoạch {plan_id}.", f"There is no plan {plan_id}.")
        return standing_of(connection, plan)


def _step(stage: str, seconds: float, of_seconds: float) -> Step:
    return Step({"stage": stage, "seconds": seconds, "of_seconds": of_seconds})
