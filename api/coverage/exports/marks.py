"""Signs of a map: how far a place's post is, by colour and by shape; posts; what is new."""

from __future__ import annotations

from math import sqrt

from api.coverage.document import CoveragePlace, CoverageStudy
from api.coverage.exports.pictures import Area, Disc, Shape, Spot, diamond, square, triangle

BANDS = ("#0f5c4d", "#5fa88f", "#e0a030", "#b5460f")
"""Near to far; told apart in grey too, and by their shape beyond the main limit."""
_NO_WAY, _NO_WAY_EDGE = "#ffffff", "#a3231a"
_POST, _NEW = "#0d2b45", "#f5b321"
REACH = 1.3
"""How far the widest sign reaches, in radii."""


def radius_of(place: CoveragePlace, largest: int) -> float:
    """Points of paper; the area grows with the people."""
    return 2.4 + 4.2 * sqrt(place.people / largest)


def band(study: CoverageStudy, seconds: int | None) -> int | None:
    """Which limit a place keeps: 0 = the first, as many as there are limits = none; None = no way."""
    if seconds is None:
        return None
    return sum(seconds > minutes * 60 for minutes in sorted(study.limits_minutes))


def place_mark(study: CoverageStudy, found: int | None, at: Spot, radius: float) -> Shape:
    """A place in a band."""
    if found is None:
        return Area(diamond(at, radius * REACH), _NO_WAY, _NO_WAY_EDGE, 1.4)
    colour = BANDS[min(found, len(BANDS) - 1)]
    main = sorted(study.limits_minutes).index(study.main_minutes) if study.main_minutes in study.limits_minutes else 0
    return Disc(at, radius, colour) if found <= main else Area(triangle(at, radius * 1.25), colour, "#ffffff", 0.6)


def post_mark(at: Spot, half: float = 2.4) -> Shape:
    return Area(square(at, half), _POST, "#ffffff", 0.5)


def new_mark(at: Spot) -> Shape:
    return Area(diamond(at, 5), _NEW, _POST, 1.1)
