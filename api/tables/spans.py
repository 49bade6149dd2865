"""Parts of a day, in seconds after local midnight."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a day."""

    start: int
    """Seconds after local midnight."""
    end: int


@dataclass(frozen=True, slots=True)
class Rest:
    """A courier's break."""

    minutes: int
    window: Span
    """It begins within."""
