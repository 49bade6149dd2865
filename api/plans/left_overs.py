"""
What waits from earlier days, one by one, and why each was left.

The cause is the last thing known: somebody tried in vain (the ledger), the last plan had no room for it or gave it to a
courier who did not do it (the published plan), or no plan has known it yet.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select

from api.auth.schemas import Strict
from api.custody.event_data import AttemptData
from api.custody.ordering import Fact
from api.custody.replay import replay
from api.custody.store import fact_of
from api.custody.tables import event_shipments, events
from api.custody.vocabulary import Reason
from api.network.store import latest_version, read_settings_at
from api.plans.schemas import Plan, Words, parse_plan
from api.plans.tables import plans
from api.reports.naming import Names, names_of
from api.shipments.store import waits
from api.shipments.tables import shipments

MOST = 500
"""Listed; the count says how many there are."""

Cause = Literal["attempted", "no_room", "not_done", "not_planned"]


class LeftOver(Strict):
    """A shipment that was ready before the day."""

    code: str
    kind: str
    origin: str
    """What the site, or else the commune, is called."""
    destination: str
    ready_on: date
    due_on: date
    cause: Cause
    """
    `attempted`: tried in vain; `no_room`: the last plan left it behind; `not_done`: that plan's courier did not do it;
    `not_planned`: no published plan has it.
    """
    on: date | None
    """Of the attempt or of the plan."""
    reason: Reason | None
    """Of the attempt."""
    detail: Words | None
    """Of the plan."""
    courier: str | None
    """Of the plan: the name."""


class LeftOvers(Strict):
    """What waits from earlier days, what is due first in front."""

    shipments: tuple[LeftOver, ...]
    count: int
    """All of them; no more than 500 are listed."""


@dataclass(frozen=True, slots=True)
class _Why:
    cause: Cause
    on: date | None = None
    reason: Reason | None = None
    detail: Words | None = None
    courier: str | None = None


def left_overs(connection: Connection, province_id: str, day: date) -> LeftOvers:
    """List what a plan of a day would find from earlier days."""
    older = waits(province_id, day) & (shipments.c.ready_day < day.toordinal())
    rows = connection.execute(
        select(shipments).where(older).order_by(shipments.c.due_on, shipments.c.code).limit(MOST)
    ).all()
    count = connection.scalar(select(func.count()).select_from(shipments).where(older)) or 0
    names, codes = names_of(connection, province_id, day), [row.code for row in rows]
    planned = _of_last_plan(connection, province_id, day, names)
    tried = _tried(connection, province_id, codes)
    never = _Why("not_planned")
    found = tuple(_left_over(row, _later(tried.get(row.code), planned.get(row.code)) or never, names) for row in rows)
    return LeftOvers(shipments=found, count=count)


def _later(tried: _Why | None, planned: _Why | None) -> _Why | None:
    """An attempt on the plan's day, or after it, is what became of the plan."""
    if tried is None or planned is None:
        return tried or planned
    assert tried.on is not None
    assert planned.on is not None
    return tried if tried.on >= planned.on else planned


def _left_over(row: Row[Any], why: _Why, names: Names) -> LeftOver:
    return LeftOver(
        code=row.code,
        kind=row.kind,
        origin=_place(names, row.origin_site, row.origin_commune),
        destination=_place(names, row.dest_site, row.dest_commune),
        ready_on=date.fromordinal(row.ready_day),
        due_on=date.fromisoformat(row.due_on),
        cause=why.cause,
        on=why.on,
        reason=why.reason,
        detail=why.detail,
        courier=why.courier,
    )


def _place(names: Names, site: str | None, commune: str) -> str:
    return names.sites.get(site, site) if site is not None else names.commune(commune) or commune


def _of_last_plan(connection: Connection, province_id: str, day: date, names: Names) -> dict[str, _Why]:
    """What the last published plan before a day says of its shipments."""
    found = connection.execute(
        select(plans.c.day, plans.c.document)
        .where(plans.c.province_id == province_id, plans.c.day < day.isoformat(), plans.c.status == "published")
        .order_by(plans.c.day.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return {}
    plan, on = parse_plan(found.document), date.fromisoformat(found.day)
    left = {one.shipment: _Why("no_room", on, detail=one.reasons[0].detail) for one in plan.unassigned}
    return left | {code: _Why("not_done", on, courier=names.couriers.get(who, who)) for code, who in _carried(plan)}


def _carried(plan: Plan) -> Iterator[tuple[str, str]]:
    for route in plan.routes:
        for trip in route.trips:
            for stop in trip.stops:
                yield from ((task.shipment, route.courier_id) for task in stop.tasks)


def _tried(connection: Connection, province_id: str, codes: Collection[str]) -> dict[str, _Why]:
    """The last attempt at each, as far as the ledger knows."""
    version = latest_version(connection, province_id)
    zone = read_settings_at(connection, province_id, version)[0].zone
    asked = (
        select(event_shipments.c.code, events.c.record)
        .join(events, events.c.seq == event_shipments.c.seq)
        .where(event_shipments.c.province_id == province_id, event_shipments.c.code.in_(codes))
        .order_by(events.c.seq)
    )
    facts = defaultdict[str, list[Fact]](list)
    for code, text in connection.execute(asked):
        facts[code].append(fact_of(json.loads(text)))
    found: dict[str, _Why] = {}
    for code, told in facts.items():
        for step in replay(told).steps:
            if isinstance(data := step.fact.event.data, AttemptData):
                on = step.fact.moment.astimezone(zone).date()
                found[code] = _Why("attempted", on, reason=data.reason)
    return found
