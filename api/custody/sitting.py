"""One sitting over the batches that came together: each question to the database is asked once for all of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection

from api.auth.roles import Role, Who
from api.custody.announcing import tell_subscribers
from api.custody.answers import Examined, judge
from api.custody.batch import Batch
from api.custody.batch_view import BatchView, province_of
from api.custody.chain import canonical, record_hash
from api.custody.event_data import DeliverData
from api.custody.events import Event
from api.custody.evidence_rules import named_files
from api.custody.invitations import Terms
from api.custody.ordering import Fact
from api.custody.personal import split
from api.custody.pieces import Piece
from api.custody.pin import StoredPin
from api.custody.pin_arrivals import NOT_CHECKED, PinCheck
from api.custody.province_rules import RuleBook, RulesInForce
from api.custody.queue_states import Queue
from api.custody.rejudging import as_json, own_pieces
from api.custody.replay import Custody, replay
from api.custody.store import (
    Code,
    Head,
    NewEvent,
    add_events,
    add_to_quarantine,
    facts_and_states,
    known_events,
    owned_devices,
    put_custody,
    put_states,
)
from api.custody.tree import leaf_hash
from api.custody.verdicts import Answer, Known, Verdict
from api.evidence.store import kept_files
from api.shipments.moving_store import Move, note_moves, registered
from api.tracking.store import count_attempt, stored_pins


class Sitting:
    """
    What the database knows about some batches, and what they add to it.

    Parameters
    ----------
    came
        Files that the batches bring.
    """

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
        codes = {(province_of(who), code) for who, event in events for code in event.shipments}
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
        answers = judge(batch.events, BatchView(self, batch))
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
        province_id = province_of(who)
        stored = [self._pins[province_id, code] for code in event.shipments if (province_id, code) in self._pins]
        courier = who.user_id if who.role is Role.COURIER else None
        found = self._pin_check.check(sealed, event.event_id, stored, self.now, courier=courier)
        tried = {(province_id, pin.shipment): pin for pin in found.stored}
        self._pins |= tried
        self._tried |= tried
        return found.incident

    def store(self, connection: Connection) -> None:
        for (province_id, _), pin in sorted(self._tried.items()):
            count_attempt(connection, province_id, pin)
        if self._new:
            custodies = {key: replay(self.facts[key]) for key in self._last_seq()}
            queue = Queue(connection, self, custodies)
            add_events(connection, self._new, [queue.state_of_new(event) for event in self._new], self.head)
            changed = list(queue.changes(self._kept))
            if changed:
                put_states(connection, changed, self.now)
            tell_subscribers(connection, self._new)
            held = list(self._custody(custodies))
            put_custody(connection, held, self._fresh)
            for province_id in {row["province_id"] for row in held}:
                note_moves(connection, province_id, [_move(row) for row in held if row["province_id"] == province_id])
        if self._refused:
            add_to_quarantine(connection, self._refused)

    def _add(self, batch: Batch, one: Examined, answer: Answer) -> None:
        event, raw, who = answer.event, one.raw, batch.who
        assert event is not None
        assert isinstance(raw, dict)
        offset_ms = batch.clock_offset // timedelta(milliseconds=1)
        parts = split(raw)
        record = canonical(
            {
                **parts.record,
                "province_id": province_of(who),
                "recorded_at": self.now.isoformat(timespec="milliseconds"),
                "clock_offset_ms": offset_ms,
            }
        )
        seq, self.head = self.head.size, Head(self.head.size + 1, record_hash(self.head.hash, record))
        self._new.append(
            NewEvent(
                seq=seq,
                event_id=event.event_id,
                province_id=province_of(who),
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
                device_id=event.device_id,
                counter=event.counter,
            )
        )
        self.known[event.event_id] = Known(answer.digest, who.user_id)
        for code in event.shipments:
            self.facts[province_of(who), code].append(Fact(event, timedelta(milliseconds=offset_ms)))

    def terms(self, code: Code, fact: Fact) -> Terms:
        shipment = self.shipments.get(code)
        return self.rules.at(code[0], fact.moment).terms(fact, shipment and shipment.dest_commune)

    def scans_suffice(self, code: Code, fact: Fact) -> bool:
        return self.rules.scans_suffice(code[0], self.shipments.get(code), fact)

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
            "province_id": province_of(batch.who), "sha256": sha256(content.encode()).hexdigest(),
            "sent_by": batch.who.user_id, "device_id": self._device_of(batch, one), "received_at": self.now,
            "reason": answer.pieces[0].code, "pieces": [as_json(piece) for piece in answer.pieces],
            "content": content,
        }  # fmt: skip

    def _device_of(self, batch: Batch, one: Examined) -> str | None:
        """The device that an event names, when it is one of the province; else the one that sent it, if any did."""
        named = self.devices.get(one.event.device_id) if one.event is not None else None
        is_ours = named is not None and named.owner.province_id == province_of(batch.who)
        return one.event.device_id if is_ours and one.event is not None else batch.who.device_id


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
            codes[province_of(who)].update(event.shipments)
    return {
        (province_id, code): pin
        for province_id in sorted(codes)
        for code, pin in stored_pins(connection, province_id, codes[province_id]).items()
    }


def _move(row: dict[str, Any]) -> Move:
    return Move(row["code"], row["holding"].value, row["holder"], row["since"])
