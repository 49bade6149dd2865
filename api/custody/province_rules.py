"""
The rules that a province's events are held against: its own, of the network in use at the moment of the event.

A version of a network never changes, so what it says is read once. A change of settings judges nobody backwards: an
event is held against the version that was in use when it happened, also when it comes in days later. What happened
before the first version is held against that one; a province without a network, against the law's own numbers.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from api.custody.evidence_rules import EvidenceRules
from api.custody.invitations import Terms, is_rural
from api.custody.ordering import Fact
from api.network.calendar import Calendar
from api.network.settings import Settings
from api.network.store import is_digital_enough, read_settings_at, version_moments
from api.shipments.moving_store import Registered

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProvinceRules:
    """What one version says."""

    evidence: EvidenceRules = field(default_factory=EvidenceRules)
    calendar: Calendar = field(default_factory=Calendar)
    settings: Settings = field(default_factory=Settings)

    def terms(self, fact: Fact, commune_code: str | None) -> Terms:
        """
        The terms for a shipment.

        Parameters
        ----------
        commune_code
            Its recipient's; None = not known, then the shorter storage counts, so that nobody is blamed wrongly.
        """
        settings = self.settings
        day = fact.moment.astimezone(settings.zone).date()
        rural = commune_code is not None and is_rural(commune_code, day)
        return Terms(self.calendar, settings.attempts, settings.storage, settings.zone, rural=rural)


USUAL: Final = ProvinceRules()


class RuleBook:
    """The versions read so far."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int], ProvinceRules] = {}

    def opened(self, connection: Connection, provinces: Collection[str]) -> RulesInForce:
        """Look at some provinces' versions as they are now."""
        return RulesInForce(connection, version_moments(connection, provinces), self._read)


class RulesInForce:
    """The rules of some provinces, while a transaction lasts."""

    def __init__(
        self,
        connection: Connection,
        versions: Mapping[str, list[tuple[datetime, int]]],
        read: dict[tuple[str, int], ProvinceRules],
    ) -> None:
        self._connection, self._versions, self._read = connection, versions, read
        self._digital: dict[tuple[str, int, str, date], bool] = {}

    def at(self, province_id: str, moment: datetime) -> ProvinceRules:
        """The rules of a province at a moment."""
        version = self._version(province_id, moment)
        if version is None:
            return USUAL
        key = province_id, version
        if key not in self._read:
            self._read[key] = _rules_of(self._connection, *key)
        return self._read[key]

    def scans_suffice(self, province_id: str, shipment: Registered | None, fact: Fact) -> bool:
        """Whether the list in force on the day of a fact says so of a shipment's procedure; False when none does."""
        version = self._version(province_id, fact.moment)
        if version is None or shipment is None or shipment.procedure_code is None:
            return False
        day = fact.moment.astimezone(self.at(province_id, fact.moment).settings.zone).date()
        key = province_id, version, shipment.procedure_code, day
        if key not in self._digital:
            self._digital[key] = is_digital_enough(self._connection, *key)
        return self._digital[key]

    def _version(self, province_id: str, moment: datetime) -> int | None:
        versions = self._versions.get(province_id)
        if not versions:
            return None
        return next((number for began, number in reversed(versions) if began <= moment), versions[0][1])


def _rules_of(connection: Connection, province_id: str, version: int) -> ProvinceRules:
    settings, days, errors = read_settings_at(connection, province_id, version)
    for error in errors:  # an import lets none pass; a newer program may be stricter, and an event has to be taken in
        logger.warning("settings: %s", error.render("en"), extra={"action": "custody", "province_id": province_id})
    return ProvinceRules(EvidenceRules().changed(settings.evidence), Calendar(days, settings.weekend), settings)
