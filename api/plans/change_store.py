"""Plans in the database, written: kept as a search finds them, changed by one person at a time, published one a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from api.errors import ExistsError, RefusedError
from api.jobs.store import Job
from api.plans.input_store import add_inputs, erased
from api.plans.refusals import ChangedMeanwhileError
from api.plans.snapshots import Snapshot
from api.plans.steps import INPUTS_BEFORE, MOST_UNDONE
from api.plans.store import StoredPlan, changes_since, find_plan, look_at_plan, require_finished, require_version
from api.plans.tables import plan_changes, plans


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as it shall be stored."""

    version: int
    document: str
    figures: dict[str, Any]


def keep_best(connection: Connection, job: Job, best: dict[str, Any], at: datetime) -> dict[str, Any]:
    """
    Keep a better plan that a job has found, as a draft; returns the job's result.

    A plan is never replaced by a worse one: a job that was taken over may search from an older version again.
    """
    row = connection.execute(select(plans).where(plans.c.job_id == job.job_id)).one_or_none()
    written = Written(best["version"], best["document"], best["figures"])
    if row is None:
        _insert(connection, job, written, at)
    elif row.version < written.version and not _is_worse(written.figures, row.figures):
        _write(connection, row.plan_id, row.version, written)
    else:
        written = Written(row.version, row.document, row.figures)
    said = {name: written.figures[name] for name in ("cost_dong", "carried", "unassigned")}
    return {"plan_id": job.payload["plan_id"], "version": written.version, **said}


def change_plan(
    connection: Connection,
    plan: StoredPlan,
    written: Written,
    what: dict[str, Any],
    *,
    inputs_sha256: str | None = None,
    by: str,
    at: datetime,
) -> None:
    """
    Store the next version of a draft, and who changed what.

    Parameters
    ----------
    inputs_sha256
        Of those that it is made from now; None = the same as before.

    Raises
    ------
    ChangedMeanwhileError
        When the plan is at another version than `plan` by now.
    RefusedError
        When it is no draft, is still being searched for, or was erased by retention.
    """
    now = require_version(connection, plan.plan_id, plan.version)
    require_draft(now)
    require_finished(connection, now)
    if inputs_sha256 is not None:
        what = what | _goes_over(connection, plan, inputs_sha256)
    _replace(connection, plan, written, what, by=by, at=at)


def _goes_over(connection: Connection, plan: StoredPlan, inputs_sha256: str) -> dict[str, str]:
    """Let a plan be made from other inputs; returns what its change says of it, by which undoing finds the old ones."""
    of_plan = update(plans).where(plans.c.plan_id == plan.plan_id)
    connection.execute(of_plan.values(inputs_sha256=inputs_sha256))
    return {INPUTS_BEFORE: plan.inputs_sha256, "inputs_after": inputs_sha256}


def require_draft(plan: StoredPlan) -> None:
    """
    Make sure that a plan may be changed by hand.

    Raises
    ------
    RefusedError
        When it is no draft, or was erased by retention.
    """
    if plan.status != "draft":
        raise RefusedError(
            "Kế hoạch đã công bố hoặc đã rút; hãy rút công bố trước khi sửa.",
            "The plan is published or withdrawn; unpublish it before changing it.",
        )
    if plan.erased_at is not None:  # a server may still have its rounds in memory
        raise erased()


def publish_plan(
    connection: Connection, plan: StoredPlan, written: Written, *, replaces: str | None, by: str, at: datetime
) -> None:
    """
    Make a draft the day's plan; the one that it replaces is withdrawn.

    Raises
    ------
    ExistsError
        When another plan of the day is published, and not named as replaced.
    """
    change_plan(connection, plan, written, {"kind": "publish", "replaces": replaces}, by=by, at=at)
    before = connection.execute(
        select(plans.c.plan_id, plans.c.version).where(
            plans.c.province_id == plan.province_id, plans.c.day == plan.day, plans.c.status == "published"
        )
    ).one_or_none()
    if (before.plan_id if before is not None else None) != replaces:
        found = before.plan_id if before is not None else "—"
        raise ExistsError(
            f"Kế hoạch đang công bố của ngày này là {found}, không phải {replaces or '—'}.",
            f"The published plan of this day is {found}, not {replaces or 'none'}.",
        )
    if before is not None:
        _withdraw(connection, before.plan_id, plan.plan_id, by=by, at=at)
    _set_status(connection, plan.plan_id, "published")


def unpublish_plan(connection: Connection, plan: StoredPlan, written: Written, *, by: str, at: datetime) -> None:
    """
    Make a published plan a draft again.

    Raises
    ------
    RefusedError
        When it is not published.
    """
    now = require_version(connection, plan.plan_id, plan.version)
    if now.status != "published":
        raise RefusedError("Kế hoạch chưa công bố.", "The plan is not published.")
    _set_status(connection, plan.plan_id, "draft")
    _replace(connection, plan, written, {"kind": "unpublish"}, by=by, at=at)


def change_published(
    connection: Connection,
    plan: StoredPlan,
    written: Written,
    what: dict[str, Any],
    *,
    inputs: Snapshot,
    by: str,
    at: datetime,
) -> None:
    """
    Store the next version of a published plan whose day runs, and who changed what.

    Parameters
    ----------
    inputs
        Those of the plan, with what came during the day.

    Raises
    ------
    ChangedMeanwhileError
        When somebody else was faster.
    """
    _replace(connection, plan, written, what, by=by, at=at)
    add_inputs(connection, inputs, at)
    of_plan = update(plans).where(plans.c.plan_id == plan.plan_id)
    connection.execute(of_plan.values(inputs_sha256=inputs.sha256))


def _withdraw(connection: Connection, plan_id: str, by_plan: str, *, by: str, at: datetime) -> None:
    """Another plan takes its place: its row and its document say so."""
    plan = find_plan(connection, plan_id)
    assert plan is not None
    document = json.loads(plan.document) | {"version": plan.version + 1, "status": "withdrawn"}
    written = Written(plan.version + 1, json.dumps(document, ensure_ascii=False, separators=(",", ":")), plan.figures)
    _replace(connection, plan, written, {"kind": "withdraw", "replaced_by": by_plan}, by=by, at=at)
    _set_status(connection, plan_id, "withdrawn")


def _insert(connection: Connection, job: Job, written: Written, at: datetime) -> None:
    connection.execute(
        insert(plans).values(
            plan_id=job.payload["plan_id"],
            province_id=job.province_id,
            day=job.payload["day"],
            version=written.version,
            status="draft",
            document=written.document,
            figures=written.figures,
            inputs_sha256=job.payload["inputs_sha256"],
            job_id=job.job_id,
            based_on=job.payload.get("based_on"),
            created_by=job.created_by,
            created_at=at,
        )
    )


def _is_worse(new: dict[str, Any], old: dict[str, Any]) -> bool:
    """By the number that the search makes small."""
    return int(new["objective"]) > int(old["objective"])


def _write(connection: Connection, plan_id: str, version: int, written: Written) -> None:
    changed = update(plans).where(plans.c.plan_id == plan_id, plans.c.version == version)
    values = {"version": written.version, "document": written.document, "figures": written.figures}
    if connection.execute(changed.values(**values)).rowcount != 1:  # another server was faster
        now = look_at_plan(connection, plan_id)
        assert now is not None
        raise ChangedMeanwhileError(now.version, changes_since(connection, plan_id, version))


def _replace(
    connection: Connection, plan: StoredPlan, written: Written, what: dict[str, Any], *, by: str, at: datetime
) -> None:
    """Write a version that somebody made, and keep the one before for undoing; the oldest of those goes."""
    before = connection.scalar(select(plans.c.document).where(plans.c.plan_id == plan.plan_id))
    _write(connection, plan.plan_id, plan.version, written)
    changed = insert(plan_changes).values(plan_id=plan.plan_id, version=written.version, changed_by=by, changed_at=at)
    connection.execute(changed.values(what=what, before=before))
    old = update(plan_changes).where(
        plan_changes.c.plan_id == plan.plan_id, plan_changes.c.version <= written.version - MOST_UNDONE
    )
    connection.execute(old.where(plan_changes.c.before.is_not(None)).values(before=None))


def _set_status(connection: Connection, plan_id: str, status: str) -> None:
    connection.execute(update(plans).where(plans.c.plan_id == plan_id).values(status=status))
