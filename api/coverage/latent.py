"""
The dossiers and results that people have anyway, drawn once and kept for every remedy (common random numbers).

A latent dossier exists whatever is built. Whether it goes by post depends on its own draw against the share of its
place: where the share rises, none is lost. Each place has generators of its own, so that a change elsewhere draws
nothing anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from api.coverage.assumptions import Assumptions
from api.coverage.sampling import SampledDays
from api.network.model import Settlement

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Papers:
    """Dossiers, or results, of one place in the year; every array has one entry a paper, in the order of days."""

    place: Settlement
    kind: str
    """Of generators: `dossier`, `result`."""
    seed: int
    day: NDArray[np.int64]
    """Index in the year."""
    use: Floats
    """It goes by post where this is below the share."""
    online: Floats
    """It is filed online where this is below that share."""
    level: Floats
    """The commune decides where this is below that share."""
    agency: Floats
    """Which of the agencies, as a share of their number."""

    def on(self, day: int) -> tuple[int, int]:
        """The papers of a day: from and to."""
        return int(np.searchsorted(self.day, day, "left")), int(np.searchsorted(self.day, day, "right"))

    def generator(self, day: date) -> np.random.Generator:
        """For what is drawn of the papers of one day alone: doors, hours, weights."""
        return generator(self.seed, self.place, f"{self.kind} {day.isoformat()}")

    def by_post(self, share: float, online_share: float) -> NDArray[np.bool_]:
        """Which of them go by post."""
        chosen: NDArray[np.bool_] = (self.use < share) & (self.online >= online_share)
        return chosen


@dataclass(frozen=True, eq=False)
class LatentDemand:
    """Of all places, in their order."""

    dossiers: tuple[Papers, ...]
    results: tuple[Papers, ...]

    @cached_property
    def num_results(self) -> int:
        """Of the year."""
        return sum(papers.day.size for papers in self.results)


def draw_demand(
    places: tuple[Settlement, ...], days: SampledDays, assumptions: Assumptions, *, seed: int, level: float = 1.0
) -> LatentDemand:
    """
    Draw a year of papers.

    Parameters
    ----------
    level
        Of the whole province against what is assumed.
    """
    weights = np.array(days.weights)
    by_day = weights / weights.sum()
    rates = {"dossier": assumptions.dossiers_per_1000, "result": assumptions.results_per_1000}
    drawn = {
        kind: tuple(_draw(place, kind, rate * level, by_day, assumptions, seed) for place in places)
        for kind, rate in rates.items()
    }
    return LatentDemand(drawn["dossier"], drawn["result"])


def generator(seed: int, place: Settlement, about: str) -> np.random.Generator:
    """A generator of one place's own."""
    return np.random.default_rng([seed, crc32(place.settlement_id.encode()), crc32(about.encode())])


def _draw(place: Settlement, kind: str, per_1000: float, by_day: Floats, assumptions: Assumptions, seed: int) -> Papers:
    rng = generator(seed, place, kind)
    spread = assumptions.place_spread
    a_head = rng.lognormal(-spread * spread / 2, spread)
    total = int(rng.poisson(place.people * per_1000 / 1000 * a_head))
    day = np.repeat(np.arange(by_day.size), rng.multinomial(total, by_day))
    use, online, level, agency = (rng.random(total) for _ in range(4))
    return Papers(place, kind, seed, day, use, online, level, agency)
