"""Runs as Markdown: a table a family and time limit, a summary of each, the machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.solver.gaps import Cell, Summary, cells_of, summaries
from benchmarks.solver.results import Run
from benchmarks.tables import spread, table_head, table_row

MISSING = "-"


def render(runs: Sequence[Run]) -> str:
    """Write everything."""
    lines = ["# Engines side by side", ""]
    for machine in dict.fromkeys(run.machine for run in runs if run.machine):
        lines += [f"Machine: {machine}.", ""]
    lines += [_HOW_TO_READ, ""]
    for (family, seconds, cores), group in groups_of(runs):
        lines += [f"## {family}, {seconds:g} s on {cores} core(s)", "", *_table(cells_of(group)), ""]
        lines += [*_summary_table(summaries(cells_of(group))), ""]
        lines += _facts(group)
    return "\n".join(lines)


_HOW_TO_READ = (
    "A cell is vehicles / cost, each the median over the seeds, with the smallest and the largest in brackets where "
    "they differ; then the gap to the best known (* = the best seen here): vehicles, and cost where fewest vehicles "
    "are wanted only against an equal fleet. `x of n` = answers that did not stand: crashed, late, or refused by the "
    "exact schedule or the checker."
)


def groups_of(runs: Sequence[Run]) -> Iterator[tuple[tuple[str, float, int], list[Run]]]:
    """Runs that may be compared: of one family, at one limit."""
    grouped: dict[tuple[str, float, int], list[Run]] = {}
    for run in runs:
        grouped.setdefault((run.family, run.seconds, run.cores), []).append(run)
    yield from grouped.items()


def _table(cells: Sequence[Cell]) -> Iterator[str]:
    engines = list(dict.fromkeys(cell.engine for cell in cells))
    yield from table_head(["instance", "best", *engines])
    by_instance: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        by_instance.setdefault(cell.instance, {})[cell.engine] = cell
    for name, row in by_instance.items():
        shown = [_cell(row[engine]) if engine in row else MISSING for engine in engines]
        yield table_row([name, _best(next(iter(row.values()))), *shown])


def _best(cell: Cell) -> str:
    if cell.aim.cost is None:
        return MISSING
    vehicles = MISSING if cell.aim.vehicles is None else str(cell.aim.vehicles)
    return f"{vehicles} / {cell.aim.cost:,.1f}{'' if cell.aim.is_known else '*'}"


def _cell(cell: Cell) -> str:
    bad = len(cell.runs) - len(cell.good)
    stood = f"{bad} of {len(cell.runs)} x" if bad else ""
    if not cell.compared:
        return f"{stood} {_why(cell)}".strip()
    gaps = [_signed(gap) for gap in (cell.fleet_gap, cell.cost_gap) if gap is not None]
    vehicles = spread([run.vehicles for run in cell.compared], "g")
    cost = spread([run.cost for run in cell.compared], ",.1f")
    left = [run.unassigned for run in cell.compared]
    behind = f"left {spread(left, 'g')}" if any(left) else ""
    if cell.is_full_model:
        refused = [run.num_refused for run in cell.compared]
        stood = f"refused {spread(refused, 'g')}" if any(refused) else ""
    return " ".join(filter(None, [f"{vehicles} / {cost}", f"({', '.join(gaps)})" if gaps else "", behind, stood]))


def _why(cell: Cell) -> str:
    notes = [run.note for run in cell.runs if run.note]
    return f"({notes[0][:60].replace('|', ' ')})" if notes else ""


def _summary_table(rows: Sequence[Summary]) -> Iterator[str]:
    yield from table_head(
        [
            "engine", "version", "instances", "at best fleet", "mean fleet gap", "mean cost gap", "did not stand",
            "CPU s a run", "peak MB",
        ]
    )  # fmt: skip
    for row in rows:
        share = MISSING if row.at_best_fleet is None else f"{100 * row.at_best_fleet:.0f} %"
        yield table_row(
            [
                row.engine, row.version, str(row.instances), share, _percent(row.fleet_gap), _percent(row.cost_gap),
                f"{row.failed} of {row.runs}", f"{row.cpu_seconds:.1f}", f"{row.peak_memory_mb:.0f}",
            ]
        )  # fmt: skip


def _facts(runs: Sequence[Run]) -> list[str]:
    """What the daily rounds hold; other instances are described where they come from."""
    facts = dict.fromkeys((run.instance, run.facts) for run in runs if run.facts and run.family.startswith("daily"))
    lines = [f"- {name}: {fact}" for name, fact in facts]
    return [*lines, ""] if lines else []


def _percent(value: float | None) -> str:
    return MISSING if value is None else _signed(value)


def _signed(value: float) -> str:
    return f"{value:+.1f} %"


def live_line(run: Run) -> str:
    """One run on one line, for the eye."""
    known = "" if run.known_cost is None else f"{run.known_vehicles or MISSING}/{run.known_cost:.1f}"
    if not run.has_answer:
        return f"{run.family:14} {run.instance:18} {run.engine:12} {run.seed:3}  {run.note}"
    gap = "" if run.known_cost is None else f"{100 * (run.cost / run.known_cost - 1):+7.2f} %"
    fewer = "" if run.known_vehicles is None else f"{run.vehicles - run.known_vehicles:+d}"
    stood = "" if run.feasible else f"NOT FEASIBLE ({run.note[:50]})"
    return (
        f"{run.family:14} {run.instance:18} {run.engine:12} {run.seed:3} {run.vehicles:4} {fewer:>4} {run.cost:14.2f} "
        f"{gap:>10} {run.unassigned:5} {run.wall_seconds:7.1f} {run.cpu_seconds:7.1f} {run.iterations:9} "
        f"{run.peak_memory_mb:6.0f}  {known} {stood}"
    ).rstrip()


LIVE_HEAD = (
    f"{'family':14} {'instance':18} {'engine':12} {'sd':>3} {'veh':>4} {'+-':>4} {'cost':>14} {'gap':>10} {'left':>5} "
    f"{'wall s':>7} {'cpu s':>7} {'iter':>9} {'MB':>6}  best"
)
