"""More cores: the same problem searched by other processes with other seeds."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.synchronize import Event

from routing.model import Problem
from routing.objective import Objective
from routing.reference.engine import Found, search
from routing.solution import Solution
from routing.stopping import StoppingCriterion, Stopwatch

POLL_SECONDS = 0.05

_cancelled = threading.Event()
"""Of a fellow process."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What a fellow is asked to do."""

    problem: Problem
    objective: Objective
    ends_at: float | None
    """Unix time; starting a process takes a while."""
    iterations: int | None
    no_improvement: float | None
    seed: int
    start: Solution | None


@contextmanager
def fellows(
    problem: Problem,
    objective: Objective,
    stop: StoppingCriterion,
    seed: int,
    cores: int,
    start: Solution | None = None,
) -> Iterator[Callable[[], list[Found]]]:
    """
    Start `cores - 1` fellow searches.

    Yields
    ------
    A function that waits for their answers. They are told to stop when the block is left.
    """
    if cores == 1:
        yield list
        return
    context = multiprocessing.get_context("spawn")
    cancelled = context.Event()
    ends_at = None if stop.seconds is None else time.time() + stop.seconds
    order = _Order(problem, objective, ends_at, stop.iterations, stop.no_improvement, seed, start)
    with ProcessPoolExecutor(cores - 1, context, _listen, (cancelled,)) as executor:
        futures = [executor.submit(_obey, replace(order, seed=seed + k)) for k in range(1, cores)]
        try:
            yield lambda: _answers(futures, stop.cancel, cancelled)
        finally:
            cancelled.set()


def _answers(futures: list[Future[Found]], cancel: threading.Event | None, cancelled: Event) -> list[Found]:
    """Wait for the answers, and pass a cancellation on meanwhile."""
    while wait(futures, timeout=POLL_SECONDS).not_done:
        if cancel is not None and cancel.is_set():
            cancelled.set()
    return [future.result() for future in futures]


def _listen(cancelled: Event) -> None:
    """Runs once in each fellow: a cancellation reaches it from the process that started it."""

    def wait_for_it() -> None:
        cancelled.wait()
        _cancelled.set()

    threading.Thread(target=wait_for_it, daemon=True).start()


def _obey(order: _Order) -> Found:
    seconds = None if order.ends_at is None else order.ends_at - time.time()
    if seconds is not None and seconds <= 0:
        return Found(None, 0, 0)
    stop = StoppingCriterion(seconds, order.iterations, order.no_improvement, _cancelled)
    return search(order.problem, order.objective, Stopwatch(stop), order.seed, start=order.start)
