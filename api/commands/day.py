"""What the commands that plan share: reading a day, solving it with progress, telling the outcome."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table

from api.commands.console import Stage, Voice

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from api.network.model import Network
    from api.plans.document import Answer
    from api.plans.planning import PreparedDay
    from api.plans.schemas import Plan
    from api.shipments.model import ShipmentList
    from geo.roads import Roads
    from routing.stopping import StoppingCriterion


@dataclass(frozen=True, slots=True, eq=False)
class ReadDay:
    """Inputs as read."""

    network: Network
    """In force on the day."""
    all_days: Network
    """The same with the rows of every day."""
    shipments: ShipmentList
    roads: Roads
    day: date


def read_day(voice: Voice, network_path: Path, shipments_path: Path, day: date) -> ReadDay:
    """
    Read the inputs of a day, telling warnings.

    Raises
    ------
    InputError
        When rows cannot be used.
    """
    from api.network.reader import read_network
    from api.plans.roads import load_roads
    from api.shipments.reader import read_shipments
    from geo.compiling import warm_up
    from routing.kernel.jit import compiling

    with voice.stage("Đọc dữ liệu mạng lưới và bưu gửi", "Reading the network and the shipments"):
        network = read_network(network_path)
        shipments = read_shipments(shipments_path, network, on=day)
    voice.warn((*network.warnings, *shipments.warnings))
    with compiling(voice.compiling):
        warm_up()
    with voice.stage("Nạp mạng đường", "Loading the roads") as stage:
        roads = load_roads(network, day, on_progress=lambda _stage, done, total: stage.advance(done, total))
    return ReadDay(network.on(day), network, shipments, roads, day)


def prepare(voice: Voice, read: ReadDay, *, seed: int, with_reserve: bool = False) -> PreparedDay:
    """
    Turn a day into problems.

    Raises
    ------
    InputError
        When places lie too far from any road.
    """
    from api.plans.planning import prepare_day

    with voice.stage("Tính thời gian đi lại", "Measuring travel times"):
        return prepare_day(read.all_days, read.shipments, read.roads, read.day, seed=seed, with_reserve=with_reserve)


def solve(
    voice: Voice, prepared: PreparedDay, stop: StoppingCriterion, seed: int, executor: Executor, workers: int
) -> tuple[Answer, ...]:
    """Solve every group, with a bar that fills with time, or with groups when no time is set."""
    from api.plans.planning import solve_groups

    with voice.stage("Lập chuyến phát", "Planning the rounds") as stage, _ticking(stage, stop.seconds):
        return solve_groups(
            prepared.groups,
            stop,
            seed,
            executor=executor,
            workers=workers,
            on_progress=None if stop.seconds else lambda done: stage.advance(done.groups_done, done.groups),
        )


@contextmanager
def _ticking(stage: Stage, seconds: float | None) -> Iterator[None]:
    """Fill a bar as time goes by."""
    if seconds is None:
        yield
        return
    over, began = threading.Event(), time.monotonic()

    def tick() -> None:
        while not over.wait(0.1):
            stage.advance(min(seconds, time.monotonic() - began), seconds)

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def tell_plan(voice: Voice, plan: Plan) -> None:
    """Show the totals of a plan and why shipments stay behind."""
    totals = plan.totals
    cost = totals.cost
    table = Table(
        title=f"{plan.network.name} · {plan.network.valid_on:%d/%m/%Y}", title_justify="left", show_header=False
    )
    table.add_column(style="bold")
    table.add_column(justify="right")
    rows = (
        (voice.text("Bưu tá", "Couriers"), f"{totals.couriers} / {totals.couriers_available}"),
        (voice.text("Lượt · điểm dừng", "Trips · stops"), f"{totals.trips} · {totals.stops}"),
        (voice.text("Bưu gửi được chở", "Shipments carried"), f"{totals.carried} / {totals.shipments}"),
        (voice.text("Để lại (gấp)", "Left behind (must go)"), f"{totals.unassigned} ({totals.must_go_unassigned})"),
        (voice.text("Quãng đường", "Distance"), voice.number(totals.distance / 1000, 1) + " km"),
        (
            voice.text("Giờ làm việc", "Working time"),
            voice.number(totals.duration / 3600, 1) + voice.text(" giờ", " h"),
        ),
        (
            voice.text("Chi phí", "Cost"),
            voice.number(cost.fixed + cost.distance + cost.duration + cost.overtime) + " đ",
        ),
    )
    for name, value in rows:
        table.add_row(name, value)
    voice.show(table)
    for constraint, count in Counter(left.reasons[0].constraint for left in plan.unassigned).most_common():
        typer.echo(f"  {count:>5}  {constraint}", err=voice.as_json)
    if plan.network.roads.synthetic:
        voice.say(
            "MẠNG ĐƯỜNG TỔNG HỢP: quãng đường và giờ giấc là ước lượng, không phải đường thật.",
            "SYNTHETIC ROADS: distances and times are estimates over invented roads.",
        )


def plan_facts(plan: Plan, seconds: float) -> dict[str, Any]:
    """The figures of a plan for `--json`."""
    totals = plan.totals
    return {
        "plan_id": plan.plan_id,
        "version": plan.version,
        "couriers": totals.couriers,
        "trips": totals.trips,
        "stops": totals.stops,
        "shipments": totals.shipments,
        "carried": totals.carried,
        "unassigned": totals.unassigned,
        "must_go_unassigned": totals.must_go_unassigned,
        "distance": totals.distance,
        "duration": totals.duration,
        "cost_dong": totals.cost.fixed + totals.cost.distance + totals.cost.duration + totals.cost.overtime,
        "objective": plan.objective.total,
        "synthetic_roads": plan.network.roads.synthetic,
        "seconds": round(seconds, 3),
    }
