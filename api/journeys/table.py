"""Journeys as rows: a file, a machine's answer, and what a person sees."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from rich.table import Table

from api.errors import Language
from api.journeys.delays import Retimed
from api.journeys.finding import Journey, Leg, Standing
from api.journeys.timetable import Door, LegKind

STANDINGS = {
    Standing.EARLY: ("đến trước hạn", "before the due date"),
    Standing.ON_THE_DAY: ("đến đúng ngày hạn", "on the due date"),
    Standing.LATE: ("trễ hạn", "late"),
    Standing.NO_WAY: ("không có chuyến nào chở đến", "nothing carries it there"),
    Standing.THERE: ("đã ở nơi đến", "at its destination"),
}
KINDS = {
    LegKind.COLLECT: ("gom", "collect"),
    LegKind.LINE: ("đường thư", "line"),
    LegKind.DELIVER: ("phát", "deliver"),
}
COLUMNS = (
    "code", "due_on", "standing", "arrives", "must_go",
    "leg", "kind", "carrier", "from", "to", "hand_in", "latest_hand_in", "leg_arrives",
)  # fmt: skip
"""Of the file: a row for each leg, one without a leg where there is none."""


def journeys_csv(journeys: Iterable[Journey]) -> bytes:
    """Write a row for each leg, UTF-8 with a byte order mark for spreadsheets."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for journey in journeys:
        head = [
            journey.shipment.code, journey.shipment.due_on.isoformat(), journey.standing.value,
            journey.arrives.isoformat() if journey.arrives else "", "yes" if journey.must_go else "no",
        ]  # fmt: skip
        legs = [[str(number), *_leg(leg).values()] for number, leg in enumerate(journey.legs, 1)]
        writer.writerows([*head, *leg] for leg in legs or [[""] * 8])
    return text.getvalue().encode("utf-8-sig")


def journey_facts(journeys: Sequence[Journey]) -> dict[str, Any]:
    """Counts, for a program."""
    standings = Counter(journey.standing for journey in journeys)
    return {
        "shipments": len(journeys),
        **{standing.value: standings[standing] for standing in Standing},
        "must_go": sum(journey.must_go for journey in journeys),
        "legs": sum(len(journey.legs) for journey in journeys),
    }


def standing_table(journeys: Sequence[Journey], language: Language) -> Table:
    """How many shipments stand how, and how many of them must go with the next departure."""
    pick = 0 if language == "vi" else 1
    table = Table(title=("Hành trình", "Journeys")[pick], title_justify="left")
    table.add_column(("So với hạn phát", "Against the due date")[pick])
    table.add_column(("Bưu gửi", "Shipments")[pick], justify="right")
    table.add_column(("Phải đi hôm nay", "Must go today")[pick], justify="right")
    for standing in Standing:
        rows = [journey for journey in journeys if journey.standing is standing]
        if rows:
            table.add_row(STANDINGS[standing][pick], str(len(rows)), str(sum(row.must_go for row in rows)))
    return table


def retimed_facts(changed: Iterable[Retimed]) -> list[dict[str, Any]]:
    """Every journey that a late line changes, for a program."""
    return [
        {
            "code": one.before.shipment.code, "line": one.line.name, "lost": one.is_lost,
            "standing": one.after.standing.value, "due_on": one.before.shipment.due_on.isoformat(),
            "arrived": one.before.arrives.isoformat() if one.before.arrives else None,
            "arrives": one.after.arrives.isoformat() if one.after.arrives else None,
        }
        for one in changed
    ]  # fmt: skip


def retimed_table(changed: Sequence[Retimed], language: Language) -> Table:
    """What each late run changes: legs timed again, and due dates lost through it."""
    pick = 0 if language == "vi" else 1
    table = Table(title=("Đường thư trễ", "Late lines")[pick], title_justify="left")
    table.add_column(("Chuyến", "Run")[pick])
    for heading in (
        ("Tính lại giờ", "Timed again"), ("Đến muộn hơn", "Arrive later"),
        ("Trễ hạn vì chuyến này", "Late because of it"),
    ):  # fmt: skip
        table.add_column(heading[pick], justify="right")
    for run in dict.fromkeys(one.line.name for one in changed):
        rows = [one for one in changed if one.line.name == run]
        later = sum(one.delay is None or one.delay.total_seconds() > 0 for one in rows)
        table.add_row(run, str(len(rows)), str(later), str(sum(one.is_lost for one in rows)))
    return table


def leg_table(journey: Journey, language: Language) -> Table:
    """The legs of one shipment."""
    pick = 0 if language == "vi" else 1
    title = f"{journey.shipment.code}: {STANDINGS[journey.standing][pick]} ({journey.shipment.due_on:%d/%m/%Y})"
    table = Table(title=title, title_justify="left")
    for heading in (
        ("Chặng", "Leg"), ("Chuyến", "By"), ("Từ", "From"), ("Đến", "To"),
        ("Giao trước", "Hand in by"), ("Chậm nhất", "At the latest"), ("Tới nơi", "Arrives"),
    ):  # fmt: skip
        table.add_column(heading[pick])
    for leg in journey.legs:
        kind = KINDS[leg.carrier.kind][pick]
        moments = (f"{moment:%d/%m %H:%M}" for moment in (leg.cut_off, leg.latest, leg.arrives))
        table.add_row(kind, leg.carrier.name, _name(leg.origin), _name(leg.destination), *moments)
    return table


def alternative_table(journey: Journey, language: Language) -> Table:
    """The next best departures from where a shipment lies."""
    pick = 0 if language == "vi" else 1
    table = Table(title=("Chuyến khác", "Other departures")[pick], title_justify="left")
    for heading in (
        ("Chặng", "Leg"), ("Chuyến", "By"), ("Giao trước", "Hand in by"), ("Tới đích", "At the destination"),
    ):  # fmt: skip
        table.add_column(heading[pick])
    for other in journey.alternatives:
        moments = (f"{moment:%d/%m %H:%M}" for moment in (other.cut_off, other.arrives))
        table.add_row(KINDS[other.carrier.kind][pick], other.carrier.name, *moments)
    return table


def _leg(leg: Leg) -> dict[str, str]:
    return {
        "kind": leg.carrier.kind.value,
        "carrier": leg.carrier.name,
        "from": _name(leg.origin),
        "to": _name(leg.destination),
        "hand_in": leg.cut_off.isoformat(),
        "latest_hand_in": leg.latest.isoformat(),
        "leg_arrives": leg.arrives.isoformat(),
    }


def _name(door: Door) -> str:
    return door.site_id or door.commune_code
