"""`duongthu demo`: a sample province's day, planned and shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language, stdout_line
from api.commands.plan import Workers
from api.commands.serve import Port
from api.commands.web import DEFAULT_PORT, announce, open_port, serve_board
from api.errors import ExistsError

if TYPE_CHECKING:
    from api.commands.day import ReadDay
    from api.plans.board import PlanBoard
    from api.plans.document import Answer
    from api.plans.planning import PreparedDay
    from api.plans.schemas import Plan

DEFAULT_SECONDS = 4.0
DEFAULT_OUT = Path("duongthu-demo")
_SAMPLE = {"network", "shipments.csv", "plan"}
"""What the folder of a sample holds."""


def demo_command(
    province: Annotated[str, typer.Option("--province", help="Name of a sample province.")] = "an-giang",
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], help="The day to plan, YYYY-MM-DD [default: the sample day, 2026-11-25]."
        ),
    ] = None,
    scale: Annotated[
        float,
        typer.Option(
            "--scale", min=0.01, max=1000, help="Multiplies demand: the post's other mail on the same rounds."
        ),
    ] = 1.0,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Search time before the plan is shown, s.")] = (
        DEFAULT_SECONDS
    ),
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the demand and of the search.")] = 0,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Plan and write, but open no console.")] = False,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the sample network, its shipments and the plan.")
    ] = DEFAULT_OUT,
    port: Port = None,
    workers: Workers = 2,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Plan a sample province's day and show it.

    Writes a complete network folder and a day's shipments, plans them, serves the console on this machine, and goes on
    improving the plan while you look at it.
    """
    from api.commands.day import prepare, read_day
    from api.demo.provinces import DEFAULT_DAY
    from api.plans.workers import solver_pool

    voice = Voice(language(lang), as_json)
    began = time.monotonic()
    chosen = day.date() if day is not None else DEFAULT_DAY
    _require_own(out)
    if not no_serve:
        _require_pages()
    with solver_pool(workers, voice.compiling) as executor:
        network, shipments = _write_sample(voice, province, out, chosen, scale, seed)
        read = read_day(voice, network, shipments, chosen)
        prepared = prepare(voice, read, seed=seed)
        plan, answers = _first_plan(voice, prepared, seconds, seed, executor, workers)
        _write(voice, out, plan, network, shipments, read, executor)
        if no_serve:
            _tell(voice, plan, time.monotonic() - began, {"out": str(out)})
            return
        _show(voice, plan, answers, read, prepared, executor, workers, seed, port or DEFAULT_PORT, began)


def _require_own(out: Path) -> None:
    """
    Make sure that nobody's own data are overwritten: the folder is new, empty, or an earlier sample.

    Raises
    ------
    ExistsError
        When it is not.
    """
    from api.plans.directory import require_free

    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (out / "plan").is_dir() or {path.name for path in out.iterdir()} - _SAMPLE:
        raise ExistsError(
            f"{out} đã có và không phải là tỉnh mẫu trước đây; hãy chọn thư mục mới hoặc trống.",
            f"{out} exists and is no earlier sample; choose a new or empty folder.",
        )
    require_free(out / "plan")


def _require_pages() -> None:
    """Make sure that there is a console to show the plan on, before anybody waits for it."""
    from api.app import STATIC
    from api.pages import require_pages

    require_pages(STATIC)


def _write_sample(voice: Voice, province: str, out: Path, day: date, scale: float, seed: int) -> tuple[Path, Path]:
    from api.demo.provinces import write_province

    with voice.stage("Tạo tỉnh mẫu", "Writing the sample province"):
        return write_province(province, out, day=day, scale=scale, seed=seed)


def _first_plan(
    voice: Voice, prepared: PreparedDay, seconds: float, seed: int, executor: Executor, workers: int
) -> tuple[Plan, tuple[Answer, ...]]:
    from api.commands.day import solve
    from api.plans.document import write_plan
    from routing.stopping import StoppingCriterion

    answers = solve(voice, prepared, StoppingCriterion(seconds=seconds), seed, executor, workers)
    with voice.stage("Vẽ đường đi", "Drawing the ways"):
        now = datetime.now(prepared.inputs.network.settings.zone).replace(microsecond=0)
        return write_plan(prepared.inputs, prepared.groups, answers, created_at=now), answers


def _write(
    voice: Voice, out: Path, plan: Plan, network: Path, shipments: Path, read: ReadDay, executor: Executor
) -> None:
    from api.plans.directory import Sources, write_plan_folder

    with voice.stage("In phiếu chuyến phát", "Printing the round sheets") as stage:
        sources = Sources(network, shipments)
        write_plan_folder(
            out / "plan", plan, sources, read.network, read.shipments, read.roads,
            executor=executor, on_progress=stage.advance,
        )  # fmt: skip


def _tell(voice: Voice, plan: Plan, seconds: float, more: dict[str, str]) -> None:
    from api.commands.day import plan_facts, tell_plan

    tell_plan(voice, plan)
    if voice.as_json:
        stdout_line({**plan_facts(plan, seconds), **more})


def _show(
    voice: Voice,
    plan: Plan,
    answers: tuple[Answer, ...],
    read: ReadDay,
    prepared: PreparedDay,
    executor: Executor,
    workers: int,
    seed: int,
    port: int,
    began: float,
) -> None:
    """Serve the plan, and better ones as they are found."""
    from api.plans.board import BoardState, PlanBoard

    searched = time.monotonic() - began
    board = PlanBoard(plan, read.network, read.shipments, read.roads, state=BoardState.SOLVING, seconds=searched)
    door = open_port(port)
    address = announce(voice, door, port)
    _tell(voice, plan, searched, {"address": address})
    with _improving(board, prepared, answers, executor, workers, seed):
        serve_board(board, door)


@contextmanager
def _improving(
    board: PlanBoard,
    prepared: PreparedDay,
    answers: tuple[Answer, ...],
    executor: Executor,
    workers: int,
    seed: int,
) -> Iterator[None]:
    """Improve in the background for as long as the block runs."""
    from api.plans.improving import Patience, improve

    stopped = threading.Event()
    thread = threading.Thread(
        target=improve,
        args=(board, prepared, answers),
        kwargs={
            "executor": executor, "workers": workers, "seed": seed, "patience": Patience(), "stopped": stopped,
        },
        daemon=True,
    )  # fmt: skip
    thread.start()
    try:
        yield
    finally:
        stopped.set()  # the search itself ends with the pool
