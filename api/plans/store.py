"""Plans in the database: kept as a search finds them, changed by one person at a time, published one a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from api.auth.tables import users
from api.errors import ExistsError, NotFoundError, RefusedError
from api.jobs.store import Job
from api.jobs.tables import jobs
from api.plans.refusals import ChangedMeanwhileError, still_planning
from api.plans.snapshots import Snapshot
from api.plans.tables import plan_changes, plan_inputs, plans

MOST_UNDONE = 20
"""Documents before a change that are kept a plan: they may be megabytes each."""
_NO_EDITS = frozenset({"publish", "unpublish", "withdraw"})
_CHANGE = [column for column in plan_changes.c if column is not plan_changes.c.before]
_LIGHT = [column for column in plans.c if column is not plans.c.document]


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A row of `plans`."""

    plan_id: str
    province_id: str
    day: str
    version: int
    status: str
    document: str
    """plan.json; empty in lists."""
    figures: dict[str, Any]
    inputs_sha256: str
    job_id: str | None
    based_on: str | None
    created_by: str
    created_at: datetime
    erased_at: datetime | None
    """When retention took its rounds out."""


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as it shall be stored."""

    version: int
    document: str
    figures: dict[str, Any]


def add_inputs(connection: Connection, snapshot: Snapshot, at: datetime) -> None:
    """Keep inputs; the same ones are kept once, and again when they were erased."""
    again = update(plan_inputs).where(plan_inputs.c.sha256 == snapshot.sha256, plan_inputs.c.erased_at.is_not(None))
    contents = {"network": snapshot.network, "shipments": snapshot.shipments}
    if connection.execute(again.values(**contents, created_at=at, erased_at=None)).rowcount:
        return
    if find_inputs(connection, snapshot.sha256) is None:
        connection.execute(
            insert(plan_inputs).values(
                sha256=snapshot.sha256,
                province_id=snapshot.province_id,
                day=snapshot.day.isoformat(),
                network=snapshot.network,
                shipments=snapshot.shipments,
                roads=snapshot.roads,
                created_at=at,
            )
        )


def find_inputs(connection: Connection, sha256: str) -> Snapshot | None:
    """
    Find inputs.

    Raises
    ------
    RefusedError
        When retention has erased them.
    """
    row = connection.execute(select(plan_inputs).where(plan_inputs.c.sha256 == sha256)).one_or_none()
    if row is None:
        return None
    if row.erased_at is not None:
        raise _erased()
    return Snapshot(row.province_id, date.fromisoformat(row.day), row.network, row.shipments, row.roads)


def find_plan(connection: Connection, plan_id: str) -> StoredPlan | None:
    row = connection.execute(select(plans).where(plans.c.plan_id == plan_id)).mappings().one_or_none()
    return None if row is None else StoredPlan(**row)


def look_at_plan(connection: Connection, plan_id: str) -> StoredPlan | None:
    """A plan without its document, which may be megabytes."""
    row = connection.execute(select(*_LIGHT).where(plans.c.plan_id == plan_id)).mappings().one_or_none()
    return None if row is None else StoredPlan(**row, document="")


def list_plans(
    connection: Connection,
    province_id: str | None,
    *,
    day: date | None,
    status: str | None,
    after: str | None,
    limit: int,
) -> list[StoredPlan]:
    """Plans of a province (None = of all) without their documents, the newest first, those older than `after`."""
    query = select(*_LIGHT).order_by(plans.c.plan_id.desc()).limit(limit)
    wanted = (
        (plans.c.province_id, province_id),
        (plans.c.day, day.isoformat() if day is not None else None),
        (plans.c.status, status),
    )
    for column, value in wanted:
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(plans.c.plan_id < after)
    return [StoredPlan(**row, document="") for row in connection.execute(query).mappings()]


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
    connection: Connection, plan: StoredPlan, written: Written, what: dict[str, Any], *, by: str, at: datetime
) -> None:
    """
    Store the next version of a draft, and who changed what.

    Raises
    ------
    ChangedMeanwhileError
        When the plan is at another version than `plan` by now.
    RefusedError
        When it is no draft, is still being searched for, or was erased by retention.
    """
    now = require_version(connection, plan.plan_id, plan.version)
    if now.status != "draft":
        raise RefusedError(
            "Kế hoạch đã công bố hoặc đã rút; hãy rút công bố trước khi sửa.",
            "The plan is published or withdrawn; unpublish it before changing it.",
        )
    if now.erased_at is not None:  # a server may still have its rounds in memory
        raise _erased()
    require_finished(connection, now)
    _replace(connection, plan, written, what, by=by, at=at)


def document_before_last_edit(connection: Connection, plan_id: str) -> str:
    """
    Find what undoing gives back: the plan before the last edit that is not undone yet.

    Raises
    ------
    RefusedError
        When nothing is left: no edit since the plan was made or unpublished, or more than `MOST_UNDONE` changes ago.
    """
    query = select(plan_changes.c.what, plan_changes.c.before).where(plan_changes.c.plan_id == plan_id)
    undone = 0
    for row in connection.execute(query.order_by(plan_changes.c.version.desc()).limit(MOST_UNDONE)):
        if row.what["kind"] in _NO_EDITS or row.before is None:
            break
        if row.what["kind"] == "undo":
            undone += 1
        elif undone:
            undone -= 1
        else:
            return str(row.before)
    raise RefusedError("Không còn bước nào để hoàn tác.", "There is nothing left to undo.")


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


def _withdraw(connection: Connection, plan_id: str, by_plan: str, *, by: str, at: datetime) -> None:
    """Another plan takes its place: its row and its document say so."""
    plan = find_plan(connection, plan_id)
    assert plan is not None
    document = json.loads(plan.document) | {"version": plan.version + 1, "status": "withdrawn"}
    written = Written(plan.version + 1, json.dumps(document, ensure_ascii=False, separators=(",", ":")), plan.figures)
    _replace(connection, plan, written, {"kind": "withdraw", "replaced_by": by_plan}, by=by, at=at)
    _set_status(connection, plan_id, "withdrawn")


def erase_places(connection: Connection, before: datetime) -> int:
    """
    Forget where citizens of old plans live, and who drove there: inputs and rounds go, totals stay.

    Parameters
    ----------
    before
        Plans whose day is earlier.

    Returns
    -------
    count
        Of inputs and plans.
    """
    day = before.date().isoformat()
    inputs = update(plan_inputs).where(plan_inputs.c.day < day, plan_inputs.c.erased_at.is_(None))
    count = connection.execute(inputs.values(network={}, shipments=[], erased_at=before)).rowcount
    old = select(plans.c.plan_id).where(plans.c.day < day, plans.c.erased_at.is_(None))
    names = connection.scalars(old).all()
    for name in names:  # a document may be megabytes: one at a time
        text = connection.scalar(select(plans.c.document).where(plans.c.plan_id == name)) or "{}"
        bare = json.dumps(json.loads(text) | {"routes": [], "unassigned": []}, ensure_ascii=False)
        connection.execute(update(plans).where(plans.c.plan_id == name).values(document=bare, erased_at=before))
        connection.execute(update(plan_changes).where(plan_changes.c.plan_id == name).values(before=None))
    return count + len(names)


def change_published(
    connection: Connection, plan: StoredPlan, written: Written, what: dict[str, Any], *, by: str, at: datetime
) -> None:
    """
    Store the next version of a published plan whose day runs, and who changed what.

    Raises
    ------
    ChangedMeanwhileError
        When somebody else was faster.
    """
    _replace(connection, plan, written, what, by=by, at=at)


def require_version(connection: Connection, plan_id: str, version: int) -> StoredPlan:
    """
    Find a plan that nobody has changed since a version, without its document.

    Raises
    ------
    ChangedMeanwhileError
        With who changed what.
    NotFoundError
        When there is no such plan.
    """
    now = look_at_plan(connection, plan_id)
    if now is None:
        raise NotFoundError(f"Không có kế hoạch {plan_id}.", f"There is no plan {plan_id}.")
    if now.version != version:
        raise ChangedMeanwhileError(now.version, changes_since(connection, plan_id, version))
    return now


def require_finished(connection: Connection, plan: StoredPlan) -> None:
    """
    Make sure that no search still replaces a plan.

    Raises
    ------
    RefusedError
        When one does.
    """
    open_job = select(jobs.c.job_id).where(jobs.c.job_id == plan.job_id, jobs.c.finished_at.is_(None))
    if connection.scalar(open_job) is not None:
        raise still_planning()


def changes_since(connection: Connection, plan_id: str, version: int) -> list[dict[str, Any]]:
    """Who changed what after a version, in order."""
    rows = connection.execute(
        select(*_CHANGE, users.c.name)
        .join(users, users.c.user_id == plan_changes.c.changed_by)
        .where(plan_changes.c.plan_id == plan_id, plan_changes.c.version > version)
        .order_by(plan_changes.c.version)
    )
    return [
        {
            "version": row.version,
            "changed_by": row.changed_by,
            "changed_by_name": row.name,
            "changed_at": row.changed_at.isoformat(),
            "what": row.what,
        }
        for row in rows
    ]


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


def _erased() -> RefusedError:
    return RefusedError(
        "Dữ liệu đầu vào đã được xóa theo thời hạn lưu giữ; chỉ còn số tổng của kế hoạch.",
        "The inputs were erased by retention; only the plan's totals remain.",
    )


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
