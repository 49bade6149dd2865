"""Who there is, and what part of the post each may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person does in the service."""

    ADMIN = "admin"
    """Users, devices, settings."""
    DISPATCHER = "dispatcher"
    """Plans the rounds and watches the day."""
    PLANNER = "planner"
    """Network and scenarios; sees no personal data."""
    COURIER = "courier"
    DESK = "desk"
    """Accepts and hands over at a post office or an agency."""
    AUDITOR = "auditor"
    """Reads everything, ledger and looks included; changes nothing."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the post that somebody works in."""

    province_id: str | None
    """None = every province."""
    offices: frozenset[str] = frozenset()
    """Sites; none = all of the province."""

    def covers_province(self, province_id: str) -> bool:
        return self.province_id is None or self.province_id == province_id

    def covers(self, province_id: str, site_id: str | None) -> bool:
        """Whether an office, or with None what belongs to no office, lies inside."""
        inside = not self.offices or (site_id is not None and site_id in self.offices)
        return self.covers_province(province_id) and inside

    def within(self, other: Scope) -> bool:
        """Whether all of this lies inside another: nobody hands out more than they have."""
        if other.province_id is not None and self.province_id != other.province_id:
            return False
        return not other.offices or (bool(self.offices) and self.offices <= other.offices)


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever makes a request."""

    user_id: str
    name: str
    role: Role
    scope: Scope
    session_id: str
    courier_id: str | None = None
    """Of a courier: the one in the network."""
    device_id: str | None = None
    """When the request comes from an enrolled device."""
    must_change_password: bool = False
    """The password was given by somebody else: nothing else may be done before it is changed."""
    confirmed_at: datetime | None = None
    """When this session last gave the password; None = never, as a device."""
    must_wipe: bool = False
    """The device was revoked: it may hand in what it has, and nothing else."""
