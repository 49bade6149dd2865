"""`duongthu lines`: designs the lines between the hub of a province and its bases."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.plan import Day
from api.errors import ExitCode
from api.targets import require_target, whole_file

if TYPE_CHECKING:
    from api.lines.prices import Prices
    from api.lines.runs import Run
    from api.lines.table import Comparison
    from api.network.model import Network

ITERATIONS = 2_000
"""Search steps for each of the two searches of a run when no time is set: the same timetable on every run."""
LONGEST = 300
"""Minutes: two such runs are ten hours, a driver's longest day."""

lines_app = typer.Typer(
    help="Đường thư / Lines: design the timetable between the hub and the bases.", no_args_is_help=True
)


@lines_app.callback()
def _lines() -> None:
    """Đường thư / Lines: design the timetable between the hub and the bases."""


@lines_app.command("plan")
def plan_command(
    network: Annotated[Path, typer.Argument(help="Network folder, workbook (.xlsx) or JSON file.")],
    day: Day,
    hub: Annotated[str | None, typer.Option("--hub", help="Site where the runs begin and end; else the only hub.")] = (
        None
    ),
    vans: Annotated[int | None, typer.Option("--vans", min=1, help="Most vans; else as many as needed.")] = None,
    runs: Annotated[
        list[str] | None,
        typer.Option(
            "--runs",
            metavar="HH:MM",
            help="When vans may leave the hub, once a run; else 3 h before the first wave and 1 h before the last "
            "one ends.",
        ),
    ] = None,
    longest: Annotated[int, typer.Option("--longest", min=1, max=1440, help="Longest run, hub to hub, minutes.")] = (
        LONGEST
    ),
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=0.1, help=f"Search time, s; else {ITERATIONS} steps, the same on every run."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the search.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Write the timetable as a table `lines`: .csv.")] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Lập đường thư cấp 2 / Design the level-2 lines of a province.

    Each run is a loop of a van from the hub over bases and back. A morning run calls at a base before the first wave
    begins, a later one after the wave that has begun, and before the next: each call hands over the mail for the
    couriers and takes what they brought back. Bases that cannot be served so are named with the reason (exit code 3).
    """
    from api.network.reader import read_network

    began, voice = time.monotonic(), Voice(language(lang), as_json)
    if out is not None:
        require_target(out, (network,))
    with voice.stage("Đọc dữ liệu mạng lưới", "Reading the network"):
        province = read_network(network)
    voice.warn(province.warnings)
    in_force = province.on(day.date())
    chosen = _runs(runs or [], in_force, voice)
    found, is_synthetic = _design(voice, in_force, hub, chosen, vans, longest, seconds, seed)
    _tell(voice, found, is_synthetic=is_synthetic)
    if out is not None:
        _write(voice, out, found, province)
    _answer(voice, found, time.monotonic() - began, out, is_synthetic=is_synthetic)
    if found.plan.unserved:
        raise typer.Exit(ExitCode.INFEASIBLE)


def _runs(texts: list[str], network: Network, voice: Voice) -> tuple[Run, ...]:
    """The runs asked for, or the usual ones."""
    from api.lines.runs import day_runs, usual_times
    from api.tables.cells import CellError
    from api.tables.moments import TIME

    times = []
    for text in texts:
        try:
            times.append(TIME.parse(text.strip(), _unwarned))
        except CellError:
            said = voice.text(f"{text!r} không phải giờ, ví dụ 04:30", f"{text!r} is no time, as 04:30")
            raise typer.BadParameter(said, param_hint="--runs") from None
    reload = network.settings.reload_minutes
    try:
        return day_runs(network, times or usual_times(network.settings))
    except ValueError:
        said = voice.text(
            f"các chuyến phải rời hub trước 24:00 và cách nhau hơn {reload} phút (reload_minutes)",
            f"runs must leave before 24:00, more than {reload} minutes (reload_minutes) apart",
        )
        raise typer.BadParameter(said, param_hint="--runs") from None


def _unwarned(code: str, **facts: object) -> None:
    """A time of day is read as it stands, or not at all."""


def _design(
    voice: Voice,
    network: Network,
    hub_id: str | None,
    runs: tuple[Run, ...],
    vans: int | None,
    longest: int,
    seconds: float | None,
    seed: int,
) -> tuple[Comparison, bool]:
    """The lines with all figures, and whether the roads are made up."""
    from api.lines.design import Wish, design_lines
    from api.lines.figures import (
        existing_lines,
        figures,
        measured_distances,
        services,
    )
    from api.lines.places import bases_of, choose_hub
    from api.lines.prices import van_prices
    from api.lines.table import Comparison
    from api.plans.roads import load_roads
    from geo.compiling import warm_up
    from routing.kernel.jit import compiling
    from routing.stopping import StoppingCriterion

    day = network.valid_on
    assert day is not None
    hub = choose_hub(network, hub_id)
    bases_of(network, hub)
    with compiling(voice.compiling):
        warm_up()
    with voice.stage("Nạp mạng đường", "Loading the roads") as stage:
        roads = load_roads(network, day, on_progress=lambda _stage, done, total: stage.advance(done, total))
    limit = StoppingCriterion(iterations=ITERATIONS)
    if seconds is not None:
        limit = StoppingCriterion(seconds=seconds / (2 * len(runs)))
    prices = van_prices(network)
    with (
        voice.stage("Lập đường thư", "Designing the lines"),
        compiling(voice.compiling),
    ):
        plan = design_lines(network, hub, roads, day, Wish(runs, vans, 60 * longest, prices), limit, seed)
    today = existing_lines(network, day)
    found = Comparison(
        plan,
        prices,
        figures(plan.lines, plan.distances, prices),
        services(plan.lines, hub, plan.bases),
        figures(today, measured_distances(today, network, roads), prices) if today else None,
        services(today, hub, plan.bases),
    )
    return found, roads.synthetic


def _tell(voice: Voice, found: Comparison, *, is_synthetic: bool) -> None:
    from api.lines.table import figure_table, run_table, service_table, why

    for table in (run_table, figure_table, service_table):
        voice.show(table(found, voice.language))
    _tell_prices(voice, found.prices)
    for unserved in found.plan.unserved:
        said = why(unserved, voice.language)
        voice.say(f"KHÔNG PHỤC VỤ ĐƯỢC: {said}", f"NOT SERVED: {said}")
    if is_synthetic:
        voice.say(
            "MẠNG ĐƯỜNG TỔNG HỢP: quãng đường và giờ giấc là ước lượng, không phải đường thật.",
            "SYNTHETIC ROADS: distances and times are estimates over invented roads.",
        )


def _tell_prices(voice: Voice, prices: Prices) -> None:
    amounts = [voice.number(amount) for amount in (prices.fixed_dong, prices.dong_per_km, prices.dong_per_hour)]
    source = voice.text("mặc định của bảng couriers", "defaults of the table couriers")
    if prices.couriers:
        source = voice.text(
            f"trung vị của {prices.couriers} bưu tá đi xe van", f"median of {prices.couriers} couriers with vans"
        )
    voice.say(
        f"Giá xe: {amounts[0]} đ/ngày, {amounts[1]} đ/km, {amounts[2]} đ/giờ ({source}).",
        f"Van prices: {amounts[0]} đ a day, {amounts[1]} đ/km, {amounts[2]} đ/h ({source}).",
    )


def _write(voice: Voice, out: Path, found: Comparison, province: Network) -> None:
    from api.lines.design import LEVEL
    from api.lines.table import lines_csv

    with whole_file(out) as target:
        target.write(lines_csv(found.plan))
    voice.say(f"Đã ghi {out}.", f"Wrote {out}.")
    others = sum(row.level != LEVEL for row in province.rows.lines)
    if others:
        voice.say(
            f"Tệp chỉ có đường thư cấp 2: {others} dòng lines cấp khác của tỉnh không nằm trong đó, hãy giữ lại.",
            f"It holds level-2 lines only: {others} rows of another level in the network's lines are not in it; keep "
            "them.",
        )


def _answer(voice: Voice, found: Comparison, seconds: float, out: Path | None, *, is_synthetic: bool) -> None:
    from api.lines.table import plan_facts

    voice.result(
        {
            **plan_facts(found),
            "synthetic_roads": is_synthetic,
            "seconds": round(seconds, 3),
            "out": str(out) if out else None,
        }
    )
