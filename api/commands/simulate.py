"""`duongthu simulate`: a province's days, months or a year replayed, planned by the engine and driven with noise."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.plan import Cluster, Workers
from api.errors import NotFoundError
from api.version import SOFTWARE

if TYPE_CHECKING:
    from api.network.model import Network
    from api.shipments.model import ShipmentList
    from api.simulation.away import Absences
    from api.simulation.report import RunReport
    from api.simulation.run import State
    from geo.roads import Roads

ITERATIONS = 300
"""Search steps for each group of a day."""

_DAY = ["%Y-%m-%d"]


@dataclass(frozen=True, slots=True, eq=False)
class _Inputs:
    network: Network
    """All of it, with the settings that the options ask for."""
    shipments: ShipmentList
    roads: Roads


def simulate_command(
    network: Annotated[Path, typer.Argument(help="Network folder, workbook (.xlsx) or JSON file.")],
    shipments: Annotated[Path, typer.Argument(help="Every shipment of the span: .csv, .xlsx or .json.")],
    first: Annotated[datetime, typer.Option("--from", formats=_DAY, help="First day, YYYY-MM-DD.")],
    last: Annotated[datetime, typer.Option("--to", formats=_DAY, help="Last day, YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the run: new or empty; with --resume an earlier one.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on after the last day that was saved.")] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=_DAY, help="Keep the network of this day on all days, to compare."),
    ] = None,
    calm: Annotated[bool, typer.Option("--calm", help="Every day goes as planned: no noise, nobody away.")] = False,
    day_by_day: Annotated[
        bool, typer.Option("--day-by-day", help="Nothing waits that could go today, to compare.")
    ] = False,
    away: Annotated[
        list[str] | None,
        typer.Option("--away", metavar="COURIER[@DAY[..DAY]]", help="A courier who does not come on these days."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the search and of chance.")] = 0,
    iterations: Annotated[int, typer.Option("--iterations", min=1, help="Search steps for each group of a day.")] = (
        ITERATIONS
    ),
    workers: Workers = 2,
    cluster: Cluster = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write every table as Parquet too.")] = False,
    plots: Annotated[bool, typer.Option("--plots", help="Draw the days as pictures too.")] = False,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Mô phỏng nhiều ngày / Replay a province's days, months or a year.

    Each working day is planned by the engine, driven with noise, absences and closed doors, and what fails follows the
    rules of invitation, storage and return. The folder tells of every shipment, courier, base and day; a run that was
    cut off goes on with --resume, and so does one that a later --to makes longer.
    """
    from api.simulation.away import Absences

    voice = Voice(language(lang), as_json)
    if last < first:
        raise typer.BadParameter(
            f"ngày cuối trước ngày đầu / the last day is before the first: {last:%Y-%m-%d} < {first:%Y-%m-%d}",
            param_hint="--to",
        )
    try:
        absences = Absences.parse(away or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--away") from error
    options: dict[str, Any] = {
        "first": first.date().isoformat(), "as_of": as_of.date().isoformat() if as_of else None, "calm": calm,
        "day_by_day": day_by_day, "away": sorted(away or ()), "seed": seed, "iterations": iterations,
    }  # fmt: skip
    inputs = _read(voice, network, shipments, first.date(), as_of.date() if as_of else None)
    inputs = replace(inputs, network=_with_settings(inputs.network, calm=calm, day_by_day=day_by_day))
    _require_known(absences, inputs.network)
    _require_extras(parquet=parquet, plots=plots)
    began = time.monotonic()
    span, solved_by = (first.date(), last.date()), (workers, cluster)
    report = _run(voice, inputs, absences, options, span, out, resume=resume, solved_by=solved_by)
    _write_extras(voice, out, parquet=parquet, plots=plots)
    _tell(voice, report, inputs, out, time.monotonic() - began)


def _read(voice: Voice, network: Path, shipments: Path, first: date, as_of: date | None) -> _Inputs:
    from api.network.reader import read_network
    from api.plans.roads import load_roads
    from api.plans.travel import require_ends
    from api.shipments.reader import read_shipments
    from api.simulation.run import frozen

    with voice.stage("Đọc dữ liệu mạng lưới và bưu gửi", "Reading the network and the shipments"):
        every_day = read_network(network)
        province = every_day if as_of is None else frozen(every_day, as_of)
        rows = read_shipments(shipments, province, on=first, each_on_its_day=True)
    voice.warn((*province.warnings, *rows.warnings))
    with voice.stage("Nạp mạng đường", "Loading the roads") as stage:
        roads = load_roads(
            every_day, first, every_day=True, on_progress=lambda _stage, done, total: stage.advance(done, total)
        )
        require_ends(rows.shipments, {courier.vehicle.value for courier in province.couriers}, roads)
    return _Inputs(province, rows, roads)


def _with_settings(network: Network, *, calm: bool, day_by_day: bool) -> Network:
    from api.network.settings import CALM

    settings = network.settings
    if calm:
        settings = replace(settings, simulation=CALM)
    if day_by_day:
        settings = replace(settings, batching=False)
    return replace(network, settings=settings)


def _require_known(absences: Absences, network: Network) -> None:
    known = {courier.courier_id for courier in network.couriers}
    for absence in absences.absences:
        if absence.courier_id not in known:
            raise NotFoundError(f"Không có bưu tá {absence.courier_id}.", f"There is no courier {absence.courier_id}.")


def _require_extras(*, parquet: bool, plots: bool) -> None:
    """Say it before the work when a package is missing."""
    from api.simulation import extras

    if parquet:
        extras.require_parquet()
    if plots:
        extras.require_plots()


def _run(
    voice: Voice,
    inputs: _Inputs,
    absences: Absences,
    options: dict[str, Any],
    span: tuple[date, date],
    out: Path,
    *,
    resume: bool,
    solved_by: tuple[int, str | None],
) -> RunReport:
    from api.plans.workers import solvers
    from api.simulation.chances import Chances
    from api.simulation.day import Province
    from api.simulation.folder import RunFolder
    from api.simulation.report import read_report
    from api.simulation.run import Simulation
    from geo.compiling import warm_up

    about = {
        "network": inputs.network.sha256, "shipments": inputs.shipments.sha256, "roads": inputs.roads.sha256,
        "synthetic_roads": inputs.roads.synthetic, "software": SOFTWARE,
        "timezone": inputs.network.settings.timezone, **options,
    }  # fmt: skip
    rows = inputs.shipments.shipments
    with solvers(*solved_by, voice.compiling) as (executor, _workers):
        warm_up()
        folder = RunFolder.reopen(out, about) if resume else RunFolder.create(out, about)
        chances = Chances(inputs.network.settings.simulation, options["seed"])
        province = Province(
            inputs.network, inputs.roads, chances, executor, options["iterations"], is_away=absences.is_away
        )
        simulation = (
            Simulation.resume(province, rows, folder.load({row.code: row for row in rows}))
            if resume
            else Simulation.begin(province, rows, span[0])
        )
        _require_later(simulation.state, span[1])
        folder.save(simulation.state)
        _days(voice, simulation, folder, span[1])
    folder.close(simulation)
    return read_report(out)


def _require_later(state: State, last: date) -> None:
    """A saved run goes on, never back."""
    done = state.next_day - timedelta(days=1)
    if last < done:
        raise typer.BadParameter(
            f"đã mô phỏng đến {done}, không chạy lùi / the run has come to {done} already: {last}", param_hint="--to"
        )


def _days(voice: Voice, simulation: Any, folder: Any, last: date) -> None:
    total = (last - simulation.state.next_day).days + 1
    with voice.stage("Mô phỏng từng ngày", "Replaying the days") as stage:
        for done, record in enumerate(simulation.days(last), 1):
            folder.add(record, simulation)
            stage.advance(done, total)


def _write_extras(voice: Voice, out: Path, *, parquet: bool, plots: bool) -> None:
    from api.simulation import extras

    if parquet:
        with voice.stage("Ghi Parquet", "Writing Parquet"):
            extras.write_parquet(out)
    if plots:
        with voice.stage("Vẽ biểu đồ", "Drawing the pictures"):
            extras.draw_plots(out, voice.language)


def _tell(voice: Voice, report: RunReport, inputs: _Inputs, out: Path, seconds: float) -> None:
    from api.simulation.tables import blame_table, report_facts, report_table

    voice.show(report_table([report], voice))
    if report.blamed:
        voice.show(blame_table(report, voice))
    if inputs.roads.synthetic:
        voice.say(
            "MẠNG ĐƯỜNG TỔNG HỢP: quãng đường và giờ giấc là ước lượng, không phải đường thật.",
            "SYNTHETIC ROADS: distances and times are estimates over invented roads.",
        )
    voice.say(f"Đã ghi vào {out} ({seconds:.1f} giây).", f"Written to {out} ({seconds:.1f} s).")
    facts = {**report_facts(report), "synthetic_roads": inputs.roads.synthetic}
    voice.result({**facts, "out": str(out), "seconds": round(seconds, 3)})
