"""The rules for papers whose recipient was not met: invitations, storage, return; the numbers are the province's."""

from __future__ import annotations

from datetime import date, timedelta

from api.network.model import Network
from api.simulation.items import Item
from geo.units import load_communes

COUNTER_HOUR = 16 * 3600
"""Seconds after midnight: when the simulation lets recipients come to the counter."""

RURAL = frozenset({"xã", "đặc khu"})
"""Kinds of communes with the longer storage."""


def invite(item: Item, day: date, network: Network) -> bool:
    """
    Invite the recipient once more, or keep the paper at the counter after the last invitation.

    Storage counts from the first invitation, in days.

    Returns
    -------
    held
        Whether it is kept from now on, and nobody tries any more.
    """
    settings = network.settings
    item.invitations = (*item.invitations, day)
    if len(item.invitations) < settings.attempts.invitations:
        item.next_try = network.calendar.add_working_days(day, settings.attempts.gap_days)
        return False
    commune = load_communes(day).by_code.get(item.shipment.dest_commune)
    is_rural = commune is not None and commune.kind in RURAL
    days = settings.storage.rural_days if is_rural else settings.storage.town_days
    item.held_until = item.invitations[0] + timedelta(days=days)
    return True
