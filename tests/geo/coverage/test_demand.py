"""Demand: yearly totals hold exactly, no work no demand, Mondays are full, Tết is quiet."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.demand import DemandCommune, daily_counts, day_weights

TET = [date(2026, 2, 16) + timedelta(days=n) for n in range(5)]
YEAR = {
    day: day.weekday() < 5 and day not in TET
    for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
}  # fmt: skip
COMMUNES = [DemandCommune(f"{30_000 + n}", 10_000 + 2_000 * n) for n in range(54)]
HAU_GIANG = {"result": 29_310, "intake": 11_045}


def test_the_yearly_totals_of_hau_giang_hold_exactly() -> None:
    counts = daily_counts(COMMUNES, HAU_GIANG, YEAR, seed=7)
    assert {kind: int(table.sum()) for kind, table in counts.items()} == HAU_GIANG
    assert all(table.shape == (365, 54) for table in counts.values())


def test_there_is_no_demand_without_work() -> None:
    closed = ~np.array(list(YEAR.values()))
    for table in daily_counts(COMMUNES, HAU_GIANG, YEAR, seed=7).values():
        assert table.min() >= 0
        assert table[closed].sum() == 0
        assert (table[~closed].sum(axis=1) > 0).all()


@settings(max_examples=40)
@given(
    total=st.integers(0, 50_000),
    people=st.lists(st.integers(0, 200_000), min_size=1, max_size=20).filter(any),
    works=st.lists(st.booleans(), min_size=1, max_size=60).filter(any),
    seed=st.integers(0, 2**32 - 1),
)
def test_totals_hold_for_any_region(total: int, people: list[int], works: list[bool], seed: int) -> None:
    days = {date(2026, 1, 1) + timedelta(days=n): work for n, work in enumerate(works)}
    communes = [DemandCommune(str(n), number) for n, number in enumerate(people)]
    table = daily_counts(communes, {"result": total}, days, seed=seed)["result"]
    assert table.sum() == total
    assert table.min() >= 0
    assert table[~np.array(works)].sum() == 0
    assert table[:, np.array(people) == 0].sum() == 0


def test_demand_follows_population_and_weekday() -> None:
    table = daily_counts(COMMUNES, {"result": 1_000_000}, YEAR, seed=1)["result"]
    people = np.array([commune.population for commune in COMMUNES])
    assert np.corrcoef(table.sum(axis=0), people)[0, 1] > 0.85
    weekday = np.array([day.weekday() for day in YEAR])
    means = [table[(weekday == n) & (table.sum(axis=1) > 0)].sum(axis=1).mean() for n in range(5)]
    assert means[0] == max(means)
    assert means[4] == min(means)


def test_little_moves_around_tet() -> None:
    weight = dict(zip(YEAR, day_weights(YEAR), strict=True))
    usual = weight[date(2026, 3, 16)]
    assert weight[date(2026, 2, 17)] == 0
    assert weight[date(2026, 2, 23)] < 0.6 * usual  # the first Monday after
    assert weight[date(2026, 2, 13)] < weight[date(2026, 2, 6)]  # the last Friday before
    assert weight[date(2026, 3, 9)] == pytest.approx(usual)


def test_the_same_seed_gives_the_same_counts() -> None:
    first, second, other = (daily_counts(COMMUNES, HAU_GIANG, YEAR, seed=seed) for seed in (3, 3, 4))
    assert all(np.array_equal(first[kind], second[kind]) for kind in HAU_GIANG)
    assert not np.array_equal(first["result"], other["result"])


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        daily_counts(COMMUNES, {"result": -1}, YEAR, seed=0)
    with pytest.raises(ValueError, match="nobody"):
        daily_counts([DemandCommune("1", 0)], HAU_GIANG, YEAR, seed=0)
    with pytest.raises(ValueError, match="no working day"):
        daily_counts(COMMUNES, HAU_GIANG, dict.fromkeys(YEAR, False), seed=0)
    with pytest.raises(ValueError, match="population"):
        DemandCommune("1", -5)
