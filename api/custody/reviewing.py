"""What the queue says of shipments, judged anew when something else than an event has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.custody.invitations import Terms
from api.custody.ordering import Fact
from api.custody.province_rules import RuleBook, RulesInForce
from api.custody.queue_states import Queue
from api.custody.replay import replay
from api.custody.store import Code, facts_and_states, put_states
from api.shipments.moving_store import Registered, registered


@dataclass(frozen=True, slots=True)
class _Looked:
    """Some shipments as they are now: `rejudging.World`."""

    facts: Mapping[Code, Sequence[Fact]]
    shipments: Mapping[Code, Registered]
    rules: RulesInForce

    def terms(self, code: Code, fact: Fact) -> Terms:
        shipment = self.shipments.get(code)
        return self.rules.at(code[0], fact.moment).terms(fact, shipment and shipment.dest_commune)

    def scans_suffice(self, code: Code, fact: Fact) -> bool:
        return self.rules.scans_suffice(code[0], self.shipments.get(code), fact)


def review(connection: Connection, province_id: str, codes: Collection[str], at: datetime) -> None:
    """
    Judge the events of some shipments anew.

    The caller holds the end of the chain (`store.lock_head`), so that nobody adds to their events meanwhile.
    """
    facts, kept = facts_and_states(connection, [(province_id, code) for code in codes])
    if not facts:
        return
    world = _Looked(facts, registered(connection, facts), RuleBook().opened(connection, {province_id}))
    queue = Queue(connection, world, {code: replay(found) for code, found in facts.items()})
    changed = list(queue.changes(kept))
    if changed:
        put_states(connection, changed, at)
