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
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import Connection

from api.auth.roles import Role, Who
from api.custody.answers import Answer, Device, Examined, Known, Verdict, judge
from api.custody.chain import canonical, record_hash
from api.custody.events import DeliverData, Event
from api.custody.evidence_rules import named_files
from api.custody.invitations import RULED, Terms, breaks
from api.custody.ordering import Fact
from api.custody.owners import Owner
from api.custody.personal import split
from api.custody.pieces import Piece
from api.custody.pin import StoredPin
from api.custody.pin_arrivals import NOT_CHECKED, PinCheck
from api.custody.province_rules import RuleBook, RulesInForce
from api.custody.rejudging import Kept, as_json, is_covered, judged, own_pieces, with_judged
from api.custody.replay import Custody, replay
from api.custody.store import (
    Code,
    Head,
    NewEvent,
    State,
    add_events,
    add_to_quarantine,
    facts_and_states,
    facts_of,
    files_came,
    known_events,
    lock_head,
    open_ledger,
    owned_devices,
    put_custody,
    put_states,
    still_awaiting,
)
from api.custody.tree import leaf_hash
from api.db.writer import Writer
from api.errors import ApiError, ForbiddenError
from api.evidence.files import Stored
from api.evidence.store import add_files, kept_files
from api.shipments.store import Move, note_moves, registered
from api.tracking.store import count_attempt, stored_pins
from api.webhooks.kinds import Kind
from api.webhooks.store import announce, hearers

logger = logging.getLogger(__name__)

MOST_EVENTS: Final = 500
"""In one batch."""


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
    pins
        Opens sealed PINs; without it each stays "not yet checked".
    """

    def __init__(self, writer: Writer, origin: str, *, pins: PinCheck | None = None) -> None:
        self._writer = writer
        self._pins = pins
        self._rules = RuleBook()
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
        came = {file.sha256 for file, _ in files}
        if files:
            add_files(connection, files, now)
            files_came(connection, came, now)
        world = _World(connection, batches, now, self._rules, head, self._pins, came)
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
        rules: RuleBook,
        head: Head,
        pin_check: PinCheck | None,
        came: AbstractSet[str],
    ) -> None:
        events = [(batch.who, one.event) for batch in batches for one in batch.events if one.event is not None]
        codes = {(_province(who), code) for who, event in events for code in event.shipments}
        self.now, self.head = now, head
        self.rules: RulesInForce = rules.opened(connection, {province_id for province_id, _ in codes})
        named = {name for _, event in events for name in named_files(event)}
        self.files = came | kept_files(connection, named - came)
        self.known = known_events(connection, _spoken_of(event for _, event in events)) if events else {}
        self.devices = owned_devices(connection, {event.device_id for _, event in events}) if events else {}
        self.shipments = registered(connection, codes)
        self.facts, self._kept = facts_and_states(connection, codes)
        self._pin_check = pin_check
        self._pins = _pins(connection, events)
        self._tried: dict[Code, StoredPin] = {}
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

    def check_pin(self, who: Who, event: Event) -> Piece | None:
        """Once for each event that is taken in, so each attempt counts once."""
        sealed = _sealed(event)
        if sealed is None:
            return None
        if self._pin_check is None:
            return NOT_CHECKED
        province_id = _province(who)
        stored = [self._pins[province_id, code] for code in event.shipments if (province_id, code) in self._pins]
        found = self._pin_check.check(sealed, event.event_id, stored, self.now)
        tried = {(province_id, pin.shipment): pin for pin in found.stored}
        self._pins |= tried
        self._tried |= tried
        return found.incident

    def store(self, connection: Connection) -> None:
        for (province_id, _), pin in sorted(self._tried.items()):
            count_attempt(connection, province_id, pin)
        if self._new:
            custodies = {key: replay(self.facts[key]) for key in self._last_seq()}
            queue = _Queue(connection, self, custodies)
            add_events(connection, self._new, [queue.state_of_new(event) for event in self._new], self.head)
            changed = list(queue.changes(self._kept))
            if changed:
                put_states(connection, changed, self.now)
            self._tell_subscribers(connection)
            held = list(self._custody(custodies))
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
                own_pieces=own_pieces(answer.pieces),
                awaits=tuple(name for name in named_files(event) if name not in self.files),
            )
        )
        self.known[event.event_id] = Known(answer.digest, who.user_id)
        for code in event.shipments:
            self.facts[_province(who), code].append(Fact(event, timedelta(milliseconds=offset_ms)))

    def terms(self, code: Code, fact: Fact) -> Terms:
        return self.rules.at(code[0], fact.moment).terms(fact, self.shipments.get(code))

    def _last_seq(self) -> dict[Code, int]:
        return {(event.province_id, code): event.seq for event in self._new for code in event.shipments}

    def _custody(self, custodies: Mapping[Code, Custody]) -> Iterable[dict[str, Any]]:
        for key, seq in self._last_seq().items():
            found = custodies[key]
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
        self.now = world.now

    def known(self, event_id: str) -> Known | None:
        return self._world.known.get(event_id)

    def device(self, device_id: str) -> Device | None:
        """One's own; a phone that was replaced or handed over may leave its queue to the next one."""
        device = self._world.devices.get(device_id)
        if device is None or device.owner.province_id != _province(self._who):
            return None
        if device.owner.user_id == self._who.user_id:
            is_own = self._who.device_id in (None, device_id) or device.barred or device.revoked_at is not None
            return device if is_own else replace(device, is_carried=True)
        if self._is_colleague(device.owner):
            return replace(device, shared_with=self._who.user_id)
        return replace(device, is_carried=True)

    def _is_colleague(self, owner: Owner) -> bool:
        """Whether both work at one desk, and so at one computer."""
        offices = self._who.scope.offices
        return owner.role is self._who.role is Role.DESK and bool(offices) and owner.offices(self.now) == offices

    def check_pin(self, event: Event) -> Piece | None:
        return self._world.check_pin(self._who, event)

    def has_file(self, sha256: str) -> bool:
        return sha256 in self._world.files

    def is_shipment(self, code: str) -> bool:
        return (_province(self._who), code) in self._world.shipments

    def facts(self, code: str) -> Sequence[Fact]:
        return self._world.facts.get((_province(self._who), code), ())

    def missing(self, fact: Fact) -> tuple[Piece, ...]:
        return self._world.rules.at(_province(self._who), fact.moment).evidence.missing(fact.event)

    def rule_breaks(self, code: str, fact: Fact, others: Sequence[Fact]) -> tuple[Piece, ...]:
        if fact.event.type not in RULED:
            return ()  # to find the terms takes longer than to see that none is asked for
        return breaks(fact, others, self._world.terms((_province(self._who), code), fact))


class _Queue:
    """What becomes of events in the dispatchers' queue, once all facts of a batch are known (`rejudging`)."""

    def __init__(self, connection: Connection, world: _World, custodies: Mapping[Code, Custody]) -> None:
        self._connection, self._world = connection, world
        self._custodies = dict(custodies)
        self._judged = {
            code: judged(code[1], found, partial(world.terms, code), is_known=code in world.shipments)
            for code, found in custodies.items()
        }
        self._revised = {
            code for code in custodies if any(fact.event.replaces is not None for fact in world.facts[code])
        }
        """Where an event may have become void, or stand again."""

    def state_of_new(self, event: NewEvent) -> State:
        pieces = self._pieces(event.province_id, event.event_id, event.shipments, event.own_pieces)
        is_void = self._is_void(event.province_id, event.event_id, event.shipments)
        return State(event.seq, pieces, not is_void and bool(pieces or event.awaits))

    def changes(self, kept: Mapping[str, Kept]) -> Iterable[State]:
        """Of the events that were here before, those that are looked at differently now."""
        looked = [
            (code[0], event_id, kept[event_id])
            for code in self._judged
            for event_id in dict.fromkeys(fact.event.event_id for fact in self._world.facts[code])
            if event_id in kept and (code in self._revised or self._is_news(code, event_id, kept[event_id]))
        ]
        awaiting = still_awaiting(self._connection, [one.seq for *_, one in looked]) if looked else set()
        for province_id, event_id, one in {event_id: found for found in looked for event_id in [found[1]]}.values():
            pieces = self._pieces(province_id, event_id, one.shipments, one.pieces)
            if one.is_decided and is_covered(pieces, one.pieces):
                continue
            lacks = bool(pieces) or one.seq in awaiting
            is_open = lacks and not self._is_void(province_id, event_id, one.shipments)
            if (pieces, is_open) != (one.pieces, one.is_open):
                yield State(one.seq, pieces, is_open)

    def _is_news(self, code: Code, event_id: str, one: Kept) -> bool:
        return self._judged[code].get(event_id, []) != [p for p in one.pieces if p.get("shipment") == code[1]]

    def _pieces(self, province_id: str, event_id: str, codes: Sequence[str], stored: list[Any]) -> list[Any]:
        pieces = stored
        for code in codes:
            if (province_id, code) in self._judged:
                pieces = with_judged(pieces, code, self._judged[province_id, code].get(event_id, []))
        order = {code: number for number, code in enumerate(codes)}
        return sorted(pieces, key=lambda piece: order.get(piece.get("shipment"), -1))

    def _is_void(self, province_id: str, event_id: str, codes: Sequence[str]) -> bool:
        """Void for each of its shipments, also for those that this batch does not touch."""
        return all(event_id in self._custody((province_id, code)).void for code in codes)

    def _custody(self, code: Code) -> Custody:
        if code not in self._custodies:
            self._custodies[code] = replay(facts_of(self._connection, [code]).get(code, ()))
        return self._custodies[code]


def held_since(found: Custody, now: datetime) -> datetime:
    """Since when the present holder has a shipment; now, when no fact of it stands."""
    held = takewhile(lambda step: step.holder == found.holder, reversed(found.steps))
    return min((step.at for step in held), default=now)


def _spoken_of(events: Iterable[Event]) -> set[str]:
    """Events, and those that they replace."""
    return {name for event in events for name in (event.event_id, event.replaces) if name is not None}


def _sealed(event: Event) -> str | None:
    return event.data.pin_sealed if isinstance(event.data, DeliverData) else None


def _pins(connection: Connection, events: Iterable[tuple[Who, Event]]) -> dict[Code, StoredPin]:
    """Those that the events need; mostly none."""
    codes: dict[str, set[str]] = defaultdict(set)
    for who, event in events:
        if _sealed(event) is not None:
            codes[_province(who)].update(event.shipments)
    return {
        (province_id, code): pin
        for province_id in sorted(codes)
        for code, pin in stored_pins(connection, province_id, codes[province_id]).items()
    }


def _move(row: dict[str, Any]) -> Move:
    return Move(row["code"], row["holding"].value, row["holder"], row["since"])


def _province(who: Who) -> str:
    province_id = who.scope.province_id
    assert province_id is not None  # whoever is no administrator has one
    return province_id


def _fail(waiting: Iterable[_Waiting], error: BaseException) -> None:
    for one in waiting:
        one.answer.set_exception(error)
