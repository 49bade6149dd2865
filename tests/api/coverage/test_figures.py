"""How papers that were due stand at the end of the sampled week, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from api.coverage.figures import Tally
from api.shipments.model import Shipment, ShipmentKind
from api.simulation.items import Item
from tests.api.coverage.line_province import line_lab

MONDAY, FRIDAY = date(2026, 9, 14), date(2026, 9, 18)


def paper() -> Shipment:
    lab = line_lab()
    rows = lab.writer.shipments(lab.serve(lab.as_it_is), lab.as_it_is)
    return next(row for row in rows if row.kind is not ShipmentKind.TRANSFER)


def tallied(*due_and_done: tuple[int, int | None]) -> Tally:
    """Days from Monday on which each paper was due and done; None = not done."""
    tally, at = Tally(), paper()
    for due, done in due_and_done:
        moment = None if done is None else datetime(2026, 9, 14, 10, tzinfo=at.ready_at.tzinfo) + timedelta(days=done)
        item = Item(replace(at, due_on=MONDAY + timedelta(days=due)), at.ready_at)
        item.done_at = moment
        tally.add_due(item, MONDAY, FRIDAY)
    return tally


def test_what_is_not_done_when_the_week_ends_is_late_and_told_apart() -> None:
    tally = tallied((4, None), (4, None), (0, 1), (2, 2), (3, 1), (3, 0), (1, 1), (4, 4))
    year = tally.year(50, dossiers=0, results=0, fixed_dong=0, postage_dong=0)
    assert year.unserved == 2
    assert (year.late, year.on_the_day, year.early) == pytest.approx((3 / 8, 3 / 8, 2 / 8))


def test_what_is_due_on_other_days_does_not_count() -> None:
    tally = tallied((-1, None), (5, None), (7, 2))
    assert (tally.unserved, tally.standing) == (0, {})


def test_a_part_is_taken_out_and_put_in_again_otherwise() -> None:
    whole = tallied((0, 0), (1, 2), (4, None))
    after = whole.changed(tallied((1, 2)), tallied((1, 1), (4, None)))
    year = after.year(50, dossiers=0, results=0, fixed_dong=0, postage_dong=0)
    assert year.unserved == 2
    assert (year.late, year.on_the_day) == (0.5, 0.5)
