"""What becomes of events in the dispatchers' queue, once all facts of some batches are known (`rejudging`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from api.custody.rejudging import Kept, World, is_covered, judged, with_judged
from api.custody.replay import Custody, replay
from api.custody.store import Code, NewEvent, State, facts_of, still_awaiting


class Queue:
    """Looks at events anew."""

    def __init__(self, connection: Connection, world: World, custodies: Mapping[Code, Custody]) -> None:
        self._connection, self._world = connection, world
        self._custodies = dict(custodies)
        self._judged = {
            code: judged(
                code[1],
                found,
                partial(world.terms, code),
                partial(world.scans_suffice, code),
                is_known=code in world.shipments,
            )
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
