"""On which leg a shipment was when its due day ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from api.custody.custodian import DONE, Holder, Holding
from api.custody.replay import Custody
from api.tallies.figures import passage_of

MORNING = datetime(2026, 11, 25, 1, tzinfo=UTC)
COURIER, SITE, LINE = Holder(Holding.COURIER, "C1"), Holder(Holding.SITE, "S1"), Holder(Holding.LINE, "L1")


def custody(*holders: Holder) -> Custody:
    """One holder after the other, an hour each; the last day but what is done is the 25th."""
    event = SimpleNamespace(type="DELIVER", data=SimpleNamespace(scans_only=None))
    fact: Any = SimpleNamespace(event=event)
    steps: Any = [
        SimpleNamespace(fact=fact, at=MORNING + timedelta(hours=n), holder=holder, is_told_again=False)
        for n, holder in enumerate(holders)
    ]
    return Custody(tuple(steps), frozenset())


@pytest.mark.parametrize(
    ("holders", "leg"),
    [
        ((), "nobody"),
        ((COURIER,), "pickup"),
        ((COURIER, SITE), "site"),
        ((COURIER, SITE, LINE), "line"),
        ((COURIER, SITE, LINE, COURIER), "delivery"),
        ((SITE, COURIER), "delivery"),
    ],
    ids=["nobody", "fetched", "at-a-site", "on-a-line", "brought", "from-a-desk"],
)
def test_a_leg_is_what_the_holder_of_the_due_day_did_with_it(holders: tuple[Holder, ...], leg: str) -> None:
    assert passage_of(custody(*holders), date(2026, 11, 25)).due_leg == leg
    assert passage_of(custody(*holders), None).due_leg == leg


def test_what_happened_after_the_due_day_counts_for_nothing() -> None:
    late = custody(COURIER, SITE, COURIER, DONE)
    assert passage_of(late, date(2026, 11, 24)).due_leg == "nobody"
    assert passage_of(late, date(2026, 11, 25)).due_leg == "done"
