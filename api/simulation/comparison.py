"""Two finished runs side by side: their figures, what was different in them, and whether they compare at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from api.commands.console import Voice
from api.simulation.folder import RUN
from api.simulation.report import RunReport, read_report
from api.simulation.tables import party_table, report_facts, report_table

_DIGITS = 22  # of a hash; a span has as many

SPAN = "span"
"""What differs when two runs cover other days."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two runs."""

    reports: tuple[RunReport, RunReport]
    changed: Mapping[str, tuple[Any, Any]]
    """Inputs and options, and the days that were run, that are not the same in both."""
    synthetic_roads: bool
    """At least one of them drove on invented roads."""

    @property
    def obstacles(self) -> tuple[str, ...]:
        """Why the figures do not compare: other shipments, or another span."""
        return tuple(name for name in ("shipments", SPAN) if name in self.changed)


def compare(first: Path, second: Path) -> Comparison:
    """
    Read two runs.

    Raises
    ------
    NotFoundError
        When a folder holds no finished run.
    """
    reports = [read_report(folder.resolve()) for folder in (first, second)]
    about = [json.loads((folder / RUN).read_text(encoding="utf-8")) for folder in (first, second)]
    facts = [{**told, SPAN: f"{report.first}..{report.last}"} for told, report in zip(about, reports, strict=True)]
    before, after = facts
    changed = {
        name: (before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if name != "first" and before.get(name) != after.get(name)
    }
    one, other = reports
    if one.name == other.name:
        one, other = replace(one, name=f"{one.name} (1)"), replace(other, name=f"{other.name} (2)")
    return Comparison((one, other), changed, any(told["synthetic_roads"] for told in about))


def comparison_facts(found: Comparison) -> dict[str, Any]:
    """Every figure of both runs, and by how much the second is above the first, for a program."""
    before, after = (report_facts(report) for report in found.reports)
    return {
        "runs": [before, after],
        "difference": _difference(before, after),
        "changed": {name: list(values) for name, values in found.changed.items()},
        "comparable": not found.obstacles,
        "synthetic_roads": found.synthetic_roads,
    }


def tables_of(found: Comparison, voice: Voice) -> list[Table]:
    """For a person: figures, who is to blame for late shipments, and what was different in the runs, if anything."""
    tables = [report_table(found.reports, voice), party_table(found.reports, voice)]
    return [*tables, _changed_table(found, voice)] if found.changed else tables


def _changed_table(found: Comparison, voice: Voice) -> Table:
    table = Table(title=voice.text("Khác nhau ở", "Different in"), title_justify="left")
    table.add_column("")
    for report in found.reports:
        table.add_column(Text(report.name))
    for name, values in found.changed.items():
        table.add_row(name, *(_short(value, voice) for value in values))
    return table


def comparison_markdown(found: Comparison, notes: Sequence[str], voice: Voice) -> str:
    """
    Write the comparison as a text to be kept: the same runs give the same bytes everywhere.

    Parameters
    ----------
    notes
        What must be said with it.
    """
    names = voice.text(" và ", " and ").join(report.name for report in found.reports)
    parts = [f"# {voice.text('So sánh mô phỏng', 'Simulations compared')}: {names}", *(f"> {note}" for note in notes)]
    for table in tables_of(found, voice):
        parts += [f"## {table.title}", "\n".join(_markdown(table))]
    return "\n\n".join(parts) + "\n"


def _markdown(table: Table) -> Iterator[str]:
    """A table's lines."""
    yield _line(str(column.header) for column in table.columns)
    yield _line("---:" if column.justify == "right" else "---" for column in table.columns)
    for cells in zip(*(column.cells for column in table.columns), strict=True):
        yield _line(map(str, cells))


def _line(cells: Iterable[str]) -> str:
    """One row; what is set in on a screen gets a dash."""
    shown = (cell.replace("|", "&#124;") for cell in cells)
    return f"| {' | '.join(f'– {cell.strip()}' if cell.startswith('  ') else cell for cell in shown)} |"


def _short(value: Any, voice: Voice) -> str:
    """An option or a hash, for a person."""
    if isinstance(value, bool):
        return voice.text("có", "yes") if value else voice.text("không", "no")
    if isinstance(value, list):
        return ", ".join(value) or "–"
    return "–" if value is None else str(value)[:_DIGITS]


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The second's numbers less the first's; a count that one of them lacks is 0."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name, 0), after.get(name, 0)
        if isinstance(one, Mapping):
            found[name] = _difference(one, other)
        elif isinstance(one, int):
            found[name] = other - one
    return found
