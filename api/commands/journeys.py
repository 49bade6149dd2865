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
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Tìm hành trình / Find the whole way of each shipment over rounds and lines, against its due date.

    Looks at the collect and deliver rounds of each wave and at the lines of the network; says when each shipment can
    arrive, and by when each leg must have gone at the latest.
    """
    from api.journeys.finding import find_journeys
    from api.journeys.table import journey_facts, journeys_csv, leg_table, standing_table
    from api.journeys.timetable import province_timetable
    from api.network.reader import read_network
    from api.shipments.reader import read_shipments

    voice, first = Voice(language(lang), as_json), day.date()
    if out is not None:
        require_target(out, (network, shipments))
    with voice.stage("Đọc dữ liệu mạng lưới và bưu gửi", "Reading the network and the shipments"):
        province = read_network(network)
        rows = read_shipments(shipments, province, on=first)
    voice.warn((*province.warnings, *rows.warnings))
    with voice.stage("Tìm hành trình", "Finding the journeys"):
        journeys = find_journeys(province.on(first), rows.shipments, province_timetable(province, first, days))
    shown = next((journey for journey in journeys if journey.shipment.code == code), None)
    if code is not None and shown is None:
        raise NotFoundError(f"Không có bưu gửi {code}.", f"There is no shipment {code}.")
    voice.show(standing_table(journeys, voice.language))
    if shown is not None:
        voice.show(leg_table(shown, voice.language))
    if out is not None:
        with whole_file(out) as target:
            target.write(journeys_csv(journeys))
        voice.say(f"Đã ghi {out}.", f"Wrote {out}.")
    voice.result({**journey_facts(journeys), "out": str(out) if out else None})
