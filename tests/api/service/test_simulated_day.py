"""A simulated day against a service: ledger, holders and progress agree with what was played."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.api.service.busy_day import publish_busy_day
from tests.api.service.driven_round import Manner
from tests.api.service.running import Service
from tests.api.service.simulated_day import SimulatedDay, simulated_day
from tests.api.service.told_events import Played

pytestmark = [pytest.mark.long, pytest.mark.slow]
HOLDS = {"OUT": "courier", "ACCEPT": "courier", "COLLECT_RESULT": "courier", "DELIVER": "done", "HAND_AGENCY": "done"}
"""By hand: who holds a paper after a courier's event; after the others the site that they name, or who held it."""


def progress_of(day: SimulatedDay) -> dict[str, dict[str, Any]]:
    answer = day.service.ask("GET", f"/api/v1/live/progress?day={day.now.date()}", by="head-dispatcher")
    assert answer.status_code == 200, answer.text
    return {one["courier_id"]: one for one in answer.json()["couriers"]}


def played(day: SimulatedDay) -> list[Played]:
    return [one for phone in day.phones.values() for one in phone.played]


def settled_stops(day: SimulatedDay, courier_id: str) -> int:
    """By what the phone sent: doors and sites where it said an end of a task."""
    ends = {"DELIVER", "HAND_AGENCY", "ATTEMPT", "ACCEPT", "COLLECT_RESULT"}
    told = [one.event for one in day.phones[courier_id].played]
    return len({event["at"] for event in told if event["type"] in ends})


def histories(day: SimulatedDay, codes: set[str]) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for code in sorted(codes):
        answer = day.service.ask("GET", f"/api/v1/shipments/{code}/history?reveal=true", by="head-dispatcher")
        found[code] = answer.json()["events"]
    return found


def test_a_day_of_twenty_couriers_is_in_the_ledger_as_it_was_played(tmp_path: Path) -> None:
    with Service.opened(f"sqlite:///{tmp_path / 'service.db'}", tmp_path, workers=1) as service:
        plan_id = publish_busy_day(service)
        with simulated_day(service, plan_id, couriers=20) as day:
            day.until("09:30")
            morning = progress_of(day)
            (silent,) = day.who(Manner.SILENT)
            late = [morning[courier_id]["late_minutes"] for courier_id in day.who(Manner.LATE)]
            plain = [morning[courier_id]["late_minutes"] for courier_id in day.who(Manner.PLAIN)]
            assert len(day.phones) == 20
            assert max(late) >= 15 > sorted(plain)[len(plain) // 2]
            seen = [courier_id for courier_id in day.phones if morning[courier_id]["position"]]
            assert len(seen) >= 10  # the others go in the afternoon
            day.until("18:00")
            evening = progress_of(day)
        told = played(day)
        # Every event is in the ledger once, and nothing else of these phones is.
        stored = histories(day, {one.event["shipments"][0] for one in told})
        kept = Counter(event["event_id"] for events in stored.values() for event in events)
        desk = {one.event["event_id"] for one in day.desk.played}
        assert {name for name in kept if name not in desk} == {one.event["event_id"] for one in told}
        assert set(kept.values()) == {1}
        # One damaged paper, one proof with a piece left out, and all else complete.
        verdicts = Counter((one.verdict, *one.pieces) for one in [*told, *day.desk.played])
        assert set(verdicts) == {("accepted",), ("incomplete", "missing_id_digits")}
        assert verdicts["incomplete", "missing_id_digits"] == 1
        assert sum(one.event["type"] == "EXCEPTION" for one in told) == 1
        # Who holds each paper at the end, by the last thing that was told of it.
        last = {one.event["shipments"][0]: one.event for one in sorted(told, key=lambda one: one.event["at"])}
        for code, event in last.items():
            told_last = max(stored[code], key=lambda one: one["at"])
            assert told_last["event_id"] == event["event_id"], code
            if (holding := HOLDS.get(event["type"])) is not None:
                assert told_last["holding"] == holding, (code, event["type"])
        # How far each courier came.
        for courier_id in day.phones:
            one = evening[courier_id]
            if courier_id == silent:
                assert one["left"] > 0
                assert one["position"] is None
                assert settled_stops(day, courier_id) == one["done"] + one["failed"]
            else:
                assert one["left"] == 0, courier_id
