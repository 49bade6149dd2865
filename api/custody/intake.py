"""
Taking events in: judged, chained, stored and acknowledged, many senders' batches in one go.

What one batch costs is mostly asking and telling the database; so batches that wait at the same time share each
question and each statement, as works share a commit in the writer. Each is judged for itself and in the order in which
it came; a batch that makes the program fail is taken alone the next moment, so that it harms nobody else.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import Connection

from api.auth.roles import Role, Who
from api.custody.answers import Answer, Device, Examined, Known, Verdict, judge
from api.custody.chain import canonical, record_hash
from api.custody.evidence_rules import EvidenceRules, named_files
from api.custody.invitations import Terms, breaks
from api.custody.ordering import Fact
from api.custody.personal import split
from api.custody.pieces import Piece
from api.custody.replay import Custody, replay
from api.custody.store import (
    Head,
    NewEvent,
    add_events,
    add_to_quarantine,
    facts_of,
    files_came,
    known_events,
    lock_head,
    open_ledger,
    owned_devices,
    put_custody,
)
from api.custody.terms import default_terms
from api.custody.tree import leaf_hash
from api.db.writer import Writer
from api.errors import ApiError, ForbiddenError
from api.evidence.files import Stored
from api.evidence.store import add_files, kept_files
from api.shipments.store import Move, note_moves, registered
from api.webhooks.kinds import Kind
from api.webhooks.store import announce, hearers

logger = logging.getLogger(__name__)

MOST_EVENTS: Final = 500
"""In one batch."""
_MISSING_FILE: Final = "missing_file"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request brings."""

    who: Who
    events: Sequence[Examined] = ()
    files: Sequence[Stored] = ()
    """On disk already, and not known yet."""
    clock_offset: timedelta = timedelta(0)
    """Server's clock minus the device's."""


@dataclass(slots=True)
class _Waiting:
    batch: Batch
    answer: Future[list[Answer]] = field(default_factory=Future)


class Intake:
    """
    Takes batches in.

    Parameters
    ----------
    writer
        Of the database.
    origin
        The ledger's name, when it has none yet.
    """

    def __init__(self, writer: Writer, origin: str, rules: EvidenceRules | None = None) -> None:
        self._writer = writer
        self._rules = rules or EvidenceRules()
        self._terms = default_terms()
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self.origin = writer.write_now(lambda connection: open_ledger(connection, origin))

    async def take(self, batch: Batch) -> list[Answer]:
        """
        Take a batch in; return once it is on disk.

        Raises
        ------
        ForbiddenError
            When a courier does not send from a device.
        UnavailableError
            When the database cannot take it now; nothing was taken in.
        """
        return await asyncio.wrap_future(self.submit(batch))

    def submit(self, batch: Batch) -> Future[list[Answer]]:
        """As `take`, without waiting."""
        if batch.who.role is Role.COURIER and batch.who.device_id is None:
            raise ForbiddenError("Bưu tá chỉ gửi từ thiết bị đã đăng ký.", "A courier sends from an enrolled device.")
        one = _Waiting(batch)
        with self._lock:
            self._waiting.append(one)
            is_first = len(self._waiting) == 1
        if is_first:
            self._go()
        return one.answer

    def _go(self) -> None:
        """Have everything that waits by the time the writer comes to it taken in together."""
        taken: list[_Waiting] = []

        def work(connection: Connection) -> list[list[Answer]]:
            taken.extend(self._gather())
            return self._take([one.batch for one in taken], connection)

        def tell(done: Future[list[list[Answer]]]) -> None:
            error = done.exception()
            if error is None:
                for one, answers in zip(taken, done.result(), strict=True):
                    one.answer.set_result(answers)
            elif isinstance(error, ApiError) or len(taken) < 2:
                _fail(taken or self._gather(), error)
            else:
                logger.error("a batch failed", exc_info=error, extra={"action": "custody"})
                for one in taken:
                    self._alone(one)

        try:
            self._writer.submit(work).add_done_callback(tell)
        except ApiError as error:
            _fail(self._gather(), error)

    def _alone(self, one: _Waiting) -> None:
        """Only the one at fault fails."""

        def tell(done: Future[list[list[Answer]]]) -> None:
            error = done.exception()
            if error is None:
                one.answer.set_result(done.result()[0])
            else:
                one.answer.set_exception(error)

        try:
            self._writer.submit(lambda connection: self._take([one.batch], connection)).add_done_callback(tell)
        except ApiError as error:
            one.answer.set_exception(error)

    def _gather(self) -> list[_Waiting]:
        with self._lock:
            taken, self._waiting = self._waiting, []
        return taken

    def _take(self, batches: Sequence[Batch], connection: Connection) -> list[list[Answer]]:
        now = datetime.now(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        head = lock_head(connection)
        files = [(file, batch.who) for batch in batches for file in batch.files]
        if files:
            add_files(connection, files, now)
            files_came(connection, [file.sha256 for file, _ in files], now)
        world = _World(connection, batches, now, self._rules, self._terms, head)
        answers = [world.take(batch) for batch in batches]
        world.store(connection)
        return answers


class _World:
    """What the database knows about some batches, and what they add to it."""

    def __init__(
        self,
        connection: Connection,
        batches: Sequence[Batch],
        now: datetime,
        rules: EvidenceRules,
        terms: Terms,
        head: Head,
    ) -> None:
        events = [(batch.who, one.event) for batch in batches for one in batch.events if one.event is not None]
        codes = {(_province(who), code) for who, event in events for code in event.shipments}
        self.now, self.rules, self.terms, self.head = now, rules, terms, head
        self.files = kept_files(connection, {name for _, event in events for name in named_files(event)})
        self.known = known_events(connection, [event.event_id for _, event in events]) if events else {}
        self.devices = owned_devices(connection, {event.device_id for _, event in events}) if events else {}
        self.shipments = registered(connection, codes)
        self.facts = facts_of(connection, codes)
        self._fresh = {code for code in codes if code not in self.facts}
        self._new: list[NewEvent] = []
        self._refused: list[dict[str, Any]] = []

    def take(self, batch: Batch) -> list[Answer]:
        answers = judge(batch.events, _View(self, batch))
        for one, answer in zip(batch.events, answers, strict=True):
            if answer.event is not None:
                self._add(batch, one, answer)
            elif answer.verdict is Verdict.REFUSED:
                self._refused.append(self._quarantined(batch, one, answer))
        return answers

    def store(self, connection: Connection) -> None:
        if self._new:
            add_events(connection, self._new, self.head)
            self._tell_subscribers(connection)
            held = list(self._custody())
            put_custody(connection, held, self._fresh)
            for province_id in {row["province_id"] for row in held}:
                note_moves(connection, province_id, [_move(row) for row in held if row["province_id"] == province_id])
        if self._refused:
            add_to_quarantine(connection, self._refused)

    def _tell_subscribers(self, connection: Connection) -> None:
        """Asks once a batch whether anybody wants to hear: mostly nobody does."""
        for province_id in {event.province_id for event in self._new}:
            if not hearers(connection, Kind.SHIPMENT_EVENT, province_id):
                continue
            for event in self._new:
                if event.province_id == province_id:
                    self._tell(connection, event)

    def _tell(self, connection: Connection, event: NewEvent) -> None:
        record = json.loads(event.record)
        facts = {"event_id": event.event_id, "kind": record["type"], "at": record["at"]}
        for code in event.shipments:
            announce(connection, Kind.SHIPMENT_EVENT, code, facts, province_id=event.province_id, at=event.recorded_at)

    def _add(self, batch: Batch, one: Examined, answer: Answer) -> None:
        event, raw, who = answer.event, one.raw, batch.who
        assert event is not None
        assert isinstance(raw, dict)
        offset_ms = batch.clock_offset // timedelta(milliseconds=1)
        parts = split(raw)
        record = canonical(
            {
                **parts.record,
                "province_id": _province(who),
                "recorded_at": self.now.isoformat(timespec="milliseconds"),
                "clock_offset_ms": offset_ms,
            }
        )
        seq, self.head = self.head.size, Head(self.head.size + 1, record_hash(self.head.hash, record))
        self._new.append(
            NewEvent(
                seq=seq,
                event_id=event.event_id,
                province_id=_province(who),
                office=next(iter(who.scope.offices)) if len(who.scope.offices) == 1 else None,
                sent_by=who.user_id,
                recorded_at=self.now,
                shipments=event.shipments,
                record=record,
                leaf=leaf_hash(record),
                hash=self.head.hash,
                digest=answer.digest,
                personal=parts.personal,
                pieces=[as_json(piece) for piece in answer.pieces if piece.code != _MISSING_FILE],
                awaits=tuple(name for name in named_files(event) if name not in self.files),
            )
        )
        self.known[event.event_id] = Known(answer.digest)
        for code in event.shipments:
            self.facts[_province(who), code].append(Fact(event, timedelta(milliseconds=offset_ms)))

    def _custody(self) -> Iterable[dict[str, Any]]:
        last = {(event.province_id, code): event.seq for event in self._new for code in event.shipments}
        for key, seq in last.items():
            found = replay(self.facts[key])
            yield {
                "province_id": key[0], "code": key[1], "holding": found.holder.holding, "holder": found.holder.name,
                "since": held_since(found, self.now), "last_seq": seq,
            }  # fmt: skip

    def _quarantined(self, batch: Batch, one: Examined, answer: Answer) -> dict[str, Any]:
        content = json.dumps(one.raw)
        return {
            "province_id": _province(batch.who), "sha256": sha256(content.encode()).hexdigest(),
            "sent_by": batch.who.user_id, "device_id": batch.who.device_id, "received_at": self.now,
            "reason": answer.pieces[0].code, "pieces": [as_json(piece) for piece in answer.pieces],
            "content": content,
        }  # fmt: skip


class _View:
    """What a batch sees of the world: `answers.Context`."""

    def __init__(self, world: _World, batch: Batch) -> None:
        self._world, self._who = world, batch.who
        self.clock_offset = batch.clock_offset
        self.now, self.rules = world.now, world.rules

    def known(self, event_id: str) -> Known | None:
        return self._world.known.get(event_id)

    def device(self, device_id: str) -> Device | None:
        """One's own; a phone that was replaced may leave its queue to the next one."""
        owner, device = self._world.devices.get(device_id, ("", None))
        if device is None or owner != self._who.user_id:
            return None
        is_this = self._who.device_id in (None, device_id)
        return device if is_this or device.revoked_at is not None else None

    def has_file(self, sha256: str) -> bool:
        return sha256 in self._world.files

    def is_shipment(self, code: str) -> bool:
        return (_province(self._who), code) in self._world.shipments

    def facts(self, code: str) -> Sequence[Fact]:
        return self._world.facts.get((_province(self._who), code), ())

    def rule_breaks(self, fact: Fact, earlier: Sequence[Fact]) -> tuple[Piece, ...]:
        return breaks(fact, earlier, self._world.terms)


def held_since(found: Custody, now: datetime) -> datetime:
    """Since when the present holder has a shipment; now, when no fact of it stands."""
    held = takewhile(lambda step: step.holder == found.holder, reversed(found.steps))
    return min((step.at for step in held), default=now)


def as_json(piece: Piece) -> dict[str, str]:
    """A piece as the API answers it."""
    return {"code": piece.code, "message_vi": piece.message_vi, "message_en": piece.message_en}


def _move(row: dict[str, Any]) -> Move:
    return Move(row["code"], row["holding"].value, row["holder"], row["since"])


def _province(who: Who) -> str:
    province_id = who.scope.province_id
    assert province_id is not None  # whoever is no administrator has one
    return province_id


def _fail(waiting: Iterable[_Waiting], error: BaseException) -> None:
    for one in waiting:
        one.answer.set_exception(error)
