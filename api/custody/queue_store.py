"""The queue of events that somebody has to look at, and the quarantine of those that were refused, in the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, func, literal, or_, select, true, update

from api.auth.roles import Scope, Who
from api.auth.store import note_look
from api.auth.tables import user_offices
from api.custody.answers import no_file
from api.custody.hands_store import is_theirs
from api.custody.incident_store import IS_INCIDENT
from api.custody.pieces import Piece
from api.custody.store import lock_head
from api.custody.tables import event_awaits, event_personal, events, quarantine
from api.db.in_lists import in_lists
from api.errors import NotFoundError

ERASED = "erased-"
"""Before the number of a refused event, in the place of the hash of what was erased."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is to look at."""

    open: int
    by_piece: dict[str, int]
    """Events."""
    awaiting_files: int
    """Events."""
    oldest: datetime | None
    refused: int


def open_events(
    connection: Connection, scope: Scope, province_id: str, after: int, limit: int
) -> Sequence[tuple[Any, list[str]]]:
    """Events that lack something or contradict others, with the files that they wait for."""
    asked = select(events).where(*_open(scope, province_id), events.c.seq > after)
    rows = connection.execute(asked.order_by(events.c.seq).limit(limit)).all()
    awaits = _awaits(connection, [row.seq for row in rows])
    return [(row, awaits[row.seq]) for row in rows]


def looked_at(connection: Connection, scope: Scope, province_id: str, event_id: str) -> tuple[Any, list[str]]:
    """
    One event that is or was in the queue.

    Raises
    ------
    NotFoundError
        When there is none, or it belongs to other offices: nobody learns which.
    """
    asked = select(events).where(events.c.event_id == event_id, events.c.province_id == province_id, is_theirs(scope))
    row = connection.execute(asked).one_or_none()
    if row is None or not (row.is_open or row.pieces or row.settled_at):
        raise not_queued()
    return row, _awaits(connection, [row.seq])[row.seq]


def evidence_of(connection: Connection, seq: int) -> tuple[str, ...]:
    """The files that an event names, by content; none once its personal part was erased."""
    personal = connection.scalar(select(event_personal.c.personal).where(event_personal.c.seq == seq)) or {}
    return tuple(personal["evidence"]["value"]) if "evidence" in personal else ()


def lacking(connection: Connection, event_ids: Iterable[str]) -> dict[str, list[Piece]]:
    """What events that are open lack or contradict now, files included; the others are not there."""
    found: dict[str, list[Piece]] = {}
    for names in in_lists(event_ids):
        asked = select(events.c.seq, events.c.event_id, events.c.pieces)
        rows = connection.execute(asked.where(events.c.event_id.in_(names), events.c.is_open == 1)).all()
        awaits = _awaits(connection, [row.seq for row in rows])
        for row in rows:
            told = [Piece(one["code"], one["message_vi"], one["message_en"]) for one in row.pieces or ()]
            found[row.event_id] = [*dict.fromkeys(told), *map(no_file, awaits[row.seq])]
    return found


def counts(connection: Connection, scope: Scope, province_id: str) -> Counts:
    """Count what is open, by what is wrong with it, and what was refused."""
    rows = connection.execute(select(events.c.seq, events.c.pieces).where(*_open(scope, province_id))).all()
    by_piece = Counter(code for row in rows for code in {piece["code"] for piece in row.pieces or ()})
    waiting = select(func.count(event_awaits.c.seq.distinct())).join(events, events.c.seq == event_awaits.c.seq)
    first = select(func.min(events.c.recorded_at)).where(*_open(scope, province_id))
    refused = select(func.count()).select_from(quarantine).where(*_refused(scope, province_id), _UNDECIDED)
    return Counts(
        len(rows),
        dict(sorted(by_piece.items())),
        connection.scalar(waiting.where(*_open(scope, province_id))) or 0,
        connection.scalar(first),
        connection.scalar(refused) or 0,
    )


def settle(connection: Connection, who: Who, province_id: str, event_id: str, note: str, at: datetime) -> None:
    """
    Take an event out of the queue by a decision; that is noted.

    Raises
    ------
    NotFoundError
        When it is in nobody's queue, or not in theirs.
    """
    lock_head(connection)  # nobody judges it anew meanwhile
    changed = connection.execute(
        update(events)
        .where(events.c.event_id == event_id, *_unsettled(who.scope, province_id))
        .values(is_open=0, settled_at=at, settled_by=who.user_id, settled_note=note)
    )
    if changed.rowcount != 1:
        raise not_queued()
    note_look(connection, at, who, "event_settled", event_id, province_id=province_id)


def refused_events(connection: Connection, scope: Scope, province_id: str, after: int, limit: int) -> Sequence[Any]:
    """What was refused and is not decided about, the oldest first."""
    asked = select(quarantine).where(*_refused(scope, province_id), _UNDECIDED, quarantine.c.quarantine_id > after)
    return connection.execute(asked.order_by(quarantine.c.quarantine_id).limit(limit)).all()


def refused_event(connection: Connection, scope: Scope, province_id: str, quarantine_id: int) -> Any:
    """
    One of them.

    Raises
    ------
    NotFoundError
        When there is none, or somebody of another office sent it.
    """
    asked = select(quarantine).where(*_refused(scope, province_id), quarantine.c.quarantine_id == quarantine_id)
    row = connection.execute(asked).one_or_none()
    if row is None:
        raise NotFoundError("Không có sự kiện này trong khu cách ly.", "There is no such event in quarantine.")
    return row


def settle_refused(
    connection: Connection, who: Who, province_id: str, quarantine_id: int, note: str, told_by: str | None, at: datetime
) -> None:
    """
    Take a refused event out of the queue by a decision; it stays in quarantine, and the decision with it.

    Parameters
    ----------
    told_by
        The event that tells the same fact properly; None = there is none, it is put aside.

    Raises
    ------
    NotFoundError
        When there is no such refused event without a decision, or no such event.
    """
    if told_by is not None:
        mine = events.c.event_id == told_by, events.c.province_id == province_id, is_theirs(who.scope)
        if connection.scalar(select(events.c.seq).where(*mine)) is None:
            raise NotFoundError(f"Không có sự kiện {told_by} trong sổ cái.", f"The ledger has no event {told_by}.")
    changed = connection.execute(
        update(quarantine)
        .where(quarantine.c.quarantine_id == quarantine_id, *_refused(who.scope, province_id), _UNDECIDED)
        .values(settled_at=at, settled_by=who.user_id, settled_note=note, told_by=told_by)
    )
    if changed.rowcount != 1:
        raise not_queued()
    note_look(connection, at, who, "refused_settled", str(quarantine_id), province_id=province_id)


def erase_refused(connection: Connection, before: datetime) -> int:
    """
    Delete the content of what was refused before a moment, and what was noted of it, which may hold anything; that it
    was refused stays, and that it was decided about.

    Its hash goes too: with it one could try contents until one fits.
    """
    number = cast(quarantine.c.quarantine_id, String(20))
    old = quarantine.c.received_at < before, quarantine.c.content != ""
    values = {"content": "", "settled_note": None, "sha256": literal(ERASED, String(64)).concat(number)}
    return connection.execute(update(quarantine).where(*old).values(values)).rowcount


_UNDECIDED: ColumnElement[bool] = quarantine.c.settled_at.is_(None)


def not_queued() -> NotFoundError:
    """No such event, as far as somebody may know."""
    return NotFoundError("Không có sự kiện này trong hàng chờ.", "There is no such event in the queue.")


def _open(scope: Scope, province_id: str) -> tuple[ColumnElement[bool], ...]:
    return events.c.province_id == province_id, events.c.is_open == 1, is_theirs(scope)


def _unsettled(scope: Scope, province_id: str) -> tuple[ColumnElement[bool], ...]:
    """What is open; an incident, which may lack nothing, is so until somebody has settled it."""
    is_so = or_(events.c.is_open == 1, IS_INCIDENT & events.c.settled_at.is_(None))
    return events.c.province_id == province_id, is_so, is_theirs(scope)


def _refused(scope: Scope, province_id: str) -> tuple[ColumnElement[bool], ...]:
    """By where the sender works: what an event says of itself is not to be believed here."""
    here = select(user_offices.c.user_id).where(user_offices.c.site_id.in_(sorted(scope.offices)))
    return quarantine.c.province_id == province_id, quarantine.c.sent_by.in_(here) if scope.offices else true()


def _awaits(connection: Connection, numbers: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    asked = select(event_awaits).where(event_awaits.c.seq.in_(numbers)).order_by(event_awaits.c.sha256)
    for row in connection.execute(asked):
        found[row.seq].append(row.sha256)
    return found
