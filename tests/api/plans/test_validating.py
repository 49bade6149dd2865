"""A plan from elsewhere: every fault is named, not only the first."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from api.plans.edited_plan import edited_plan
from api.plans.editing import Spot, move, open_session
from api.plans.planning import PreparedDay
from api.plans.validating import PlanReport, validate_plan
from tests.api.greedy import small_plan
from tests.api.small_day import small_day

PREPARED: PreparedDay = small_day().prepare()


def tampered(change: Callable[[dict[str, Any]], None]) -> PlanReport:
    data = json.loads(small_plan().to_json())
    change(data)
    return validate_plan(json.dumps(data), PREPARED)


def codes(report: PlanReport) -> set[str]:
    return {fault.code for fault in report.faults}


def test_a_sound_plan_is_valid() -> None:
    assert tampered(lambda _: None) == PlanReport(valid=True, faults=())


def test_every_place_of_a_malformed_plan_is_named() -> None:
    def change(data: dict[str, Any]) -> None:
        data["version"] = 0
        del data["routes"][0]["cost"]["fixed"]

    report = tampered(change)
    assert {(fault.code, fault.where) for fault in report.faults} == {
        ("malformed", "version"),
        ("malformed", "routes.0.cost.fixed"),
    }
    assert not report.valid


def test_no_json_is_malformed() -> None:
    assert codes(validate_plan("{", PREPARED)) == {"malformed"}


def test_all_unknown_names_are_told_and_what_is_lost_by_them() -> None:
    def change(data: dict[str, Any]) -> None:
        data["routes"][0]["courier_id"] = "XX-1"
        data["routes"][1]["trips"][0]["stops"][0]["tasks"][0]["shipment"] = "Z9"

    report = tampered(change)
    assert [f.where for f in report.faults if f.code == "misfit"] == [
        "routes.0.courier_id",
        "routes.1.trips.0.stops.0.tasks.0",
    ]
    assert {"group BC-CD, shipment R4", "group BC-LX, shipment R2"} <= {f.where for f in report.faults}
    lost = next(fault for fault in report.faults if fault.where == "group BC-CD, shipment R4")
    assert lost.words.vi.endswith("bưu gửi R4 phải được chở đúng một lần, hoặc ghi là để lại đúng một lần")


def test_two_rounds_for_one_courier_are_told() -> None:
    report = tampered(lambda data: data["routes"].append(data["routes"][0]))
    assert {"fleet", "structure"} <= codes(report)


def test_a_wrong_figure_is_told_besides_a_broken_rule() -> None:
    session = move(open_session(small_plan(), PREPARED), ["R2"], Spot("LX-2", 0, 0))  # who may not check identities
    data = json.loads(edited_plan(session, created_at=small_plan().created_at).to_json())
    assert codes(validate_plan(json.dumps(data), PREPARED)) == {"skills"}
    data["routes"][2]["trips"][0]["stops"][0]["point"] = [105.0, 10.0]
    report = validate_plan(json.dumps(data), PREPARED)
    assert codes(report) == {"skills", "figure"}
    assert any("routes.2.trips.0.stops.0.point" in fault.where for fault in report.faults)


@pytest.mark.parametrize("minutes", [1, 40], ids=str)
def test_times_that_do_not_add_up_are_told_in_both_languages(minutes: int) -> None:
    def change(data: dict[str, Any]) -> None:
        trip = data["routes"][0]["trips"][0]
        trip["departs"] = f"2026-11-16T07:{minutes:02}:00+07:00"

    report = tampered(change)
    assert "timeline" in codes(report)
    assert all(fault.words.vi and fault.words.en for fault in report.faults)
