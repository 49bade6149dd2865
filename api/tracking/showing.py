"""A shipment's facts as the answer of a tracking page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from api.custody.replay import Step, replay
from api.custody.store import facts_of
from api.custody.vocabulary import EventType
from api.masking import masked_name
from api.shipments.model import ShipmentKind
from api.shipments.wishes import Wish, wish_of
from api.tallies.figures import ZONE
from api.tracking.schemas import OwnTrack, Seen, Track, Visited, Wished
from api.tracking.store import site_names
from api.tracking.telling import PROMISED, WORDS, State, told, whereabouts
from api.tracking.visits import Visit

_VISITED = frozenset({State.ANNOUNCED, State.AT_SITE, State.TRAVELLING, State.OUT, State.INVITED})
"""States in which a planned visit is still ahead."""


def track_of(connection: Connection, row: Row[Any]) -> Track:
    """What everybody may know."""
    return Track(**_facts(connection, row, own=False))


def own_track_of(connection: Connection, row: Row[Any], visit: Visit | None) -> OwnTrack:
    """What the citizen may know, who has the PIN; `visit` is the next one that is planned."""
    facts = _facts(connection, row, own=True)
    appointment = None if row.appointment_on is None else date.fromisoformat(row.appointment_on)
    name = None if row.name is None else half_masked(row.name)
    return OwnTrack(
        **facts,
        name=name,
        appointment_on=appointment,
        has_receipt=bool(facts["timeline"]),
        visit=_visited(visit) if facts["state"] in _VISITED else None,
        wish=_wished(wish_of(row)),
    )


def _visited(visit: Visit | None) -> Visited | None:
    if visit is None:
        return None
    return Visited(arrives=visit.arrives, under_way=visit.departs <= datetime.now(UTC))


def _wished(wish: Wish | None) -> Wished | None:
    return None if wish is None else Wished(note=wish.note, day=wish.day, window=wish.window_text, at=wish.at)


def half_masked(name: str) -> str:
    """`Nguyễn Văn An` is `Nguyễn V*** An`: who it is for recognises it, who found a slip learns little."""
    first, *rest = name.split() or [""]
    if not rest:
        return masked_name(first)
    return " ".join([first, *(masked_name(word) for word in rest[:-1]), rest[-1]])


def _facts(connection: Connection, row: Row[Any], *, own: bool) -> dict[str, Any]:
    key = row.province_id, row.code
    steps = replay(facts_of(connection, [key]).get(key, [])).steps
    now = whereabouts(steps)
    sites = {site for step in steps if (site := step.fact.event.data.site_id) is not None}
    names = site_names(connection, row.province_id, sites | ({now.site_id} if now.site_id else set()))
    words, due = WORDS[now.state], _due(row)
    site = names.get(now.site_id or "", now.site_id or "")
    stands = now.state in PROMISED
    return {
        "code": row.code,
        "kind": ShipmentKind(row.kind),
        "state": now.state,
        "state_vi": words.vi.format(site=site),
        "state_en": words.en.format(site=site),
        "since": now.since,
        "next_vi": words.next_vi,
        "next_en": words.next_en,
        "expected_on": due if stands else None,
        "is_overdue": stands and due < datetime.now(UTC).astimezone(ZONE).date(),
        "timeline": tuple(_seen(step, names, own=own) for step in steps),
    }


def _due(row: Row[Any]) -> date:
    """The promised day, or the later one that the citizen asked for."""
    wish, promised = wish_of(row), date.fromisoformat(row.due_on)
    return promised if wish is None or wish.day is None else max(promised, wish.day)


def _seen(step: Step, names: Mapping[str, str], *, own: bool) -> Seen:
    event = step.fact.event
    vi, en = told(event)
    site = event.data.site_id
    reason = getattr(event.data, "reason", None) if own and event.type is EventType.ATTEMPT else None
    return Seen(type=event.type, at=step.at, vi=vi, en=en, site=names.get(site, site) if site else None, reason=reason)
