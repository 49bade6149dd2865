"""`duongthu plan`: a province's day in, rounds out."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language

DEFAULT_SECONDS = 10.0

Workers = Annotated[int, typer.Option("--workers", min=1, max=256, help="Groups solved at the same time.")]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="Solve on the Dask cluster at this address instead of here."),
]
Day = Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The day to plan, YYYY-MM-DD.")]


def plan_command(
    network: Annotated[Path, typer.Argument(help="Network folder, workbook (.xlsx) or JSON file.")],
    shipments: Annotated[Path, typer.Argument(help="Shipments of the day: .csv, .xlsx or .json.")],
    day: Day,
    out: Annotated[Path, typer.Option("--out", help="Folder to write the plan to: new, empty or an earlier plan.")],
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=0.1, help=f"Search time, s; {DEFAULT_SECONDS:g} when nothing is set."),
    ] = None,
    iterations: Annotated[
        int | None, typer.Option("--iterations", min=1, help="Search steps for each group: the same plan on every run.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the search.")] = 0,
    reserve: Annotated[bool, typer.Option("--reserve", help="Let reserve couriers drive too.")] = False,
    workers: Workers = 2,
    cluster: Cluster = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Plan a province's day.

    Reads a network folder and the day's shipments, plans the rounds of every base, proves them, and writes plan.json,
    routes.geojson, and a GPX file and a PDF round sheet a courier.
    """
    if seconds is not None and iterations is not None:
        raise typer.BadParameter("--seconds | --iterations")
    voice = Voice(language(lang), as_json)
    limits = (seconds if seconds or iterations else DEFAULT_SECONDS, iterations)
    _plan(voice, network, shipments, day.date(), out, limits, seed, reserve=reserve, solved_by=(workers, cluster))


def _plan(
    voice: Voice,
    network: Path,
    shipments: Path,
    day: date,
    out: Path,
    limits: tuple[float | None, int | None],
    seed: int,
    *,
    reserve: bool,
    solved_by: tuple[int, str | None],
) -> None:
    from api.commands.day import plan_facts, prepare, read_day, solve, tell_plan
    from api.plans.directory import Sources, require_free, write_plan_folder
    from api.plans.document import write_plan
    from api.plans.workers import solvers
    from routing.stopping import StoppingCriterion

    began = time.monotonic()
    require_free(out)
    with solvers(*solved_by, voice.compiling) as (executor, workers):
        read = read_day(voice, network, shipments, day)
        prepared = prepare(voice, read, seed=seed, with_reserve=reserve)
        stop = StoppingCriterion(seconds=limits[0], iterations=limits[1])
        answers = solve(voice, prepared, stop, seed, executor, workers)
        with voice.stage("Vẽ đường đi", "Drawing the ways"):
            now = datetime.now(read.network.settings.zone).replace(microsecond=0)
            plan = write_plan(prepared.inputs, prepared.groups, answers, created_at=now)
        with voice.stage("In phiếu chuyến phát", "Printing the round sheets") as stage:
            sources = Sources(network, shipments)
            write_plan_folder(
                out, plan, sources, read.network, read.shipments, read.roads,
                executor=executor, on_progress=stage.advance,
            )  # fmt: skip
    seconds = time.monotonic() - began
    tell_plan(voice, plan)
    voice.say(f"Đã ghi kế hoạch vào {out} ({seconds:.1f} giây).", f"The plan is in {out} ({seconds:.1f} s).")
    voice.result({**plan_facts(plan, seconds), "out": str(out)})
