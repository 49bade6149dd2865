"""Invitations, storage and return over the calendar, by hand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.custody.invitations import (
    FOLLOW_UPS,
    NextTask,
    Standing,
    TaskKind,
    Terms,
    breaks,
    is_rural,
    next_invitation,
    next_task,
    standing,
    storage_end,
)
from api.custody.ordering import Fact
from api.custody.replay import replay
from api.custody.vocabulary import LegalGround, Reason
from api.network.calendar import Calendar
from api.network.settings import Attempts, Storage
from geo.units import load_communes
from tests.api.custody.made import event

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 12, 7)
TERMS = Terms(Calendar(), Attempts(), Storage(), ZONE, rural=False)
RURAL = Terms(Calendar(), Attempts(), Storage(), ZONE, rural=True)


def day(number: int) -> date:
    """Of December 2026; the 7th is a Monday."""
    return date(2026, 12, number)


def fact(number: int, on: date, kind: str, **data: Any) -> Fact:
    at = datetime.combine(on, time(9), ZONE)
    return Fact(event(number, kind, at=at.isoformat(), data={"site_id": "B1", **data}))


def tried(number: int, on: date, reason: str, **data: Any) -> Fact:
    at = datetime.combine(on, time(9), ZONE)
    return Fact(event(number, "ATTEMPT", at=at.isoformat(), data={"courier_id": "C1", "reason": reason, **data}))


ACCEPTED = fact(1, day(4), "ACCEPT")
FIRST, SECOND = fact(3, day(7), "INVITE_1"), fact(5, day(9), "INVITE_2")
TWICE = [ACCEPTED, tried(2, day(7), "absent"), FIRST, tried(4, day(9), "absent"), SECOND]


def task(facts: list[Fact], on: date, terms: Terms = TERMS) -> NextTask:
    return next_task(standing(replay(facts), terms), on, terms)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (day(7), day(9)),
        (day(10), day(14)),  # Thursday: Friday, Monday
        (day(12), day(15)),  # Saturday
        (date(2026, 12, 30), date(2027, 1, 4)),  # New Year's day is a Friday
        (date(2027, 2, 3), date(2027, 2, 12)),  # Tết: 4 to 10 February
    ],
)
def test_the_second_invitation_comes_two_working_days_later(last: date, expected: date) -> None:
    assert next_invitation(last, Calendar(), Attempts()) == expected


def test_a_town_keeps_it_15_days_and_the_country_30() -> None:
    assert storage_end(day(8), Storage(), rural=False) == day(23)
    assert storage_end(day(8), Storage(), rural=True) == date(2027, 1, 7)


def test_a_commune_is_rural_and_a_ward_is_not() -> None:
    units = load_communes(MONDAY)
    commune, ward = (next(unit for unit in units if unit.kind == kind) for kind in ("xã", "phường"))
    assert is_rural(commune.code, MONDAY)
    assert not is_rural(ward.code, MONDAY)
    assert not is_rural("no such", MONDAY)


def test_the_way_of_a_paper_that_nobody_fetches() -> None:
    assert task(TWICE[:1], day(5)) == NextTask(TaskKind.ATTEMPT, day(7))  # Saturday: on Monday
    assert task(TWICE[:2], day(7)) == NextTask(TaskKind.INVITE, day(7), number=1)
    assert task(TWICE[:3], day(8)) == NextTask(TaskKind.ATTEMPT, day(9))
    assert task(TWICE[:4], day(9)) == NextTask(TaskKind.INVITE, day(9), number=2)
    assert task(TWICE, day(9)) == NextTask(TaskKind.HOLD, day(9), until=day(22))
    held = [*TWICE, fact(6, day(9), "HOLD", held_until="2026-12-22")]
    assert task(held, day(10)) == NextTask(TaskKind.WAIT, day(22))
    assert task(held, day(22)) == NextTask(TaskKind.WAIT, day(22))
    assert task(held, day(23)) == NextTask(TaskKind.RETURN, day(23), ground=LegalGround.INVITED_NO_SHOW)
    back = [*held, fact(7, day(23), "RETURN_START")]
    assert task(back, day(24)) == NextTask(TaskKind.CARRY_BACK, day(24))
    assert task([*back, fact(8, day(24), "RETURN_DONE")], day(25)).kind is TaskKind.NOTHING


def test_a_hold_that_names_no_day_counts_from_the_first_invitation() -> None:
    assert task([*TWICE, fact(6, day(9), "HOLD")], day(10), RURAL) == NextTask(TaskKind.WAIT, date(2027, 1, 6))


def test_a_refused_paper_goes_back_at_once() -> None:
    refused = [ACCEPTED, tried(2, day(7), "refused")]
    assert task(refused, day(8)) == NextTask(TaskKind.RETURN, day(8), ground=LegalGround.REFUSED)


def test_an_invitation_that_a_correction_takes_back_was_none() -> None:
    undone = Fact(event(9, "CORRECT", at="2026-12-07T10:00:00+07:00", replaces=FIRST.event.event_id))
    assert task([*TWICE[:3], undone], day(8)).kind is TaskKind.INVITE


@pytest.mark.parametrize(
    ("reason", "data", "expected"),
    [
        ("later_requested", {"agreed_on": "2026-12-10"}, NextTask(TaskKind.ATTEMPT, day(10))),
        ("agency_not_ready", {"agreed_on": "2026-12-01"}, NextTask(TaskKind.ATTEMPT, day(8))),
        ("later_requested", {}, NextTask(TaskKind.ATTEMPT, day(8))),
        ("impassable", {}, NextTask(TaskKind.ATTEMPT, day(8))),
        ("no_time", {}, NextTask(TaskKind.ATTEMPT, day(8))),
        ("closed", {}, NextTask(TaskKind.ATTEMPT, day(8))),
        ("identity_not_proven", {}, NextTask(TaskKind.INVITE, day(8), number=1)),
        ("not_found", {}, NextTask(TaskKind.ASK, day(8))),
        ("deceased", {}, NextTask(TaskKind.ASK, day(8))),
    ],
)
def test_each_reason_leads_to_its_task(reason: str, data: dict[str, Any], expected: NextTask) -> None:
    assert task([ACCEPTED, tried(2, day(7), reason, **data)], day(8)) == expected


def test_every_reason_leads_somewhere() -> None:
    assert set(FOLLOW_UPS) == set(Reason)


def test_an_attempt_without_a_reason_is_the_dispatchers() -> None:
    untold = Fact(event(2, "ATTEMPT", data={"courier_id": "C1"}))
    assert task([ACCEPTED, untold], day(8)).kind is TaskKind.ASK


def broken(made: Fact, earlier: list[Fact], terms: Terms = TERMS) -> list[str]:
    return [piece.code for piece in breaks(made, earlier, terms)]


def test_an_invitation_too_soon_is_named() -> None:
    assert broken(SECOND, TWICE[:4]) == []
    assert broken(fact(5, day(8), "INVITE_2"), TWICE[:3]) == ["invited_too_soon"]
    friday = [ACCEPTED, fact(3, day(11), "INVITE_1")]
    assert broken(fact(5, day(14), "INVITE_2"), friday) == ["invited_too_soon"]
    assert broken(fact(5, day(15), "INVITE_2"), friday) == []
    assert broken(SECOND, TWICE[:2]) == ["no_first_invitation"]


def test_a_hold_too_short_or_too_early_is_named() -> None:
    assert broken(fact(6, day(9), "HOLD", held_until="2026-12-22"), TWICE) == []
    assert broken(fact(6, day(9), "HOLD", held_until="2026-12-21"), TWICE) == ["held_too_short"]
    assert broken(fact(6, day(9), "HOLD", held_until="2026-12-22"), TWICE, RURAL) == ["held_too_short"]
    assert broken(fact(6, day(9), "HOLD", held_until="2026-12-22"), TWICE[:4]) == ["too_few_invitations"]


def test_a_return_on_no_ground_is_named() -> None:
    assert broken(fact(7, day(23), "RETURN_START", legal_ground="17.1.d"), TWICE) == []
    assert broken(fact(7, day(22), "RETURN_START", legal_ground="17.1.d"), TWICE) == ["returned_too_soon"]
    assert broken(fact(7, day(23), "RETURN_START", legal_ground="17.1.d"), TWICE[:3]) == ["too_few_invitations"]
    assert broken(fact(7, day(9), "RETURN_START", legal_ground="17.1.đ"), TWICE) == ["no_refusal"]
    refused = [ACCEPTED, tried(2, day(7), "refused")]
    assert broken(fact(7, day(7), "RETURN_START", legal_ground="17.1.đ"), refused) == []
    assert broken(fact(7, day(9), "RETURN_START", legal_ground="17.2"), TWICE[:1]) == []


def test_other_events_break_none_of_these_rules() -> None:
    assert broken(FIRST, []) == []


def test_a_province_sets_its_own_numbers() -> None:
    own = Terms(Calendar(), Attempts(invitations=1, gap_days=3), Storage(town_days=5), ZONE, rural=False)
    assert next_task(Standing(invitations=(day(7),)), day(7), own) == NextTask(TaskKind.HOLD, day(7), until=day(12))
    assert next_invitation(day(7), Calendar(), own.attempts) == day(7) + timedelta(days=3)


@pytest.mark.parametrize("terms", [TERMS, RURAL], ids=["town", "rural"])
def test_what_is_to_go_back_today_may_go_back_today_and_not_before(terms: Terms) -> None:
    end = storage_end(day(7), terms.storage, rural=terms.rural)
    held = [*TWICE, fact(6, day(9), "HOLD", held_until=end.isoformat())]
    for on in (end - timedelta(days=1), end, end + timedelta(days=1)):
        is_time = task(held, on, terms).kind is TaskKind.RETURN
        assert is_time == (on > end)
        assert is_time == (broken(fact(7, on, "RETURN_START", legal_ground="17.1.d"), held, terms) == [])
