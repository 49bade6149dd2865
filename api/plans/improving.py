"""A plan that gets better while people look at it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Executor
from dataclasses import dataclass
from datetime import datetime

from api.plans.board import BoardState, PlanBoard
from api.plans.document import Answer, write_plan
from api.plans.planning import PreparedDay, solve_groups
from routing.stopping import StoppingCriterion


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on."""

    first: float = 8.0
    """Seconds of the first round; each one is twice as long as the one before."""
    whole: float = 120.0
    """Seconds of all rounds."""

    def rounds(self) -> Iterator[float]:
        """Length of each round, seconds."""
        spent, length = 0.0, self.first
        while spent < self.whole:
            length = min(length, self.whole - spent)
            yield length
            spent, length = spent + length, length * 2


def improve(
    board: PlanBoard,
    prepared: PreparedDay,
    answers: Sequence[Answer],
    *,
    executor: Executor,
    workers: int,
    seed: int,
    patience: Patience,
    stopped: threading.Event,
) -> None:
    """
    Search on from the plan on a board, round after round, and publish every better version; the last word is `DONE`.

    Parameters
    ----------
    answers
        Those of the plan on the board.
    stopped
        Set from outside: nothing more is published.
    """
    began, best = time.monotonic() - board.latest.seconds, tuple(answers)
    for number, seconds in enumerate(patience.rounds(), 1):
        starts = [answer.solution for answer in best]
        stop = StoppingCriterion(seconds=seconds)
        try:
            found = solve_groups(
                prepared.groups, stop, seed + number, executor=executor, workers=workers, starts=starts
            )
        except (RuntimeError, CancelledError):  # of a pool that broke, or was closed before it was asked
            if stopped.is_set():  # whoever stopped us has ended the searches too
                return
            raise
        if stopped.is_set():
            return
        better = tuple(new if new.total < old.total else old for new, old in zip(found, best, strict=True))
        if better != best:
            best = better
            _publish(board, prepared, best, time.monotonic() - began)
    board.publish(board.current, BoardState.DONE, time.monotonic() - began)


def _publish(board: PlanBoard, prepared: PreparedDay, answers: Sequence[Answer], seconds: float) -> None:
    plan = write_plan(
        prepared.inputs,
        prepared.groups,
        answers,
        created_at=datetime.now(prepared.inputs.network.settings.zone).replace(microsecond=0),
        version=board.current.version + 1,
    )
    board.publish(plan, BoardState.SOLVING, seconds)
