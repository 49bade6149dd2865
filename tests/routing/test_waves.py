"""Which legs must go today, and what waiting costs the others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.model import FOREVER, Shipment
from routing.waves import Prices, Wait, must_go, price_of_waiting, with_waits

PRICES = Prices(may_go=20_000, urgency=60_000)

waits = st.builds(Wait, days_left=st.integers(-3, 30), is_visited_later=st.booleans(), priority=st.integers(0, 5))


def test_price_is_that_of_the_settings_where_nobody_else_is_expected() -> None:
    assert price_of_waiting(Wait(1), PRICES) == 80_000
    assert price_of_waiting(Wait(2), PRICES) == 50_000
    assert price_of_waiting(Wait(2, priority=1), PRICES) == 100_000


def test_price_is_halved_with_a_cheaper_day_in_sight() -> None:
    assert price_of_waiting(Wait(2, is_visited_later=True), PRICES) == 25_000


@given(wait=waits, later=st.integers(0, 10))
def test_waiting_is_never_dearer_with_more_days_or_a_visit_in_sight(wait: Wait, later: int) -> None:
    price = price_of_waiting(wait, PRICES)
    assert 0 < price_of_waiting(replace(wait, days_left=wait.days_left + later), PRICES) <= price
    assert price_of_waiting(replace(wait, is_visited_later=True), PRICES) <= price


@given(wait=waits)
def test_the_last_day_and_only_it_is_a_must(wait: Wait) -> None:
    assert must_go(wait, PRICES) == (wait.days_left <= 0)
    assert must_go(wait, replace(PRICES, spare_days=2)) == (wait.days_left <= 2)
    assert must_go(wait, replace(PRICES, batching=False))


def test_lines_bind_a_leg_and_never_loosen_what_binds_it_already() -> None:
    legs = [Shipment(pickup=0, latest_return=50_000), Shipment(pickup=0, latest_return=30_000), Shipment(delivery=0)]
    found = with_waits(legs, [Wait(1, latest_return=40_000), Wait(1, latest_return=40_000), Wait(0)], PRICES)
    assert [leg.latest_return for leg in found] == [40_000, 30_000, FOREVER]
    assert [leg.must_go for leg in found] == [False, False, True]


def test_every_leg_needs_its_wait() -> None:
    with pytest.raises(ValueError, match="zip"):
        with_waits([Shipment(delivery=0)], [], PRICES)
