"""What a check says, in both languages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from api.errors import Language


class State(StrEnum):
    """How it is."""

    OK = "ok"
    WARN = "warn"
    """It works, but not for long, or not safely."""
    FAIL = "fail"
    """Papers may be lost, or the service does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check."""

    check: str
    """Stable name."""
    state: State
    message_vi: str
    message_en: str
    todo_vi: str = ""
    """What to do; empty when all is well."""
    todo_en: str = ""

    def render(self, language: Language) -> str:
        """One line, and what to do on the next."""
        message, todo = (self.message_vi, self.todo_vi) if language == "vi" else (self.message_en, self.todo_en)
        return f"[{self.state:4}] {self.check}: {message}" + (f"\n         → {todo}" if todo else "")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def well(check: str, vi: str, en: str) -> Finding:
    return Finding(check, State.OK, vi, en)


def warning(check: str, said: tuple[str, str], todo: tuple[str, str]) -> Finding:
    """Say (vi, en) what is doubtful, and what to do."""
    return Finding(check, State.WARN, *said, *todo)


def failure(check: str, said: tuple[str, str], todo: tuple[str, str]) -> Finding:
    """Say (vi, en) what is broken, and what to do."""
    return Finding(check, State.FAIL, *said, *todo)
