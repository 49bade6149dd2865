"""Solving a day: every group, in parallel, in the given time, the same again with the same seed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import NotFoundError
from api.plans.board import BoardState, PlanBoard
from api.plans.improving import Patience, improve
from api.plans.planning import (
    LEAST_SECONDS,
    PlanProgress,
    plan_day,
    prepare_day,
    share_seconds,
    solve_groups,
    solve_provinces,
)
from api.plans.proof import check_document
from api.plans.schemas import Plan
from api.plans.workers import solvers
from routing.stopping import StoppingCriterion
from tests.api.greedy import answers_of, greedy_plan, small_plan
from tests.api.small_day import DAY, small_day

ONCE = StoppingCriterion(iterations=1)
CREATED = datetime(2026, 11, 15, 23, tzinfo=UTC)


class Here(Executor):
    """Runs everything at once, in this thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def _plan(stop: StoppingCriterion = ONCE, seed: int = 3, told: list[PlanProgress] | None = None) -> Plan:
    day = small_day()
    tell = told.append if told is not None else None
    return plan_day(
        day.network, day.shipments, day.roads, DAY, stop, seed, executor=Here(), created_at=CREATED, on_progress=tell
    )


def test_a_day_is_planned_and_proved() -> None:
    plan = _plan()
    prepared = small_day().prepare()
    assert list(check_document(plan, replace(prepared, inputs=replace(prepared.inputs, seed=3)))) == []
    assert plan.totals.must_go_unassigned == 0
    assert plan.created_at == CREATED


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    assert _plan() == _plan()


def test_progress_is_told_for_every_group() -> None:
    told: list[PlanProgress] = []
    _plan(told=told)
    assert [(progress.groups_done, progress.groups) for progress in told] == [(1, 2), (2, 2)]


def test_a_start_is_never_made_worse() -> None:
    prepared = small_day().prepare()
    starts = answers_of(prepared)
    found = solve_groups(prepared.groups, ONCE, 0, executor=Here(), starts=[answer.solution for answer in starts])
    assert all(new.total <= old.total for new, old in zip(found, starts, strict=True))


def test_an_empty_day_is_a_plan_too() -> None:
    day = small_day()
    shipments = replace(day.shipments, shipments=())
    plan = plan_day(day.network, shipments, day.roads, DAY, ONCE, 0, executor=Here(), created_at=CREATED)
    assert (plan.routes, plan.unassigned, plan.totals.shipments) == ((), (), 0)


@given(
    st.lists(st.integers(1, 1000), min_size=1, max_size=40),
    st.floats(1, 600, allow_nan=False),
    st.integers(1, 8),
)
def test_shares_of_time_fill_the_given_time(sizes: list[int], seconds: float, workers: int) -> None:
    shares = share_seconds(sizes, seconds, workers)
    busy = [0.0] * workers
    for share in sorted(shares, reverse=True):
        busy[busy.index(min(busy))] += share
    assert all(0 < share <= seconds for share in shares)
    assert max(busy) <= seconds + 1e-6
    if len(sizes) >= 4 * workers and LEAST_SECONDS * len(sizes) < seconds:
        assert max(busy) > seconds / 2


def test_larger_groups_get_more_time() -> None:
    small, large = share_seconds([10, 30], 4, 1)
    assert large == pytest.approx(3 * small)
    assert share_seconds([], 4, 2) == []


def _board(state: BoardState = BoardState.SOLVING) -> PlanBoard:
    day = small_day()
    return PlanBoard(small_plan(), day.network, day.shipments, day.roads, state=state, seconds=1.5)


def test_a_board_shows_the_latest_publication() -> None:
    board = _board()
    better = small_plan().model_copy(update={"version": 2})
    board.publish(better, BoardState.DONE, 9.0)
    assert (board.current, board.version, board.latest.seconds, board.day) == (better, 2, 9.0, DAY)


def test_a_waiting_reader_is_woken_by_a_publication() -> None:
    board = _board()
    woken: list[int] = []
    reader = threading.Thread(target=lambda: woken.extend([news.version for news in [board.wait_for(1, 10)] if news]))
    reader.start()
    board.publish(small_plan(), BoardState.DONE, 2.0)
    reader.join(10)
    assert woken == [2]


def test_waiting_in_vain_ends_after_the_timeout() -> None:
    began = time.monotonic()
    assert _board().wait_for(1, 0.05) is None
    assert time.monotonic() - began < 5


def test_a_subscription_ends_with_the_last_word() -> None:
    board = _board()
    board.publish(small_plan(), BoardState.DONE, 2.0)
    assert [news.state for news in board.subscribe() if news] == [BoardState.DONE]


def test_a_plan_is_improved_in_the_background_until_patience_ends() -> None:
    prepared = small_day().prepare()
    poor = answers_of(prepared)
    board = PlanBoard(
        greedy_plan(prepared, poor), small_day().network, small_day().shipments, small_day().roads,
        state=BoardState.SOLVING,
    )  # fmt: skip
    with ThreadPoolExecutor(1) as executor:
        improve(
            board, prepared, poor, executor=executor, workers=1, seed=0,
            patience=Patience(first=0.5, whole=0.5), stopped=threading.Event(),
        )  # fmt: skip
    assert board.latest.state is BoardState.DONE
    assert board.current.objective.total <= greedy_plan(prepared, poor).objective.total
    assert board.current.version in {1, 2}
    assert list(check_document(board.current, prepared)) == []


@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_closed_pool_ends_the_improving_quietly_only_when_it_was_stopped(is_stopped: bool) -> None:
    prepared = small_day().prepare()
    poor = answers_of(prepared)
    board, stopped = _board(), threading.Event()
    if is_stopped:
        stopped.set()
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with nullcontext() if is_stopped else pytest.raises(RuntimeError, match="after shutdown"):
        improve(
            board, prepared, poor, executor=executor, workers=1, seed=0, patience=Patience(), stopped=stopped
        )  # fmt: skip
    assert board.latest.state is not BoardState.DONE


def test_patience_doubles_and_ends() -> None:
    assert list(Patience(first=8, whole=60).rounds()) == [8, 16, 32, 4]


def test_provinces_are_solved_through_one_executor_like_each_of_them_alone() -> None:
    day = small_day()
    one, other = day.prepare(), prepare_day(day.network, day.shipments, day.roads, DAY, with_reserve=True)
    with ThreadPoolExecutor(2) as executor:
        together = solve_provinces([one, other], ONCE, 7, executor=executor)
        alone = [solve_groups(prepared.groups, ONCE, 7, executor=executor) for prepared in (one, other)]
    assert list(together) == alone
    assert [len(answers) for answers in together] == [len(one.groups), len(other.groups)]


@pytest.mark.slow
def test_a_cluster_gives_the_same_answers_as_this_process() -> None:
    distributed = pytest.importorskip("distributed")
    groups = small_day().prepare().groups
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as here,
        solvers(1, here.scheduler_address) as (executor, workers),
    ):
        assert workers == 2
        assert solve_groups(groups, ONCE, 3, executor=executor) == solve_groups(groups, ONCE, 3, executor=Here())


def test_a_cluster_that_does_not_answer_is_named() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(NotFoundError, match="nowhere://"), solvers(1, "nowhere://x"):
        pass
