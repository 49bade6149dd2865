"""Edits of a draft taken back and done again: which document each of the two gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from api.errors import RefusedError
from api.plans.tables import plan_changes

MOST_UNDONE = 20
"""Documents before a change that are kept a plan: they may be megabytes each."""
INPUTS_BEFORE = "inputs_before"
"""In what a change says: the hash of other inputs that the plan was made from before it."""
_NO_EDITS = frozenset({"publish", "unpublish", "withdraw"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan before a change."""

    document: str
    inputs_sha256: str | None
    """Of what it was made from; None = of the same as what the change left it with."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Versions whose documents before them undoing and doing again give back; None = there is nothing to."""

    undo: int | None
    redo: int | None


def steps_of(kinds: Iterable[tuple[int, str]]) -> Steps:
    """
    Find what can be undone and done again.

    Parameters
    ----------
    kinds
        Version and kind of the latest changes, the oldest first. What was done before them is not known, so undoing
        ends there; an undo among them can be done again even where its edit is older.
    """
    done, undone = list[int](), list[int]()
    for version, kind in kinds:
        if kind == "undo":
            undone.append(version)
            del done[-1:]
        elif kind == "redo":
            done.append(version)
            del undone[-1:]
        else:
            done.append(version)
            undone.clear()
    return Steps(done[-1] if done else None, undone[-1] if undone else None)


def find_steps(connection: Connection, plan_id: str) -> Steps:
    """What can be undone and done again: of the latest changes, back to one that was no edit."""
    columns = plan_changes.c
    query = select(columns.version, columns.what, columns.before.is_(None).label("gone"))
    latest = connection.execute(
        query.where(columns.plan_id == plan_id).order_by(columns.version.desc()).limit(MOST_UNDONE)
    )
    kinds = list[tuple[int, str]]()
    for row in latest:
        if row.gone or row.what["kind"] in _NO_EDITS:
            break
        kinds.append((row.version, row.what["kind"]))
    return steps_of(reversed(kinds))


def kept_to_undo(connection: Connection, plan_id: str) -> Kept:
    """
    Find what undoing gives back: the plan before the last edit that is not undone yet.

    Raises
    ------
    RefusedError
        When nothing is left: no edit since the plan was made or unpublished, or more than `MOST_UNDONE` changes ago.
    """
    version = find_steps(connection, plan_id).undo
    if version is None:
        raise RefusedError("Không còn bước nào để hoàn tác.", "There is nothing left to undo.")
    return _before(connection, plan_id, version)


def kept_to_redo(connection: Connection, plan_id: str) -> Kept:
    """
    Find what doing again gives back: the plan before the last undo that nothing has followed but others.

    Raises
    ------
    RefusedError
        When nothing was undone, or something was edited since.
    """
    version = find_steps(connection, plan_id).redo
    if version is None:
        raise RefusedError("Không còn bước nào để làm lại.", "There is nothing left to do again.")
    return _before(connection, plan_id, version)


def _before(connection: Connection, plan_id: str, version: int) -> Kept:
    columns = plan_changes.c
    query = select(columns.before, columns.what).where(columns.plan_id == plan_id, columns.version == version)
    row = connection.execute(query).one()
    return Kept(row.before, row.what.get(INPUTS_BEFORE))
