"""What is missing from an event, or contradicts it: a stable code and words for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a dispatcher has to clear up."""

    code: str
    """Stable; programs may depend on it."""
    message_vi: str
    message_en: str
