"""`duongthu journeys`: each shipment's whole way, and how late each part of it may be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.plan import Day
from api.errors import NotFoundError
from api.targets import require_target, whole_file

DAYS = 30


def journeys_command(
    network: Annotated[Path, typer.Argument(help="Network folder, workbook (.xlsx) or JSON file.")],
    shipments: Annotated[Path, typer.Argument(help="Shipments: .csv, .xlsx or .json.")],
    day: Day,
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="Days of the timetable to look at.")] = DAYS,
    code: Annotated[str | None, typer.Option("--code", help="Show the legs of this shipment.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write every leg: .csv.")] = None,
    late: Annotated[
        list[str] | None,
        typer.Option("--late", metavar="LINE/RUN=MINUTES", help="A run that is late today: what it changes is shown."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Tìm hành trình / Find the whole way of each shipment over rounds and lines, against its due date.

    Looks at the collect and deliver rounds of each wave and at the lines of the network; says when each shipment can
    arrive, and by when each leg must have gone at the latest. With --late every later leg is timed again.
    """
    from api.journeys.delays import parse_lateness, require_runs, retimed
    from api.journeys.finding import find_journeys
    from api.journeys.table import (
        alternative_table,
        journey_facts,
        journeys_csv,
        leg_table,
        retimed_facts,
        retimed_table,
        standing_table,
    )
    from api.journeys.timetable import province_timetable
    from api.network.reader import read_network
    from api.shipments.reader import read_shipments

    voice, first = Voice(language(lang), as_json), day.date()
    try:
        lateness = parse_lateness(late or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--late") from error
    if out is not None:
        require_target(out, (network, shipments))
    with voice.stage("Đọc dữ liệu mạng lưới và bưu gửi", "Reading the network and the shipments"):
        province = read_network(network)
        rows = read_shipments(shipments, province, on=first)
    voice.warn((*province.warnings, *rows.warnings))
    with voice.stage("Tìm hành trình", "Finding the journeys"):
        planned = province_timetable(province, first, days)
        require_runs(lateness, planned)
        journeys = before = find_journeys(province.on(first), rows.shipments, planned)
        if lateness:
            as_it_is = province_timetable(province, first, days, late=lateness)
            journeys = find_journeys(province.on(first), rows.shipments, as_it_is)
    changed = retimed(before, journeys, lateness)
    shown = next((journey for journey in journeys if journey.shipment.code == code), None)
    if code is not None and shown is None:
        raise NotFoundError(f"Không có bưu gửi {code}.", f"There is no shipment {code}.")
    voice.show(standing_table(journeys, voice.language))
    if lateness:
        voice.show(retimed_table(changed, voice.language))
    if shown is not None:
        voice.show(leg_table(shown, voice.language))
        voice.show(alternative_table(shown, voice.language))
    if out is not None:
        with whole_file(out) as target:
            target.write(journeys_csv(journeys))
        voice.say(f"Đã ghi {out}.", f"Wrote {out}.")
    facts = {**journey_facts(journeys), **({"retimed": retimed_facts(changed)} if lateness else {})}
    voice.result({**facts, "out": str(out) if out else None})
