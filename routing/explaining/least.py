"""The least of a change that lets a shipment be carried: more of it never hurts, so the least is found by halving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from routing.explaining.causes import Cause
from routing.explaining.trial import Trial
from routing.solution import Relaxation


def least(trial: Trial, cause: Cause, may_try: Callable[[], bool]) -> Relaxation | None:
    """
    Find the least amount with which the route can be driven.

    Parameters
    ----------
    cause
        Its amount is tried first, and one less; only when these do not decide, amounts between are halved.
    may_try
        Asked before each try.

    Returns
    -------
    relaxation
        In the excerpt's numbers; None = not even the most helps, or the tries ran out.
    """

    def admits(amount: int) -> bool:
        if not may_try():
            raise _NoMoreTriesError
        return trial.fits(replace(cause.relaxation, amount=amount))

    try:
        amount = _least(admits, max(1, cause.relaxation.amount), cause.most)
    except _NoMoreTriesError:
        return None
    return None if amount is None else replace(cause.relaxation, amount=amount)


class _NoMoreTriesError(Exception):
    """The tries ran out."""


def _least(admits: Callable[[int], bool], guess: int, most: int) -> int | None:
    guess = min(guess, most)
    if guess < 1:
        return None
    if admits(guess):
        if guess == 1 or not admits(guess - 1):
            return guess
        below, enough = 0, guess - 1
    elif guess < most and admits(most):
        below, enough = guess, most
    else:
        return None
    while enough - below > 1:
        middle = (below + enough) // 2
        below, enough = (below, middle) if admits(middle) else (middle, enough)
    return enough
