"""Who goes to which point: walkers and riders each to their best one, reckoned by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from api.coverage.document import Means, RemedyKind
from api.coverage.remedies import Remedy, with_remedies
from api.coverage.terms import Served, Terms
from tests.api.coverage.line_province import line_lab

LAB = line_lab()
WALKING, RIDING = 0.3, 0.7


def served(*kinds: RemedyKind) -> Served:
    remedies = [Remedy("D-3", kind) for kind in kinds]
    return LAB.serve(with_remedies(LAB.as_it_is, remedies, LAB.situation, LAB.assumptions))


def terms_of(found: Served, place: str) -> Terms:
    return found.terms[LAB.situation.number[place]]


def drawn(found: Served, place: str, point: str, means: Means) -> float:
    """The share by minutes alone: one reads it off the curve."""
    column = [site.site_id for site in found.points].index(point)
    minutes = found.seconds[means][LAB.situation.number[place], column] / 60
    xs, ys = zip(*LAB.assumptions.response, strict=True)
    return float(np.interp(minutes, xs, ys))


def test_a_weekly_desk_wins_those_who_walk_and_not_those_who_ride() -> None:
    before, after = terms_of(served(), "D-3"), terms_of(served(RemedyKind.WEEKLY_VISIT), "D-3")
    now = served()
    walk, ride = (drawn(now, "D-3", "VH", means) for means in (Means.WALK, Means.MOTORBIKE))
    assert before.share == pytest.approx(WALKING * walk + RIDING * ride)
    at_the_desk = 0.125 * 0.5  # at the door of the desk, which comes once a week
    assert walk < at_the_desk < ride
    assert after.share == pytest.approx(WALKING * at_the_desk + RIDING * ride)
    assert [site.site_id for site in after.points] == ["VH", "LD-We-D-3"]
    assert after.upto == pytest.approx((RIDING * ride / after.share, 1.0))


def test_a_daily_point_wins_everybody() -> None:
    after = terms_of(served(RemedyKind.NEW_POINT), "D-3")
    assert after.share == pytest.approx(0.125)
    assert [site.site_id for site in after.points] == ["DM-D-3"]


def test_dossiers_are_handed_in_where_people_go() -> None:
    after = terms_of(served(RemedyKind.WEEKLY_VISIT), "D-3")
    draws = (np.arange(10_000) + 0.5) / 10_000
    found = Counter(after.point(draw).site_id for draw in draws.tolist())
    assert found["VH"] == pytest.approx(10_000 * after.upto[0], abs=1)
    assert after.point(0.0).site_id == "VH"
    assert after.point(np.nextafter(1.0, 0.0)).site_id == "LD-We-D-3"
