"""
Deleting what has been kept for long enough: really, and told in figures.

A feature that keeps something for a time adds an `Eraser` to `ERASERS`. `duongthu retention run` calls each in a
transaction of its own, then clears the copies in the database's files; once a night is enough, and twice does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from api.auth import store as auth
from api.custody.history_store import erase_personal
from api.custody.queue_store import erase_refused
from api.db.engine import Database
from api.db.failures import translated
from api.db.scrubbing import scrub
from api.evidence.files import EvidenceFiles
from api.evidence.retention import delete_marked, mark_old
from api.handover.store import erase_notes
from api.live.feed_store import erase_items
from api.live.message_store import erase_messages
from api.live.position_store import erase_positions
from api.live.replan.store import erase_running_days, erase_words
from api.plans.erasing_store import erase_places
from api.repeats.store import erase_answers
from api.service.settings import ServiceSettings
from api.shipments.erasing_store import erase_persons
from api.tallies.store import is_behind, tally_some
from api.webhooks import store as webhooks


def _erase_events(connection: Connection, before: datetime) -> int:
    """Money is added up before what says how much it was is gone."""
    while is_behind(connection):
        tally_some(connection)
    return erase_personal(connection, before)


def _delete_files(database: Database, settings: ServiceSettings) -> None:
    files = EvidenceFiles(settings.data_folder / "evidence", settings.evidence_bytes)
    delete_marked(database, files)
    files.close()


def _nothing_more(_: Database, __: ServiceSettings) -> None:
    return


@dataclass(frozen=True, slots=True)
class Eraser:
    """One kind of data that is kept for a time."""

    name: str
    days: Callable[[ServiceSettings], int]
    """How long it is kept."""
    erase: Callable[[Connection, datetime], int]
    """Deletes what is older than a moment; returns how many."""
    finish: Callable[[Database, ServiceSettings], None] = _nothing_more
    """After the commit: deletes files that the database no longer wants. A run that was cut off is finished by the
    next, so it looks at what is there, not at what was deleted just now."""


ERASERS: tuple[Eraser, ...] = (
    Eraser("people", lambda settings: settings.personal_days, erase_persons),
    Eraser("events", lambda settings: settings.personal_days, _erase_events),
    Eraser("plans", lambda settings: settings.personal_days, erase_places),
    Eraser("running_days", lambda settings: settings.personal_days, erase_running_days),
    Eraser("refused", lambda settings: settings.personal_days, erase_refused),
    Eraser("files", lambda settings: settings.personal_days, mark_old, _delete_files),
    Eraser("replies", lambda settings: settings.personal_days, erase_words),
    Eraser("handovers", lambda settings: settings.personal_days, erase_notes),
    Eraser("positions", lambda settings: settings.live_days, erase_positions),
    Eraser("live", lambda settings: settings.live_days, erase_items),
    Eraser("messages", lambda settings: settings.live_days, erase_messages),
    Eraser("looks", lambda settings: settings.look_days, auth.erase_looks),
    Eraser("sessions", lambda _: 30, auth.erase_sessions),
    Eraser("attempts", lambda _: 2, auth.erase_attempts),
    Eraser("answers", lambda _: 1, erase_answers),
    Eraser("webhooks", lambda _: 30, webhooks.erase_outbox),
)
"""In the order in which they run."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What a run did, or as a rehearsal would do."""

    counts: dict[str, int]
    """By name of the eraser."""
    clean: bool
    """No copy is left in the database's log; False also for a rehearsal."""


def run_retention(
    database: Database,
    settings: ServiceSettings,
    at: datetime,
    *,
    rehearse: bool = False,
    erasers: tuple[Eraser, ...] = ERASERS,
) -> Erased:
    """
    Delete what has been kept for long enough.

    Parameters
    ----------
    rehearse
        Count only: everything is done and undone.

    Raises
    ------
    UnavailableError
        When the database does not answer; what was committed before stays deleted.
    """
    counts = {}
    for eraser in erasers:
        counts[eraser.name] = _erase(database, eraser, at - timedelta(days=eraser.days(settings)), rehearse)
        if not rehearse:
            eraser.finish(database, settings)
    if rehearse:
        return Erased(counts, clean=False)
    _note(database, at, counts)
    return Erased(counts, scrub(database))


def _erase(database: Database, eraser: Eraser, before: datetime, rehearse: bool) -> int:
    try:
        with database.writer.connect() as connection, connection.begin() as transaction:
            count = eraser.erase(connection, before)
            if rehearse:
                transaction.rollback()
            return count
    except Exception as error:
        raise translated(error) from error


def _note(database: Database, at: datetime, counts: dict[str, int]) -> None:
    """A deletion leaves a line in the looks: how many, never what."""
    try:
        with database.writer.begin() as connection:
            auth.note_look(connection, at, None, "retention_run", "retention", **counts)
    except Exception as error:
        raise translated(error) from error
