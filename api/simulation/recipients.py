"""The rules for papers whose recipient was not met, in the simulation; the rules are custody's."""

from __future__ import annotations

from datetime import date

from api.custody.invitations import is_rural, next_invitation, storage_end
from api.network.model import Network
from api.simulation.items import Item

COUNTER_HOUR = 16 * 3600
"""Seconds after midnight: when the simulation lets recipients come to the counter."""


def invite(item: Item, day: date, network: Network) -> bool:
    """
    Invite the recipient once more, or keep the paper at the counter after the last invitation.

    Returns
    -------
    held
        Whether it is kept from now on, and nobody tries any more.
    """
    settings = network.settings
    item.invitations = (*item.invitations, day)
    if len(item.invitations) < settings.attempts.invitations:
        item.next_try = next_invitation(day, network.calendar, settings.attempts)
        return False
    rural = is_rural(item.shipment.dest_commune, day)
    item.held_until = storage_end(item.invitations[0], settings.storage, rural=rural)
    return True
