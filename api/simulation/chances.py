"""
What happens by chance, each thing from its own seeded draw.

A draw depends on the seed, the day and what it is about, never on what was drawn before: a run that is resumed, or one
that plans otherwise, meets the same absences, delays and closed doors.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zlib import crc32

import numpy as np

from api.network.settings import Reality
from api.shipments.model import ShipmentKind
from routing.simulation import Noise


@dataclass(frozen=True, slots=True)
class Chances:
    """The draws of one run."""

    reality: Reality
    seed: int

    @property
    def noise(self) -> Noise:
        real = self.reality
        return Noise(travel=real.travel_noise, service=real.service_noise, day=real.day_noise)

    def generator(self, day: date, *about: str) -> np.random.Generator:
        """A generator of its own for one thing on one day."""
        name = "\0".join(about).encode()
        return np.random.default_rng([self.seed, day.toordinal(), crc32(name)])

    def is_absent(self, day: date, courier_id: str) -> bool:
        return self._happens(self.reality.courier_absent, day, "absent", courier_id)

    def line_delay(self, day: date, run: str, site_id: str) -> int:
        """Seconds that a run comes late to a site; it never comes early."""
        mean = 60 * self.reality.line_delay_minutes
        return int(self.generator(day, "line", run, site_id).exponential(mean)) if mean else 0

    def turned_away(self, day: date, code: str, kind: ShipmentKind) -> str:
        """Why a citizen's door does not take or give a shipment today: `refused` (results only), `absent`, or empty."""
        if kind is ShipmentKind.RESULT and self._happens(self.reality.refused, day, "refused", code):
            return "refused"
        return "absent" if self._happens(self.reality.nobody_home, day, "home", code) else ""

    def is_fetched(self, day: date, code: str) -> bool:
        """Whether the recipient comes to the counter."""
        return self._happens(self.reality.fetched_a_day, day, "fetched", code)

    def _happens(self, share: float, day: date, *about: str) -> bool:
        return share > 0 and bool(self.generator(day, *about).random() < share)
