"""What one batch sees of the world: `verdicts.Context`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from api.auth.roles import Role, Who
from api.custody.batch import Batch
from api.custody.events import Event
from api.custody.invitations import RULED, breaks
from api.custody.ordering import Fact
from api.custody.owners import Owner
from api.custody.pieces import Piece
from api.custody.scans import SCANS_NOT_ENOUGH, is_scans_only
from api.custody.verdicts import Device, Known

if TYPE_CHECKING:
    from api.custody.sitting import Sitting


class BatchView:
    """For the person who sends it: the facts of their province, the devices that may speak through their session."""

    def __init__(self, world: Sitting, batch: Batch) -> None:
        self._world, self._who = world, batch.who
        self.clock_offset = batch.clock_offset
        self.now = world.now

    def known(self, event_id: str) -> Known | None:
        return self._world.known.get(event_id)

    def device(self, device_id: str) -> Device | None:
        """One's own; a phone that was replaced or handed over may leave its queue to the next one."""
        device = self._world.devices.get(device_id)
        if device is None or device.owner.province_id != province_of(self._who):
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
        return (province_of(self._who), code) in self._world.shipments

    def facts(self, code: str) -> Sequence[Fact]:
        return self._world.facts.get((province_of(self._who), code), ())

    def missing(self, fact: Fact) -> tuple[Piece, ...]:
        return self._world.rules.at(province_of(self._who), fact.moment).evidence.missing(fact.event)

    def rule_breaks(self, code: str, fact: Fact, others: Sequence[Fact]) -> tuple[Piece, ...]:
        key = province_of(self._who), code
        if is_scans_only(fact.event) and key in self._world.shipments and not self._world.scans_suffice(key, fact):
            return (SCANS_NOT_ENOUGH,)
        if fact.event.type not in RULED:
            return ()  # to find the terms takes longer than to see that none is asked for
        return breaks(fact, others, self._world.terms(key, fact))


def province_of(who: Who) -> str:
    province_id = who.scope.province_id
    assert province_id is not None  # whoever is no administrator has one
    return province_id
