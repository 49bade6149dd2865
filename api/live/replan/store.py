"""Running days in the database: proposals, how a day stands, and what couriers are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from api.auth.tables import users
from api.errors import ExistsError, NotFoundError, RefusedError
from api.live.feed import LiveKind
from api.live.feed_store import tell
from api.live.replan.tables import courier_changes, live_days, live_proposals
from api.plans.store import StoredPlan, require_version
from api.plans.tables import plans

_MAKER, _JUDGE = users.alias("maker"), users.alias("judge")
_PEOPLE = live_proposals.join(_MAKER, _MAKER.c.user_id == live_proposals.c.made_by).outerjoin(
    _JUDGE, _JUDGE.c.user_id == live_proposals.c.decided_by
)
_NAMES = _MAKER.c.name.label("made_by_name"), _JUDGE.c.name.label("decided_by_name")
_LIGHT = [column for column in live_proposals.c if column.name not in ("running", "document")]


@dataclass(frozen=True, slots=True)
class StoredProposal:
    """A row of `live_proposals`."""

    proposal_id: str
    plan_id: str
    plan_version: int
    asked: dict[str, Any]
    answer: dict[str, Any]
    status: str
    made_by: str
    made_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decided_words: str | None = None
    """Why it was rejected."""
    made_by_name: str = ""
    """Of one that was read, as is the next."""
    decided_by_name: str | None = None
    running: str = ""
    """Empty in lists, and when the proposal is decided."""
    document: str = ""


def add_proposal(connection: Connection, proposal: StoredProposal) -> StoredProposal:
    """
    Keep a proposal; the same one is kept once.

    Returns
    -------
    kept
        The one that was kept first.

    Raises
    ------
    ExistsError
        When its id stands for something else.
    """
    known = find_proposal(connection, proposal.proposal_id)
    if known is not None:
        return same_proposal(known, proposal.plan_id, proposal.asked)
    values = {column.name: getattr(proposal, column.name) for column in live_proposals.c}
    connection.execute(insert(live_proposals).values(**values))
    _tell(connection, proposal, "open", proposal.made_at)
    kept = find_proposal(connection, proposal.proposal_id)
    assert kept is not None
    return kept


def add_proposal_to(connection: Connection, plan: StoredPlan, proposal: StoredProposal) -> StoredProposal:
    """
    Keep a proposal for a plan that nobody has changed since it was read; the same one is kept once.

    Raises
    ------
    ChangedMeanwhileError
        When somebody has.
    ExistsError
        When its id stands for something else.
    """
    require_version(connection, plan.plan_id, plan.version)
    return add_proposal(connection, proposal)


def same_proposal(known: StoredProposal, plan_id: str, asked: dict[str, Any]) -> StoredProposal:
    """
    Make sure that a request sent again is the same.

    Raises
    ------
    ExistsError
        When it is not.
    """
    if known.plan_id != plan_id or known.asked != asked:
        raise id_is_taken(known.proposal_id)
    return known


def id_is_taken(proposal_id: str) -> ExistsError:
    """A client made an id twice."""
    return ExistsError(
        f"Mã {proposal_id} đã dùng cho một đề xuất khác.", f"The id {proposal_id} stands for another proposal."
    )


def find_proposal(connection: Connection, proposal_id: str) -> StoredProposal | None:
    asked = select(live_proposals, *_NAMES).select_from(_PEOPLE).where(live_proposals.c.proposal_id == proposal_id)
    row = connection.execute(asked).mappings().one_or_none()
    return None if row is None else StoredProposal(**row)


def proposals_of(connection: Connection, plan_id: str, limit: int) -> list[StoredProposal]:
    """Of a plan, the newest first."""
    asked = select(*_LIGHT, *_NAMES).select_from(_PEOPLE).where(live_proposals.c.plan_id == plan_id)
    ordered = asked.order_by(live_proposals.c.made_at.desc(), live_proposals.c.proposal_id).limit(limit)
    return [StoredProposal(**row) for row in connection.execute(ordered).mappings()]


def decide(
    connection: Connection, proposal: StoredProposal, status: str, *, by: str, at: datetime, words: str | None = None
) -> None:
    """
    Accept or reject an open proposal; what was only needed to accept it is let go.

    Parameters
    ----------
    words
        Why it is rejected.

    Raises
    ------
    RefusedError
        When it is decided already.
    """
    is_open = live_proposals.c.proposal_id == proposal.proposal_id, live_proposals.c.status == "open"
    decided = {"status": status, "decided_by": by, "decided_at": at, "decided_words": words}
    decided |= {"running": "", "document": ""}
    if connection.execute(update(live_proposals).where(*is_open).values(**decided)).rowcount != 1:
        raise RefusedError("Đề xuất đã được quyết định.", "The proposal is decided already.")
    _tell(connection, proposal, status, at)


def _tell(connection: Connection, proposal: StoredProposal, status: str, at: datetime) -> None:
    """Other dispatchers see at once what waits for them, and what is decided."""
    province_id = connection.scalars(select(plans.c.province_id).where(plans.c.plan_id == proposal.plan_id)).one()
    said = {"plan_id": proposal.plan_id, "proposal_id": proposal.proposal_id, "status": status}
    tell(connection, province_id, LiveKind.PROPOSAL, said, at=at)


def running_day(connection: Connection, plan: StoredPlan) -> str | None:
    """How a day stands; None = nothing was accepted since this version was published."""
    is_now = live_days.c.plan_id == plan.plan_id, live_days.c.plan_version == plan.version
    return connection.scalar(select(live_days.c.running).where(*is_now))


def put_running_day(connection: Connection, plan_id: str, version: int, running: str) -> None:
    connection.execute(delete(live_days).where(live_days.c.plan_id == plan_id))
    connection.execute(insert(live_days).values(plan_id=plan_id, plan_version=version, running=running))


def add_changes(connection: Connection, plan: StoredPlan, proposal: StoredProposal, version: int, at: datetime) -> None:
    """Tell every courier whose round an accepted proposal changes."""
    rows = [
        {
            "plan_id": plan.plan_id,
            "province_id": plan.province_id,
            "proposal_id": proposal.proposal_id,
            "version": version,
            "courier_id": told["courier_id"],
            "what": told,
            "made_at": at,
        }
        for told in proposal.answer["couriers"]
    ]
    if rows:
        connection.execute(insert(courier_changes), rows)
    said = {"plan_id": plan.plan_id, "version": version, "proposal_id": proposal.proposal_id}
    for told in proposal.answer["couriers"]:
        tell(
            connection, plan.province_id, LiveKind.CHANGE, said,
            at=at, courier_id=told["courier_id"], base_id=told["base_id"], for_courier=True,
        )  # fmt: skip


def changes_for(connection: Connection, province_id: str, courier_id: str, after: int, limit: int) -> Sequence[Any]:
    """What a courier was told, in order."""
    c = courier_changes.c
    asked = select(courier_changes).where(c.province_id == province_id, c.courier_id == courier_id)
    return connection.execute(asked.where(c.change_id > after).order_by(c.change_id).limit(limit)).all()


def changes_of(connection: Connection, plan_id: str, after: int, limit: int) -> Sequence[Any]:
    """What all couriers of a plan were told, in order."""
    c = courier_changes.c
    asked = select(courier_changes).where(c.plan_id == plan_id, c.change_id > after)
    return connection.execute(asked.order_by(c.change_id).limit(limit)).all()


def answer_change(
    connection: Connection, change_id: int, province_id: str, courier_id: str, answer: str, words: str, at: datetime
) -> Any:
    """
    Note a courier's answer; the same again is harmless.

    Raises
    ------
    NotFoundError
        When the change is none of theirs.
    ExistsError
        When they answered otherwise before.
    """
    c = courier_changes.c
    own = c.change_id == change_id, c.province_id == province_id, c.courier_id == courier_id
    row = connection.execute(select(courier_changes).where(*own)).one_or_none()
    if row is None:
        raise NotFoundError(f"Không có thay đổi {change_id}.", f"There is no change {change_id}.")
    if row.answer is not None and (row.answer, row.words) != (answer, words):
        raise ExistsError("Thay đổi này đã được trả lời.", "This change was answered already.")
    if row.answer is None:
        connection.execute(update(courier_changes).where(*own).values(answer=answer, words=words, answered_at=at))
        said = {"plan_id": row.plan_id, "version": row.version, "answer": answer}
        base_id = row.what["base_id"]
        tell(connection, province_id, LiveKind.CHANGE, said, at=at, courier_id=courier_id, base_id=base_id)
    return connection.execute(select(courier_changes).where(*own)).one()


def erase_words(connection: Connection, before: datetime) -> int:
    """Erase what couriers wrote about changes made before a moment."""
    old = courier_changes.c.made_at < before, courier_changes.c.words.is_not(None)
    return connection.execute(update(courier_changes).where(*old).values(words=None)).rowcount


def drop_outdated(connection: Connection, plan_id: str, version: int) -> None:
    """What would only serve to accept proposals from versions before one: nobody can do so any more."""
    outdated = live_proposals.c.plan_id == plan_id, live_proposals.c.plan_version < version
    is_open = live_proposals.c.status == "open", live_proposals.c.document != ""
    connection.execute(update(live_proposals).where(*outdated, *is_open).values(running="", document=""))


def erase_running_days(connection: Connection, before: datetime) -> int:
    """
    Forget how days before a moment ran: where citizens live, who drove there and what they were told.

    That a plan was changed while its day ran, when and by whom, stays in `plan_changes`.

    Returns
    -------
    count
        Of rows.
    """
    old = select(plans.c.plan_id).where(plans.c.day < before.date().isoformat())
    return sum(
        connection.execute(delete(table).where(table.c.plan_id.in_(old))).rowcount
        for table in (courier_changes, live_proposals, live_days)
    )
