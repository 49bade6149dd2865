"""
Counts a run's events once more, from the file alone: nobody's code but this file's own table of what may follow what.

At every instant each accepted shipment is delivered, returned, or in the custody of exactly one holder.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

AFTER: Mapping[str, set[str]] = {
    "ACCEPT": {"OUT", "DEPART", "ARRIVE", "DELIVER", "HAND_AGENCY"},
    "COLLECT_RESULT": {"ARRIVE"},
    "OUT": {"ARRIVE", "ATTEMPT", "DELIVER", "HAND_AGENCY", "RETURN_DONE"},
    "ATTEMPT": {"ARRIVE"},
    "ARRIVE": {"OUT", "DEPART", "INVITE_1", "INVITE_2", "RETURN_START", "DELIVER", "HAND_AGENCY", "RETURN_DONE"},
    "DEPART": {"ARRIVE"},
    "INVITE_1": {"OUT", "DELIVER", "DEPART"},
    "INVITE_2": {"HOLD", "OUT", "DELIVER", "DEPART"},
    "HOLD": {"RETURN_START", "DELIVER"},
    "RETURN_START": {"OUT", "DEPART", "RETURN_DONE"},
}
ENDS = {"DELIVER", "HAND_AGENCY", "RETURN_DONE"}
MOVES_TO = {
    "ACCEPT": {"site", "courier"},
    "COLLECT_RESULT": {"courier"},
    "OUT": {"courier"},
    "DEPART": {"line"},
    "ARRIVE": {"site"},
}


@dataclass(frozen=True, slots=True)
class Balance:
    """What a recount found."""

    accepted: int
    delivered: int
    returned: int
    in_custody: int
    instants: int
    """Moments at which the balance was drawn."""


def recount(events_csv: Path) -> Balance:
    """
    Follow every shipment through its events, then draw the balance at every instant.

    Raises
    ------
    AssertionError
        When a shipment's events do not follow each other, or the balance does not hold.
    """
    with events_csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_shipment: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_shipment[row["shipment"]].append(row)
    for code, events in by_shipment.items():
        _follow(code, events)
    return _draw(rows)


def _follow(code: str, events: list[dict[str, str]]) -> None:
    assert events[0]["type"] in ("ACCEPT", "COLLECT_RESULT"), (code, events[0])
    for before, after in pairwise(events):
        assert after["type"] in AFTER[before["type"]], (code, before, after)
        assert datetime.fromisoformat(before["at"]) <= datetime.fromisoformat(after["at"]), (code, before, after)
        if after["type"] in MOVES_TO:
            assert after["holder"] in MOVES_TO[after["type"]], (code, after)
        elif after["type"] in ENDS:
            assert after["holder"] == "done", (code, after)
        else:
            assert (after["holder"], after["name"]) == (before["holder"], before["name"]), (code, before, after)


def _draw(rows: Iterable[Mapping[str, str]]) -> Balance:
    accepted = delivered = returned = instants = 0
    held: set[str] = set()
    ordered = sorted(rows, key=lambda row: datetime.fromisoformat(row["at"]))  # stable: as written within a moment
    for row in ordered:
        kind, code = row["type"], row["shipment"]
        if kind in ("ACCEPT", "COLLECT_RESULT"):
            assert code not in held, row
            accepted += 1
            held.add(code)
        assert code in held, row
        if kind in ENDS:
            held.remove(code)
            delivered += kind != "RETURN_DONE"
            returned += kind == "RETURN_DONE"
        instants += 1
        assert accepted == delivered + returned + len(held), row
    return Balance(accepted, delivered, returned, len(held), instants)
