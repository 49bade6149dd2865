"""What is remembered is what would be found, and a killed writer loses nothing that was written before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.coverage.memo import MemoExecutor, Store, problem_key
from api.plans.planning import solve_group
from routing.stopping import StoppingCriterion
from tests.api.coverage.line_province import Here
from tests.api.small_day import small_day

STEPS = StoppingCriterion(iterations=3)


class Counting(Here):
    """Counts what reaches it."""

    def __init__(self) -> None:
        self.calls = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls += 1
        return super().submit(fn, *args, **kwargs)


def ask(executor: Executor, seed: int = 1, stop: StoppingCriterion = STEPS) -> list[Any]:
    groups = small_day().prepare().groups
    return [executor.submit(solve_group, group.problem, stop, seed, None, explain=False).result() for group in groups]


def test_a_remembered_answer_is_the_one_that_would_be_found(tmp_path: Path) -> None:
    inner = Counting()
    memo = MemoExecutor(inner, Store(tmp_path / "known"))
    first, found = ask(memo), ask(Here())
    solved = inner.calls
    assert solved == memo.solved == len(found)
    assert first == found
    assert ask(memo) == found
    assert ask(MemoExecutor(inner, Store(tmp_path / "known"))) == found  # another process would read the same file
    assert inner.calls == solved


def test_another_seed_or_limit_is_another_question() -> None:
    inner = Counting()
    memo = MemoExecutor(inner, Store(None))
    ask(memo)
    asked = inner.calls
    ask(memo, seed=2)
    ask(memo, stop=StoppingCriterion(iterations=4))
    assert inner.calls == 3 * asked


def test_a_search_that_the_clock_ends_is_not_remembered() -> None:
    inner = Counting()
    memo = MemoExecutor(inner, Store(None))
    stop = StoppingCriterion(seconds=5, iterations=1)
    ask(memo, stop=stop)
    asked = inner.calls
    ask(memo, stop=stop)
    assert inner.calls == 2 * asked


def test_problems_made_anew_have_the_same_key() -> None:
    small_day.cache_clear()
    keys = []
    for _ in range(2):
        keys.append([problem_key(g.problem, STEPS, 1, None, explain=False) for g in small_day().prepare().groups])
        small_day.cache_clear()
    assert keys[0] == keys[1]


def test_a_failed_search_fails_whoever_waits_and_is_asked_again() -> None:
    class Failing(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(OSError("gone"))
            return future

    store = Store(None)
    with pytest.raises(OSError, match="gone"):
        ask(MemoExecutor(Failing(), store))
    assert ask(MemoExecutor(Here(), store)) == ask(Here())


_WRITER = """
import sys
from pathlib import Path
from api.coverage.memo import Store
store = Store(Path(sys.argv[1]))
number = 0
while True:
    store.put(f"key {number}", "x" * 20_000 + str(number))
    print(number, flush=True)
    number += 1
"""


@pytest.mark.slow
def test_a_writer_that_is_killed_leaves_whole_texts(tmp_path: Path) -> None:
    path = tmp_path / "known"
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    told = [int(writer.stdout.readline()) for _ in range(40)]
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    store = Store(path)
    for number in told:
        assert store.get(f"key {number}") == "x" * 20_000 + str(number)
    assert store.remember("new", TypeAdapter(int), lambda: 3) == store.remember("new", TypeAdapter(int), lambda: 4) == 3


class Later(Executor):
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.asked.append((Future(), lambda: fn(*args, **kwargs)))
        return self.asked[-1][0]


def test_who_asks_once_more_meanwhile_gets_a_future_of_their_own() -> None:
    later = Later()
    memo = MemoExecutor(later, Store(None))
    problem = small_day().prepare().groups[0].problem
    first, second = (memo.submit(solve_group, problem, STEPS, 1, None, explain=False) for _ in range(2))
    assert first is not second
    [(future, answer)] = later.asked
    future.set_result(answer())
    assert first.result() == second.result()


def test_a_search_that_fails_fails_for_everybody_who_waits() -> None:
    later = Later()
    memo = MemoExecutor(later, Store(None))
    problem = small_day().prepare().groups[0].problem
    first, second = (memo.submit(solve_group, problem, STEPS, 1, None, explain=False) for _ in range(2))
    later.asked[0][0].set_exception(ValueError("broken"))
    for waiting in (first, second):
        with pytest.raises(ValueError, match="broken"):
            waiting.result()
