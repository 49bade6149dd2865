"""
Who may say what in an event: a device speaks for the person it was enrolled for, and for nobody else.

A courier's device names its courier; a desk's device its sites, those of the moment of the event, for desks change. A
courier who works in an office may speak for it when no courier is named. In a hand-over one side may name the other:
what that one says is an event of its own, which follows. Whoever corrects signs with their own id. A run of a line has
no device, so naming one binds nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.auth.roles import Role
from api.custody.event_data import CorrectData
from api.custody.events import Event
from api.custody.vocabulary import EventType

HAND_OVERS: Final = frozenset(
    {
        EventType.ARRIVE,
        EventType.OUT,
        EventType.HAND_AGENCY,
        EventType.COLLECT_RESULT,
        EventType.RETURN_DONE,
        EventType.EXCEPTION,
    }
)
"""Between a courier and a site of the post, either of which may tell it; and what one finds wrong with the other's."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long somebody worked in an office."""

    site_id: str
    since: datetime
    until: datetime | None = None
    """None = they still do."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a device was enrolled for."""

    user_id: str
    role: Role
    province_id: str | None
    courier_id: str | None = None
    """Of a courier: the one in the network."""
    terms: tuple[Term, ...] = ()

    def offices(self, moment: datetime) -> frozenset[str]:
        """Where they worked at a moment; of a desk, none = in all of the province, as in `Scope`."""
        return frozenset(
            term.site_id
            for term in self.terms
            if term.since <= moment and (term.until is None or moment < term.until)
        )  # fmt: skip

    def works_in(self, site_id: str, moment: datetime) -> bool:
        """Whether they may speak for a site."""
        offices = self.offices(moment)
        return site_id in offices or (not offices and self.role is not Role.COURIER)


def stranger(event: Event, owner: Owner, moment: datetime) -> str | None:
    """
    Whom an event speaks for, though its device is not theirs.

    Parameters
    ----------
    moment
        Of the event, by the server's clock.

    Returns
    -------
    name
        `courier BT-02`, `site BC-LX` or `user ...`; None = it says nothing that is not its owner's to say.
    """
    data = event.data
    if isinstance(data, CorrectData) and data.who not in (None, owner.user_id):
        return f"user {data.who}"
    strange_courier = data.courier_id is not None and data.courier_id != owner.courier_id
    strange_site = data.site_id is not None and not owner.works_in(data.site_id, moment)
    if owner.courier_id is None:
        is_theirs = not strange_site and (not strange_courier or event.type in HAND_OVERS)
    elif data.courier_id is None:
        is_theirs = not strange_site or event.type in HAND_OVERS
    else:
        is_theirs = not strange_courier
    if is_theirs:
        return None
    return f"courier {data.courier_id}" if strange_courier else f"site {data.site_id}"
