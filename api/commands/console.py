"""How commands speak: results on stdout, progress and warnings on stderr, Vietnamese or English."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.errors import Language, RowError

LANGUAGE_VARIABLE = "DUONGTHU_LANG"

AsJson = Annotated[bool, typer.Option("--json", help="End with one line of JSON on stdout, and nothing else there.")]
Lang = Annotated[
    str,
    typer.Option("--lang", envvar=LANGUAGE_VARIABLE, help="Language of what is said: vi or en.", metavar="vi|en"),
]
DEFAULT_LANG = "vi"


def language(value: str) -> Language:
    """
    Check a language.

    Raises
    ------
    typer.BadParameter
        When it is neither vi nor en.
    """
    if value not in {"vi", "en"}:
        raise typer.BadParameter(f"vi / en, not {value!r}", param_hint="--lang")
    return cast("Language", value)


def asked_language(arguments: Iterable[str]) -> Language:
    """The language of a command line that may not even have been understood."""
    words = list(arguments)
    named = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    named += [after for word, after in pairwise(words) if word == "--lang"]
    chosen = named[-1] if named else os.environ.get(LANGUAGE_VARIABLE, DEFAULT_LANG)
    return "en" if chosen == "en" else "vi"


@dataclass(frozen=True, slots=True)
class Voice:
    """One command's mouth."""

    language: Language
    as_json: bool

    def text(self, vi: str, en: str) -> str:
        return vi if self.language == "vi" else en

    def number(self, value: float, decimals: int = 0) -> str:
        """`1.234,5` in Vietnamese, `1,234.5` in English."""
        text = f"{value:,.{decimals}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "vi" else text

    def say(self, vi: str, en: str) -> None:
        """Tell a person; on stderr when stdout belongs to a program."""
        typer.echo(self.text(vi, en), err=self.as_json)

    def note(self, vi: str, en: str) -> None:
        """Tell something on the way, on stderr."""
        typer.echo(self.text(vi, en), err=True)

    def compiling(self) -> None:
        """Say why the first use takes longer."""
        self.note(
            "Biên dịch bộ máy tìm kiếm cho lần dùng đầu tiên (chừng nửa phút) ...",
            "Compiling the search engine for its first use (about half a minute) ...",
        )

    def show(self, renderable: Any) -> None:
        """Draw a table for a person."""
        Console(stderr=self.as_json).print(renderable)

    def warn(self, warnings: Iterable[RowError]) -> None:
        for warning in warnings:
            label = self.text("Cảnh báo", "Warning")
            typer.echo(f"{label}: {warning.render(self.language)}", err=True)

    def result(self, facts: dict[str, Any]) -> None:
        """The machine's answer: the last line of stdout."""
        if self.as_json:
            typer.echo(json.dumps(facts, ensure_ascii=False))

    @contextmanager
    def stage(self, vi: str, en: str) -> Iterator[Stage]:
        """Show that something takes a while: a bar on a terminal, else one line."""
        text = self.text(vi, en)
        console = Console(stderr=True)
        if not console.is_terminal:
            typer.echo(f"{text} ...", err=True)
            yield Stage(None, None)
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield Stage(progress, progress.add_task(text, total=None))
        typer.echo(text, err=True)


@dataclass(frozen=True, slots=True)
class Stage:
    """Something under way."""

    progress: Progress | None
    task: Any

    def advance(self, done: float, total: float | None) -> None:
        """Say how far it is."""
        if self.progress is not None:
            self.progress.update(self.task, completed=done, total=total)


def stdout_line(facts: dict[str, Any]) -> None:
    """One JSON object as a line of stdout."""
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stdout.flush()
