"""
What has been solved is never solved again: an executor that remembers answers, in memory and in a run's folder.

The key is a hash of the whole problem, the limit and the seed, and searches that are limited by iterations always give
the same answer: what is remembered is exactly what would be found. The store is one SQLite file, so that a run that is
killed in the middle of a write leaves the answers before it.
"""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from api.plans.document import Answer
from api.plans.planning import solve_group
from routing.stopping import StoppingCriterion

T = TypeVar("T")
_ANSWER = TypeAdapter(Answer)


class Store:
    """
    Texts by key, in a file or (None) in memory alone; any thread may ask.

    A process that is killed loses what it was writing and nothing else: the writes of a transaction are all there, or
    none is.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._file = sqlite3.connect(":memory:" if path is None else path, timeout=60, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")  # a power cut may lose the last writes, never the file
        self._file.execute("CREATE TABLE IF NOT EXISTS known (key TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID")
        self._file.commit()

    def get(self, key: str) -> str | None:
        with self._lock:
            row = self._file.execute("SELECT text FROM known WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, text: str) -> None:
        with self._lock:
            self._file.execute("INSERT OR REPLACE INTO known VALUES (?, ?)", (key, text))
            self._file.commit()

    def remember(self, key: str, kind: TypeAdapter[T], make: Callable[[], T]) -> T:
        """What is known under a key, else what `make` makes; both come out of the same text."""
        text = self.get(key)
        if text is None:
            text = kind.dump_json(make()).decode()
            self.put(key, text)
        return kind.validate_json(text)

    def close(self) -> None:
        with self._lock:
            self._file.close()


@dataclass
class MemoExecutor(Executor):
    """Hands searches on to another executor, each of them once; anything else goes straight through."""

    inner: Executor
    store: Store
    asked: int = 0
    """Searches asked for."""
    solved: int = 0
    """Those that were not known."""
    _pending: dict[str, Future[Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if fn is not solve_group or not _repeats(args[1]):
            return self.inner.submit(fn, *args, **kwargs)
        key = problem_key(*args, **kwargs)
        with self._lock:
            self.asked += 1
            if key in self._pending:
                return _following(self._pending[key])
            text = self.store.get(key)
            if text is not None:
                return _done(_ANSWER.validate_json(text))
            self.solved += 1
            answer: Future[Any] = Future()
            self._pending[key] = answer
        self.inner.submit(fn, *args, **kwargs).add_done_callback(lambda found: self._keep(key, found, answer))
        return answer

    def _keep(self, key: str, found: Future[Any], answer: Future[Any]) -> None:
        """Write an answer down, and hand on what was written: known or new, it is the same."""
        try:
            text = _ANSWER.dump_json(found.result()).decode()
            self.store.put(key, text)
            kept = _ANSWER.validate_json(text)
        except BaseException as error:  # noqa: BLE001 - it belongs to who waits for the answer
            answer.set_exception(error)
        else:
            answer.set_result(kept)
        with self._lock:
            self._pending.pop(key, None)


def problem_key(problem: object, stop: StoppingCriterion, seed: int, start: object, *, explain: bool = True) -> str:
    """A hash of everything that decides the answer."""
    content = pickle.dumps((problem, stop.iterations, seed, start, explain), protocol=5)
    return hashlib.sha256(content).hexdigest()


def _repeats(stop: StoppingCriterion) -> bool:
    """Whether a search gives the same answer each time: the clock does not end it."""
    return stop.seconds is None and stop.no_improvement is None and stop.cancel is None


def _following(asked: Future[Any]) -> Future[Any]:
    """The same answer for who asks once more: whoever waits for several futures tells them apart."""
    follower: Future[Any] = Future()

    def hand_on(found: Future[Any]) -> None:
        error = found.exception()
        if error is None:
            follower.set_result(found.result())
        else:
            follower.set_exception(error)

    asked.add_done_callback(hand_on)
    return follower


def _done(answer: Answer) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(answer)
    return future
