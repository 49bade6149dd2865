"""Wishes of citizens: what a plan makes of them, and which are refused, on a day that can be followed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from api.errors import RefusedError
from api.plans.document import write_plan
from api.plans.planning import prepare_day, solve_group
from api.plans.schemas import Plan
from api.shipments.wishes import NOT_AT_THE_DOOR, Wish, as_wished, told_note, told_windows, wish_of
from api.tables.spans import Span
from api.tracking.telling import State
from api.tracking.visits import Ahead, Visit
from api.tracking.wishing import (
    MOST_WISHES,
    WorkingDay,
    require_free_door,
    require_not_fixed,
    require_worked,
    working_days,
)
from routing.stopping import StoppingCriterion
from tests.api.small_day import BINH_DUC, CHAU_DOC, DAY, LONG_XUYEN, small_day

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)
"""08:00 on `DAY`, a Monday, in Vietnam."""
AFTERNOON = Span(14 * 3600, 16 * 3600)
FREE = Ahead(frozenset(), None)


def wish(day: date | None = DAY, window: Span | None = AFTERNOON, note: str = "") -> Wish:
    return Wish(note, day, window, NOW)


def row(**fields: Any) -> Any:
    """Of a result for somebody in Long Xuyên."""
    return SimpleNamespace(
        **{"name": "Lan", "kind": "result", "dest_site": None, "dest_commune": LONG_XUYEN, "origin_site": "HUB",
           "origin_commune": LONG_XUYEN, **fields}
    )  # fmt: skip


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(RefusedError) as found:
        yield
    assert words in found.value.message_vi


def planned(code: str, left: Wish) -> Plan:
    day = small_day()
    wished = tuple(as_wished(one, left if one.code == code else None, DAY) for one in day.shipments.shipments)
    prepared = prepare_day(day.network, replace(day.shipments, shipments=wished), day.roads, DAY)
    stop = StoppingCriterion(iterations=20)
    answers = [solve_group(group.problem, stop, 0, None) for group in prepared.groups]
    return write_plan(prepared.inputs, prepared.groups, answers, created_at=NOW)


def starts(plan: Plan, code: str) -> list[datetime]:
    stops = (stop for route in plan.routes for trip in route.trips for stop in trip.stops)
    return [stop.starts for stop in stops if any(task.shipment == code for task in stop.tasks)]


@pytest.mark.parametrize("code", ["R1", "D1", "W4"])
def test_the_plan_of_the_day_comes_in_the_hours(code: str) -> None:
    (at,) = starts(planned(code, wish()), code)
    assert AFTERNOON.start <= (at - datetime.combine(DAY, time(), at.tzinfo)).total_seconds() <= AFTERNOON.end


@pytest.mark.parametrize("code", ["R1", "D1"])
def test_the_plan_of_an_earlier_day_does_not_come_and_does_not_hurry(code: str) -> None:
    plan = planned(code, wish(DAY + timedelta(days=2)))
    assert starts(plan, code) == []
    (left,) = [one for one in plan.unassigned if one.shipment == code]
    assert ([reason.constraint for reason in left.reasons], left.must_go) == (["closed"], False)


def test_a_plan_of_a_later_day_knows_nothing_of_it() -> None:
    (r2,) = [one for one in small_day().shipments.shipments if one.code == "R2"]
    assert as_wished(r2, wish(DAY - timedelta(days=1)), DAY) == r2
    assert as_wished(r2, None, DAY) == r2
    assert as_wished(r2, wish(None, None, "gọi trước"), DAY) == r2


def test_the_promise_waits_with_the_citizen_and_binds_on_the_day() -> None:
    (r2,) = [one for one in small_day().shipments.shipments if one.code == "R2"]  # due on the 17th
    later = as_wished(r2, wish(date(2026, 11, 18)), DAY)
    assert (later.due_on, later.windows) == (date(2026, 11, 18), NOT_AT_THE_DOOR)
    assert as_wished(replace(r2, due_on=date(2026, 11, 20)), wish(date(2026, 11, 18)), DAY).due_on.day == 20
    assert as_wished(r2, wish(DAY), DAY).due_on == DAY


def test_what_the_courier_is_told() -> None:
    left = wish(note="chó dữ")
    assert [told_note(text, left) for text in ("Nhà sau chợ", "", None)] == ["Nhà sau chợ\nchó dữ", "chó dữ", None]
    assert told_note("Nhà sau chợ", None) == "Nhà sau chợ"
    assert told_windows("08:00-10:00", left, DAY) == "14:00-16:00"
    assert told_windows("08:00-10:00", left, DAY + timedelta(days=1)) == "08:00-10:00"


def test_a_wish_that_was_taken_back_is_none() -> None:
    empty = SimpleNamespace(wish_at=NOW, wish_note="", wish_day=None, wish_window=None)
    assert wish_of(empty) is None  # type: ignore[arg-type]
    full = SimpleNamespace(wish_at=NOW, wish_note="a", wish_day="2026-11-16", wish_window="14:00-16:00")
    assert wish_of(full) == wish(note="a")  # type: ignore[arg-type]


def test_the_days_are_working_days_with_the_hours_of_the_shifts() -> None:
    network = replace(small_day().network, valid_on=None)
    found = list(working_days(network, row(), NOW))
    days = [16, 17, 18, 19, 20, 23]  # Monday to Friday, and the next Monday
    assert [one.day for one in found] == [date(2026, 11, day) for day in days]
    assert {one.hours for one in found[1:]} == {Span(7 * 3600, 17 * 3600 + 1800)}
    assert found[0].hours == Span(8 * 3600, 17 * 3600 + 1800)  # it is eight o'clock
    late = NOW.replace(hour=9, minute=20)  # 16:20: from 16:30 an hour is left
    assert next(working_days(network, row(), late)).hours == Span(16 * 3600 + 1800, 17 * 3600 + 1800)
    assert next(working_days(network, row(), late + timedelta(minutes=11))).day == date(2026, 11, 17)
    assert list(working_days(network, row(dest_commune="30001"), NOW)) == []
    home = row(kind="intake", origin_site=None, origin_commune=BINH_DUC, dest_commune="30001")
    assert len(list(working_days(network, home, NOW))) == 6


@pytest.mark.parametrize(
    ("left", "of", "words"),
    [
        (wish(DAY, Span(6 * 3600, 9 * 3600)), row(), "07:00-17:30"),
        (wish(DAY, Span(17 * 3600, 18 * 3600)), row(), "07:00-17:30"),
        (wish(DAY, Span(9 * 3600, 9 * 3600 + 3599)), row(), "ít nhất một giờ"),
        (wish(date(2026, 11, 21)), row(), "21/11 không có bưu tá"),
        (wish(DAY), row(dest_site="BC-CD", dest_commune=CHAU_DOC), "giao nhận tại bưu cục"),
        (wish(DAY), row(kind="intake", origin_site="UB-BD"), "giao nhận tại bưu cục"),
    ],
)
def test_hours_that_nobody_works_are_refused_in_words(left: Wish, of: Any, words: str) -> None:
    open_day = WorkingDay(DAY, Span(7 * 3600, 17 * 3600 + 1800))
    with refused(words):
        require_worked(left, of, iter([open_day]))


def test_hours_that_are_worked_and_mere_notes_pass() -> None:
    open_day = WorkingDay(DAY, AFTERNOON)
    require_worked(wish(), row(), iter([open_day]))
    require_worked(wish(None, None, "chó dữ"), row(dest_site="BC-CD"), iter([]))


def visit(departs: int) -> Visit:
    """One of `DAY`, by the hour at which the courier leaves; UTC."""
    day = NOW.replace(hour=0)
    return Visit(DAY, day.replace(hour=departs), day.replace(hour=3), day.replace(hour=3, minute=5))


@pytest.mark.parametrize("left", [wish(DAY + timedelta(days=1)), wish(None, None, "chó dữ")])
def test_nothing_is_taken_once_the_round_is_under_way(left: Wish) -> None:
    with refused("đang trên đường, dự kiến đến lúc 10:00"):
        require_not_fixed(left, left, Ahead(frozenset({DAY}), visit(1)), NOW)


def test_a_published_round_keeps_its_hours_but_takes_notes() -> None:
    fixed = Ahead(frozenset({DAY}), visit(2))
    require_not_fixed(wish(None, None, "chó dữ"), None, fixed, NOW)
    require_not_fixed(wish(note="chó dữ"), wish(), fixed, NOW)
    require_not_fixed(wish(note="chó dữ"), wish(), Ahead(frozenset({DAY}), None), NOW)
    for kept in (wish(DAY + timedelta(days=1)), wish(DAY, Span(14 * 3600, 15 * 3600)), None):
        with refused("Chuyến phát ngày 16/11 đã xếp"):
            require_not_fixed(wish(), kept, fixed, NOW)
    with refused("Chuyến phát ngày 16/11 đã xếp"):
        require_not_fixed(wish(DAY + timedelta(days=1)), None, fixed, NOW)
    with refused("16/11 đã xếp xong"):
        require_not_fixed(wish(DAY), None, Ahead(frozenset({DAY}), None), NOW)
    require_not_fixed(wish(DAY + timedelta(days=1)), None, Ahead(frozenset({DAY}), None), NOW)
    require_not_fixed(wish(), None, FREE, NOW)


@pytest.mark.parametrize(
    ("of", "state", "before", "words"),
    [
        (row(name=None), State.AT_SITE, 0, "đã bị xóa"),
        (row(kind="transfer"), State.AT_SITE, 0, "không đến nhà"),
        (row(), State.OUT, 0, "đang mang đi phát"),
        (row(), State.DELIVERED, 0, "không còn phải đến nhà"),
        (row(), State.RETURNING, 0, "không còn phải đến nhà"),
        (row(kind="intake"), State.AT_SITE, 0, "không còn phải đến nhà"),
        (row(), State.AT_SITE, MOST_WISHES, "20 lần"),
    ],
)
def test_a_door_that_nobody_comes_to_takes_no_wish(of: Any, state: State, before: int, words: str) -> None:
    with refused(words):
        require_free_door(of, state, before)


@pytest.mark.parametrize(("kind", "state"), [("result", State.TRAVELLING), ("intake", State.ANNOUNCED)])
def test_a_door_that_somebody_comes_to_does(kind: str, state: State) -> None:
    require_free_door(row(kind=kind), state, MOST_WISHES - 1)
