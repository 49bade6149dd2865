"""The pool of solving processes: what is left of it when it is closed."""

from __future__ import annotations

import multiprocessing
import threading
import time

import pytest

from api.plans.workers import solver_pool


@pytest.mark.slow
def test_nothing_of_a_pool_lives_on_when_it_is_left() -> None:
    """Neither its processes nor the thread that feeds them, even when they are at work."""
    threads, processes = set(threading.enumerate()), set(multiprocessing.active_children())
    began = time.monotonic()
    with solver_pool(2) as pool:
        for _ in range(8):
            pool.submit(time.sleep, 600)
    assert time.monotonic() - began < 60
    assert {t.name for t in set(threading.enumerate()) - threads if t.name.startswith("Thread")} == set()
    assert not any(process.is_alive() for process in set(multiprocessing.active_children()) - processes)


@pytest.mark.slow
def test_a_pool_is_closed_when_its_user_fails() -> None:
    before = set(multiprocessing.active_children())

    def fail() -> None:
        with solver_pool(1) as pool:
            pool.submit(time.sleep, 600)
            raise RuntimeError("no luck")

    with pytest.raises(RuntimeError, match="no luck"):
        fail()
    assert not any(process.is_alive() for process in set(multiprocessing.active_children()) - before)


def test_a_pool_that_its_user_has_shut_down_is_closed_too() -> None:
    before = set(multiprocessing.active_children())
    with solver_pool(1) as pool:
        pool.submit(time.sleep, 600)
        pool.shutdown(wait=False, cancel_futures=True)
    assert not any(process.is_alive() for process in set(multiprocessing.active_children()) - before)
