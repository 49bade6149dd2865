"""Problems at the edge of the model: solved or refused with a reason, without a crash, without a hang."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.connection import Connection

import pytest

from routing.objective import Objective, weights
from tests.effort import draws
from tests.routing import watched
from tests.routing.degenerate import INT64_MAX, TWISTS, degenerate_problem

DRAWS = draws(usual=200, soak=10_000)
CHUNK = 100
"""Problems of one test."""


def test_every_twist_is_drawn_often() -> None:
    drawn = Counter(name for seed in range(400) for name in degenerate_problem(seed).twists)
    assert min(drawn[name] for name in TWISTS) >= 5


def test_totals_that_are_not_refused_fit_in_63_bits() -> None:
    for seed in range(400):
        case = degenerate_problem(seed)
        if not case.is_huge:
            for objective in Objective:
                prices = weights(case.problem, objective)
                assert 0 <= max(prices.must_go_left, prices.left) * len(case.problem.shipments) <= INT64_MAX, seed


def dies_of_the_second(answers: Connection, seeds: Sequence[int]) -> None:
    for seed in seeds:
        if seed == 1:
            os._exit(3)
        answers.send((seed, ""))


def hangs_at_the_second(answers: Connection, seeds: Sequence[int]) -> None:
    for seed in seeds:
        if seed == 1:
            time.sleep(1000)
        answers.send((seed, ""))


@pytest.mark.slow
def test_a_crash_or_a_hang_names_its_problem_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "SILENCE", 0.5)
    twists = ", ".join(degenerate_problem(1).twists)
    assert watched.faults(range(3), dies_of_the_second) == {1: f"crashes the process (exit code 3) ({twists})"}
    assert watched.faults(range(3), hangs_at_the_second, start_up=10) == {1: f"hangs for 0 s ({twists})"}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, DRAWS, CHUNK))
def test_degenerate_problems_neither_crash_nor_hang_and_name_what_stays(first: int) -> None:
    found = watched.faults(range(first, min(first + CHUNK, DRAWS)))
    assert not found, "\n".join(f"seed {seed}: {fault}" for seed, fault in found.items())
