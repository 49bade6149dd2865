"""Runs as Markdown: the graphs, ns an entry, preparation, and what was asked of our engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from benchmarks.roads.results import Run, Task
from benchmarks.tables import spread, table_head, table_row

MISSING = "-"
Group = tuple[str, bool, str]
"""Graph, turns, engine."""


def render(runs: Sequence[Run]) -> str:
    """Write everything."""
    lines = ["# Road engines side by side", ""]
    for machine in dict.fromkeys(run.machine for run in runs if run.machine):
        lines += [f"Machine: {machine}.", ""]
    lines += [_HOW_TO_READ, ""]
    tables = (
        ("Graphs", _graphs), ("Nanoseconds a matrix entry", _entries), ("Preparation, seconds", _preparation),
        ("Peak memory of the process, MB", _memory), ("Extracts, all profiles", _builds), ("Compiling", _compiling),
    )  # fmt: skip
    for title, table in tables:
        found = list(table(runs))
        lines += [f"## {title}", "", *found, ""] if found else []
    left_out = list(_left_out(runs))
    return "\n".join([*lines, *(["## Left out, or did not stand", "", *left_out, ""] if left_out else [])])


_HOW_TO_READ = (
    "One core, each run a process of its own. Figures are medians over the seeds, with the smallest and the largest in "
    "brackets. Turns: `on` = delays at crossings and forbidden turns, `off` = every turn free. `n rows` = the engine "
    "computed only so many rows of the matrix, and its figure is that of these rows. A sample of rows of every run was "
    "compared with scipy's Dijkstra on the same graph, and was equal to the last bit; what was not has no figure."
)


def groups_of(runs: Sequence[Run]) -> dict[Group, list[Run]]:
    """Runs of one engine on one graph whose answers stood."""
    found: dict[Group, list[Run]] = {}
    for run in runs:
        if run.task == Task.MATRIX and run.has_answer and run.stands:
            found.setdefault((run.graph, run.turns, run.engine), []).append(run)
    return found


def _rows_of(runs: Sequence[Run]) -> dict[tuple[str, bool], dict[str, list[Run]]]:
    """By graph and turns, then engine."""
    rows: dict[tuple[str, bool], dict[str, list[Run]]] = {}
    for (graph, turns, engine), group in groups_of(runs).items():
        rows.setdefault((graph, turns), {})[engine] = group
    return rows


def _graphs(runs: Sequence[Run]) -> Iterator[str]:
    own = [(key, row["own"][0]) for key, row in _rows_of(runs).items() if "own" in row]
    if own:
        yield from table_head(["graph", "turns", "nodes", "arcs", "crossings", "vertices", "edges", "shortcuts"])
    for (graph, turns), run in own:
        counts = (run.nodes, run.arcs, run.crossings, run.vertices, run.edges, run.shortcuts)
        yield table_row([graph, _turns(turns), *(f"{count:,}" for count in counts)])


def _entries(runs: Sequence[Run]) -> Iterator[str]:
    """Each engine, and ours once more with metres and seconds taken apart."""
    units = "own, as m and s"

    def shown(group: Sequence[Run]) -> str:
        rows = sorted(run.sources for run in group)
        fewest = (
            "" if rows[0] == group[0].points else f" ({'-'.join(map(str, dict.fromkeys((rows[0], rows[-1]))))} rows)"
        )
        return spread([run.ns_per_entry for run in group], ",.0f") + fewest

    rows = _rows_of(runs)
    if not rows:
        return
    engines = list(dict.fromkeys(engine for row in rows.values() for engine in row))
    yield from table_head(["graph", "turns", "points", *engines, units])
    for (graph, turns), row in rows.items():
        points = str(next(iter(row.values()))[0].points)
        cells = [shown(row[engine]) if engine in row else MISSING for engine in engines]
        own = [run.ns_with_units for run in row.get("own", ()) if run.ns_with_units]
        yield table_row([graph, _turns(turns), points, *cells, spread(own, ",.0f") if own else MISSING])


def _preparation(runs: Sequence[Run]) -> Iterator[str]:
    own = [(key, row["own"]) for key, row in _rows_of(runs).items() if "own" in row]
    if own:
        yield from table_head(["graph", "turns", "network", "contraction", "a road closed: ready again after"])
    for (graph, turns), group in own:
        again = [run.again_seconds for run in group if run.again_seconds]
        yield table_row(
            [
                graph, _turns(turns), spread([run.network_seconds for run in group], ".2f"),
                spread([run.contract_seconds for run in group], ".2f"), spread(again, ".2f") if again else MISSING,
            ]
        )  # fmt: skip


def _memory(runs: Sequence[Run]) -> Iterator[str]:
    return _by_engine(runs, lambda run: run.peak_memory_mb, ",.0f")


def _by_engine(runs: Sequence[Run], value: Callable[[Run], float], form: str) -> Iterator[str]:
    rows = _rows_of(runs)
    engines = list(dict.fromkeys(engine for row in rows.values() for engine in row))
    if rows:
        yield from table_head(["graph", "turns", *engines])
    for (graph, turns), row in rows.items():
        cells = [spread([value(run) for run in row[e]], form) if e in row else MISSING for e in engines]
        yield table_row([graph, _turns(turns), *cells])


def _builds(runs: Sequence[Run]) -> Iterator[str]:
    groups: dict[str, list[Run]] = {}
    for run in runs:
        if run.task == Task.BUILD and run.has_answer:
            groups.setdefault(run.graph, []).append(run)
    if groups:
        yield from table_head(["extract", "nodes", "arcs", "reading, s", "peak MB", "contracting, s", "profiles"])
    for name, group in groups.items():
        figures = (
            spread([run.read_seconds for run in group], ".2f"), spread([run.peak_memory_mb for run in group], ",.0f"),
            spread([run.contract_seconds for run in group], ".2f"),
        )  # fmt: skip
        yield table_row([name, f"{group[0].nodes:,}", f"{group[0].arcs:,}", *figures, group[0].note])


def _compiling(runs: Sequence[Run]) -> Iterator[str]:
    for run in runs:
        if run.task == Task.COMPILE and run.has_answer:
            yield f"Once after an installation, then kept on disk: {run.contract_seconds:.0f} s."


def _left_out(runs: Sequence[Run]) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for run in runs:
        if not (run.has_answer and run.stands):
            about = run.graph or run.task
            key = (run.engine, about if "left out" not in run.note else "every graph", _turns(run.turns), run.note)
            seen[key] = seen.get(key, 0) + 1
    for (engine, graph, turns, note), count in seen.items():
        yield f"- {engine}, {graph}, turns {turns}, {count} run(s): {note.replace('|', ' ')}"


def _turns(turns: bool) -> str:
    return "on" if turns else "off"


def live_line(run: Run) -> str:
    """One run on one line, for the eye."""
    begin = f"{run.task:8} {run.graph:16} {run.engine:9} {_turns(run.turns):>5} {run.seed:4}"
    if not run.has_answer:
        return f"{begin}  {run.note}"
    return (
        f"{begin} {run.read_seconds:8.2f} {run.network_seconds:8.2f} {run.contract_seconds:9.2f} "
        f"{run.again_seconds:8.2f} {run.sources:6} {run.ns_per_entry:11.1f} {run.ns_with_units:8.1f} "
        f"{run.peak_memory_mb:7.0f}  {run.note}"
    ).rstrip()


LIVE_HEAD = (
    f"{'task':8} {'graph':16} {'engine':9} {'turns':>5} {'seed':>4} {'read s':>8} {'net s':>8} {'contr s':>9} "
    f"{'again s':>8} {'rows':>6} {'ns entry':>11} {'m and s':>8} {'MB':>7}"
)
