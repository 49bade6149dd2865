"""
`duongthu solve`: a benchmark instance or a VROOM problem in, a proved solution out.

`solve_instance` is the plain function; `solve_command` gives it options, progress and an exit code.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.errors import ExitCode, InputError, NotFoundError, RowError
from routing import checker
from routing.formats import InstanceFileError, InstanceOptionError, Rounding, read_instance, solution_text
from routing.formats.instance import Format, Instance
from routing.formats.reader import AUTO
from routing.formats.vroom_instance import VroomInstance
from routing.formats.vroom_solution import vroom_solution
from routing.json_io import solution_to_json
from routing.objective import Objective
from routing.search import warm_up
from routing.solver import Progress, Result, solve
from routing.stopping import StoppingCriterion

DEFAULT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What `--json` prints, in the instance's own units."""

    instance: str
    objective: str
    seed: int
    feasible: bool
    """The checker finds nothing wrong, and everything is served."""
    vehicles: int
    distance: float
    cost: float
    unassigned: int
    seconds: float
    """Reading, solving and checking."""
    iterations: int
    engine: str


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """An instance, the engine's answer, and how it scores."""

    instance: Instance
    result: Result
    summary: Summary


def solve_instance(
    path: Path,
    stop: StoppingCriterion,
    *,
    format: str = AUTO,  # noqa: A002
    rounding: Rounding = Rounding.EXACT,
    seed: int = 0,
    objective: Objective | None = None,
    cores: int = 1,
    on_progress: Callable[[Instance, Progress], None] | None = None,
) -> Solved:
    """
    Read an instance, solve it, and check the answer.

    Parameters
    ----------
    format, rounding
        As `routing.formats.read_instance` takes them.
    objective
        None = what the instance's field compares.
    on_progress
        Called for every better answer.

    Raises
    ------
    FileNotFoundError, InstanceFileError, InstanceOptionError
        As `routing.formats.read_instance`.
    UnsupportedProblemError, EngineError
        As `routing.solver.solve`.
    """
    began = time.monotonic()
    instance = read_instance(path, format, rounding=rounding)
    goal = instance.objective if objective is None else objective

    def report(progress: Progress) -> None:
        if on_progress is not None:
            on_progress(instance, progress)

    result = solve(instance.problem, stop, seed, report, objective=goal, cores=cores)
    solution = result.solution
    proved = not checker.check(instance.problem, solution, objective=goal)
    summary = Summary(
        instance=instance.name,
        objective=goal.value,
        seed=seed,
        feasible=proved and not solution.unassigned,
        vehicles=len(solution.routes),
        distance=round(instance.distance(solution), 4),
        cost=round(instance.cost(solution), 4),
        unassigned=len(solution.unassigned),
        seconds=round(time.monotonic() - began, 3),
        iterations=result.iterations,
        engine=result.engine,
    )
    return Solved(instance, result, summary)


def solution_json(solved: Solved) -> dict[str, Any]:
    """Return what `--out` writes: VROOM's own solution for a VROOM problem, the routing room's for the others."""
    if isinstance(solved.instance, VroomInstance):
        return vroom_solution(solved.instance, solved.result.solution)
    return solution_to_json(solved.result.solution)


def solve_command(
    instance: Annotated[Path, typer.Argument(help="File of the instance, gzipped or not.", show_default=False)],
    format: Annotated[str, typer.Option(help=f"{AUTO}, {', '.join(Format)}.")] = AUTO,  # noqa: A002
    rounding: Annotated[Rounding, typer.Option(help="Distances on a plane: double precision, or one decimal.")] = (
        Rounding.EXACT
    ),
    seconds: Annotated[float | None, typer.Option(help=f"Time limit, seconds [default: {DEFAULT_SECONDS:g}].")] = None,
    iterations: Annotated[int | None, typer.Option(help="Limit of the engine's iterations: repeatable.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the random numbers.")] = 0,
    objective: Annotated[Objective | None, typer.Option(help="[default: what the instance's field compares]")] = None,
    cores: Annotated[int, typer.Option(min=1, help="Processor cores to use.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Write the solution as JSON.")] = None,
    sol: Annotated[Path | None, typer.Option(help="Write the solution as text: `Route #1: 5 3 7`.")] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Solve a benchmark instance or a VROOM problem."""
    voice = Voice(language(lang), as_json)
    stop = _stopping(seconds, iterations)
    _check_folders(out, sol)
    warm_up(voice.compiling)
    with _errors_named(instance), _Display(voice, instance.name) as display:
        solved = solve_instance(
            instance,
            stop,
            format=format,
            rounding=rounding,
            seed=seed,
            objective=objective,
            cores=cores,
            on_progress=display,
        )
    _write(solved, out, sol)
    voice.show(_table(solved.summary, voice))
    voice.result(asdict(solved.summary))
    if not solved.summary.feasible:
        raise typer.Exit(ExitCode.INFEASIBLE)


class _Display:
    """The best answer so far, on a terminal only."""

    def __init__(self, voice: Voice, name: str) -> None:
        self._voice = voice
        console = Console(stderr=True)
        self._status = console.status(name) if console.is_terminal else None

    def __enter__(self) -> _Display:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, instance: Instance, progress: Progress) -> None:
        if self._status is None:
            return
        routes, left = len(progress.solution.routes), len(progress.solution.unassigned)
        cost, seconds = f"{instance.cost(progress.solution):,.2f}", f"{progress.seconds:.1f}"
        vi = f"{instance.name}: {routes} xe, chi phí {cost}, bỏ lại {left} sau {seconds} giây"
        en = f"{instance.name}: {routes} vehicles, cost {cost}, {left} left behind after {seconds} s"
        self._status.update(self._voice.text(vi, en))


@contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    """Turn the errors of a file or an option into those that the command line tells in both languages."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFoundError(f"Không có tệp {path}.", f"There is no file {path}.") from error
    except InstanceFileError as error:
        raise InputError([_row_error(error)]) from error
    except InstanceOptionError as error:
        raise typer.BadParameter(str(error)) from error


def _stopping(seconds: float | None, iterations: int | None) -> StoppingCriterion:
    limit = DEFAULT_SECONDS if seconds is None and iterations is None else seconds
    try:
        return StoppingCriterion(seconds=limit, iterations=iterations)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--seconds/--iterations") from error


def _check_folders(*targets: Path | None) -> None:
    """Find out before the search that its answer could not be written."""
    for target in targets:
        if target is not None and not target.parent.is_dir():
            raise NotFoundError(f"Không có thư mục {target.parent}.", f"There is no folder {target.parent}.")


def _row_error(error: InstanceFileError) -> RowError:
    """Show line or JSON path where a table would show its row or column."""
    line, path = (None, error.place) if isinstance(error.place, str) else (error.place, None)
    return RowError(error.file, line, path, "bad_instance", f"không dùng được ({error.reason})", error.reason)


def _write(solved: Solved, out: Path | None, sol: Path | None) -> None:
    if out is not None:
        out.write_text(json.dumps(solution_json(solved), ensure_ascii=False) + "\n", encoding="utf-8")
    if sol is not None:
        sol.write_text(solution_text.write(solved.instance, solved.result.solution), encoding="utf-8")


def _table(summary: Summary, voice: Voice) -> Table:
    table = Table(title=summary.instance, show_header=False)
    rows = (
        ("Hợp lệ", "Feasible", voice.text("có", "yes") if summary.feasible else voice.text("không", "no")),
        ("Số xe", "Vehicles", f"{summary.vehicles:,}"),
        ("Quãng đường", "Distance", f"{summary.distance:,.2f}"),
        ("Chi phí", "Cost", f"{summary.cost:,.2f}"),
        ("Bỏ lại", "Left behind", f"{summary.unassigned:,}"),
        ("Giây", "Seconds", f"{summary.seconds:.1f}"),
        ("Mục tiêu", "Objective", f"{summary.objective} ({summary.engine}, seed {summary.seed})"),
    )
    for vi, en, value in rows:
        table.add_row(voice.text(vi, en), value)
    return table
