"""
Plans made as jobs, in a child process: round after round, every better one told as it comes.

Rounds are short at first, so that there is soon something to look at, and none is so long that much is lost when the
server dies in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from api.db.engine import Database
from api.errors import NotFoundError
from api.jobs.kinds import Step, Task
from api.plans.change_store import Written
from api.plans.comparing import figures
from api.plans.document import Answer, write_plan
from api.plans.edited_plan import edited_plan
from api.plans.editing import open_session
from api.plans.input_store import find_inputs
from api.plans.planning import PreparedDay, share_seconds, solve_groups
from api.plans.replanning import replan_around
from api.plans.schemas import Plan, parse_plan
from api.plans.snapshots import Snapshot, prepare_snapshot
from api.plans.store import find_plan
from api.plans.unasked import asked_groups, explained_anew, left_alone, with_unasked
from api.plans.workers import solvers
from routing.stopping import StoppingCriterion

FIRST_ROUND = 2.0
"""Seconds; each round is twice as long as the one before."""
LONGEST_ROUND = 30.0
"""Seconds: so much search is lost at most."""


def make_plan(task: Task) -> Iterator[Step]:
    """
    Plan a day, or some bases of it, or go on from what an earlier attempt has kept.

    Raises
    ------
    InputError
        When the inputs cannot be used.
    RefusedEditError
        When nothing is planned from a base that is named.
    """
    payload = task.payload
    whole, seed = float(payload["seconds"]), int(payload["seed"])
    yield Step({"stage": "reading", "seconds": _spent(task), "of_seconds": whole, "rounds": _rounds_done(task)})
    snapshot, kept = _read(task, payload["plan_id"])
    with solvers(task.cores, task.cluster or None) as (executor, workers):
        prepared = prepare_snapshot(snapshot, Path(task.data_folder), seed=seed)
        wanted = _asked(prepared, payload)
        groups = [prepared.groups[number] for number in wanted]
        best = None if kept is None else kept_answers(kept, prepared, wanted)
        spent, version = (0.0, 0) if kept is None else (_spent(task), kept.version)
        for number, seconds in enumerate(rounds(whole - spent), 0 if kept is None else _rounds_done(task)):
            starts = None if best is None else [answer.solution for answer in best]
            stop = StoppingCriterion(seconds=seconds)
            found = solve_groups(groups, stop, seed + number, executor=executor, workers=workers, starts=starts)
            better = found if best is None else _better(found, best)
            spent += seconds
            progress = {"stage": "solving", "seconds": spent, "of_seconds": whole, "rounds": number + 1}
            if best is not None and _total(better) >= _total(best):
                yield Step(progress)
                continue
            best, version = better, version + 1
            yield Step(progress, _told(_plan(prepared, wanted, best, version)))


def make_replan(task: Task) -> Iterator[Step]:
    """
    Search on from a plan with locks, one plan group after another; the plan that it is based on stays as it is.

    Raises
    ------
    RefusedEditError
        When a locked round breaks rules, no plan keeps every lock, or nothing is planned from a base that is named.
    """
    payload = task.payload
    whole, seed = float(payload["seconds"]), int(payload["seed"])
    snapshot, kept = _read(task, payload["plan_id"])
    done = 0 if kept is None or task.progress is None else int(task.progress["rounds"])
    yield Step({"stage": "reading", "seconds": _spent(task), "of_seconds": whole, "rounds": done})
    plan = kept or _read(task, payload["based_on"])[1]
    assert plan is not None
    prepared = prepare_snapshot(snapshot, Path(task.data_folder), seed=plan.seed)
    wanted = _asked(prepared, payload)
    shares = share_seconds([len(prepared.groups[number].problem.shipments) for number in wanted], whole, 1)
    for place, number in enumerate(wanted[done:], done):
        stop = StoppingCriterion(seconds=shares[place])
        session = replan_around(open_session(plan, prepared), number, stop, seed=seed, cores=task.cores)
        version = kept.version + 1 if kept is not None else 1
        plan = edited_plan(session, created_at=_now(prepared)).model_copy(update={"version": version})
        plan = kept = explained_anew(plan, prepared.groups[number], session.solution(number), prepared.inputs.network)
        spent = sum(shares[: place + 1])
        yield Step({"stage": "solving", "seconds": spent, "of_seconds": whole, "rounds": place + 1}, _told(plan))


def _asked(prepared: PreparedDay, payload: dict[str, Any]) -> list[int]:
    """A job that an older version put in names no bases."""
    return asked_groups(prepared.groups, payload.get("bases", ()), prepared.inputs.network)


def rounds(whole: float) -> Iterator[float]:
    """Length of each round, seconds; together `whole`."""
    length = FIRST_ROUND
    while whole > 1e-6:
        length = min(length, whole)
        yield length
        whole, length = whole - length, min(length * 2, LONGEST_ROUND)


def kept_answers(plan: Plan, prepared: PreparedDay, wanted: Sequence[int]) -> tuple[Answer, ...]:
    """The answers of a stored plan for some groups, explained anew: what the search goes on from."""
    from routing.explain import reasons
    from routing.objective import Objective, measure, weights

    session = open_session(plan, prepared)
    answers = []
    for number in wanted:
        group = prepared.groups[number]
        solution = reasons(group.problem, session.solution(number))
        terms = measure(group.problem, solution)
        answers.append(Answer(solution, terms, weights(group.problem, Objective.DAILY).total(terms)))
    return tuple(answers)


def written(plan: Plan) -> Written:
    """A plan as it is stored."""
    said = {**figures(plan).model_dump(), "objective": plan.objective.total}
    return Written(plan.version, plan.model_dump_json(by_alias=True), said)


def _told(plan: Plan) -> dict[str, Any]:
    found = written(plan)
    return {"version": found.version, "document": found.document, "figures": found.figures}


def _plan(prepared: PreparedDay, wanted: Sequence[int], answers: Sequence[Answer], version: int) -> Plan:
    """`answers`: one a wanted group; the other groups stay as they lie."""
    found = dict(zip(wanted, answers, strict=True))
    unasked = {number: group for number, group in enumerate(prepared.groups) if number not in found}
    whole = [found.get(number) or left_alone(group) for number, group in enumerate(prepared.groups)]
    plan = write_plan(prepared.inputs, prepared.groups, whole, created_at=_now(prepared), version=version)
    return with_unasked(plan, unasked.values())


def _better(new: Sequence[Answer], old: Sequence[Answer]) -> tuple[Answer, ...]:
    return tuple(n if n.total < o.total else o for n, o in zip(new, old, strict=True))


def _total(answers: Sequence[Answer]) -> int:
    return sum(answer.total for answer in answers)


def _now(prepared: PreparedDay) -> datetime:
    return datetime.now(prepared.inputs.network.settings.zone).replace(microsecond=0)


def _spent(task: Task) -> float:
    return 0.0 if task.progress is None else float(task.progress["seconds"])


def _rounds_done(task: Task) -> int:
    return 0 if task.progress is None else int(task.progress["rounds"])


def _read(task: Task, plan_id: str) -> tuple[Snapshot, Plan | None]:
    """The inputs, and a plan as far as it is there."""
    with closing(Database(task.database)) as database, database.read() as connection:
        snapshot, kept = find_inputs(connection, task.payload["inputs_sha256"]), find_plan(connection, plan_id)
    if snapshot is None:
        raise NotFoundError("Không còn dữ liệu đầu vào của kế hoạch.", "The inputs of the plan are not there.")
    return snapshot, None if kept is None else parse_plan(kept.document)
