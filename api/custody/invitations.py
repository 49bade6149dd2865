"""
Invitations, storage and return: what becomes of a shipment whose recipient was not met.

Law on Post 49/2010/QH12, art. 17(1)(d): at least two invitations, two working days apart. Storage counts from the first
of them. A refused shipment goes back at once. The numbers are the province's (`[attempts]` and `[storage]` of its
settings); the functions are pure, so the same rules make tomorrow's tasks, judge today's events and move the papers of
a simulated year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from api.custody.custodian import Holding
from api.custody.event_data import AttemptData
from api.custody.ordering import Fact
from api.custody.pieces import Piece
from api.custody.replay import Custody, replay
from api.custody.vocabulary import EventType, LegalGround, Reason
from api.network.calendar import Calendar
from api.network.settings import Attempts, Storage
from geo.units import load_communes

RURAL = frozenset({"xã", "đặc khu"})
"""Kinds of communes with the longer storage."""


def is_rural(commune_code: str, day: date) -> bool:
    """Whether a commune, by its code on a day, has the longer storage; an unknown one has not."""
    commune = load_communes(day).by_code.get(commune_code)
    return commune is not None and commune.kind in RURAL


def next_invitation(last: date, calendar: Calendar, attempts: Attempts) -> date:
    """The first day on which a recipient may be invited again."""
    return calendar.add_working_days(last, attempts.gap_days)


def storage_end(first: date, storage: Storage, *, rural: bool) -> date:
    """The last day on which a shipment waits for its recipient, by its first invitation."""
    return first + timedelta(days=storage.rural_days if rural else storage.town_days)


def storage_is_over(day: date, until: date) -> bool:
    """Whether a shipment that waits until the end of a day may go back on another, for want of a recipient."""
    return day > until


@dataclass(frozen=True, slots=True)
class Terms:
    """What is in force for one shipment."""

    calendar: Calendar
    attempts: Attempts
    storage: Storage
    zone: ZoneInfo
    rural: bool
    """Of its recipient's commune (`is_rural`)."""

    def day(self, fact: Fact) -> date:
        """The local day of a fact."""
        return fact.moment.astimezone(self.zone).date()


class FollowUp(StrEnum):
    """What a failed attempt leads to."""

    INVITE = "invite"
    AGAIN = "again"
    """On the next working day."""
    AGREED = "agreed"
    """On the day agreed on."""
    RETURN = "return"
    ASK = "ask"
    """A dispatcher decides."""


FOLLOW_UPS: Mapping[Reason, FollowUp] = MappingProxyType(
    {
        Reason.ABSENT: FollowUp.INVITE,
        Reason.ADDRESS_INSUFFICIENT: FollowUp.ASK,
        Reason.MOVED: FollowUp.ASK,
        Reason.NOT_FOUND: FollowUp.ASK,
        Reason.REFUSED: FollowUp.RETURN,
        Reason.INVITED_NO_SHOW: FollowUp.INVITE,
        Reason.IDENTITY_NOT_PROVEN: FollowUp.INVITE,
        Reason.FEE_NOT_PAID: FollowUp.INVITE,
        Reason.CLOSED: FollowUp.AGAIN,
        Reason.LATER_REQUESTED: FollowUp.AGREED,
        Reason.IMPASSABLE: FollowUp.AGAIN,
        Reason.NO_TIME: FollowUp.AGAIN,
        Reason.NOT_LOADED: FollowUp.AGAIN,
        Reason.SEAL_ALTERED: FollowUp.ASK,
        Reason.DAMAGED: FollowUp.ASK,
        Reason.AGENCY_NOT_READY: FollowUp.AGREED,
        Reason.DECEASED: FollowUp.ASK,
        Reason.OTHER: FollowUp.ASK,
    }
)


class TaskKind(StrEnum):
    """What is to be done with a shipment."""

    NOTHING = "nothing"
    """It is handed over."""
    ATTEMPT = "attempt"
    INVITE = "invite"
    HOLD = "hold"
    """State that nobody tries any more, and until when it waits."""
    WAIT = "wait"
    """At the counter, for its recipient."""
    RETURN = "return"
    """Begin its way back."""
    CARRY_BACK = "carry_back"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class NextTask:
    """The next thing to do with a shipment."""

    kind: TaskKind
    on: date
    """Not before this day; for `WAIT`, the last day of it."""
    number: int = 0
    """Of the invitation, from 1."""
    until: date | None = None
    """Of a `HOLD`."""
    ground: LegalGround | None = None
    """Of a `RETURN`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been tried with a shipment."""

    invitations: tuple[date, ...] = ()
    attempt: AttemptData | None = None
    """The last one, unless its recipient was invited or it was taken elsewhere to be held since."""
    attempted_on: date | None = None
    held_until: date | None = None
    is_returning: bool = False
    was_refused: bool = False
    is_done: bool = False


def standing(custody: Custody, terms: Terms) -> Standing:
    """Gather what the rules ask about from a shipment's history."""
    invitations: list[date] = []
    attempt: AttemptData | None = None
    attempted_on: date | None = None
    held_until: date | None = None
    returning = refused = False
    for step in custody.steps:
        event, day = step.fact.event, terms.day(step.fact)
        match event.type:
            case EventType.ATTEMPT:
                assert isinstance(event.data, AttemptData)
                attempt, attempted_on = event.data, day
                refused = refused or event.data.reason is Reason.REFUSED
            case EventType.INVITE_1 | EventType.INVITE_2:
                invitations.append(day)
                attempt = None
            case EventType.HOLD:
                held_until = storage_end(invitations[0] if invitations else day, terms.storage, rural=terms.rural)
                held_until = getattr(event.data, "held_until", None) or held_until
            case EventType.RETURN_START:
                returning, attempt = True, None
    done = custody.holder.holding is Holding.DONE
    return Standing(tuple(invitations), attempt, attempted_on, held_until, returning, refused, done)


def next_task(found: Standing, day: date, terms: Terms) -> NextTask:
    """
    Say what is to be done next with a shipment that lies at the base of its recipient.

    Parameters
    ----------
    day
        The day that is planned, usually tomorrow.
    """
    calendar = terms.calendar
    workday = day if calendar.is_working(day) else calendar.add_working_days(day, 1)
    if found.is_done:
        return NextTask(TaskKind.NOTHING, day)
    if found.is_returning:
        return NextTask(TaskKind.CARRY_BACK, workday)
    if found.was_refused:
        return NextTask(TaskKind.RETURN, day, ground=LegalGround.REFUSED)
    if found.held_until is not None:
        if storage_is_over(day, found.held_until):
            return NextTask(TaskKind.RETURN, day, ground=LegalGround.INVITED_NO_SHOW)
        return NextTask(TaskKind.WAIT, found.held_until)
    if len(found.invitations) >= terms.attempts.invitations:
        until = storage_end(found.invitations[0], terms.storage, rural=terms.rural)
        return NextTask(TaskKind.HOLD, day, until=until)
    if found.attempt is not None:
        return _after(found, found.attempt, day, workday, terms)
    if found.invitations:
        return NextTask(
            TaskKind.ATTEMPT, max(workday, next_invitation(found.invitations[-1], calendar, terms.attempts))
        )
    return NextTask(TaskKind.ATTEMPT, workday)


def _after(found: Standing, attempt: AttemptData, day: date, workday: date, terms: Terms) -> NextTask:
    """What a failed attempt leads to; one without a reason is the dispatcher's."""
    follow_up = FollowUp.ASK if attempt.reason is None else FOLLOW_UPS[attempt.reason]
    if follow_up is FollowUp.ASK:
        return NextTask(TaskKind.ASK, day)
    if follow_up is FollowUp.INVITE:
        last = found.invitations[-1] if found.invitations else None
        earliest = day if last is None else next_invitation(last, terms.calendar, terms.attempts)
        return NextTask(TaskKind.INVITE, max(day, earliest), number=len(found.invitations) + 1)
    if follow_up is FollowUp.AGREED and attempt.agreed_on is not None:
        return NextTask(TaskKind.ATTEMPT, max(workday, attempt.agreed_on))
    assert found.attempted_on is not None
    return NextTask(TaskKind.ATTEMPT, max(workday, terms.calendar.add_working_days(found.attempted_on, 1)))


RULED: Final = frozenset({EventType.INVITE_2, EventType.HOLD, EventType.RETURN_START})
"""What these rules judge."""


def breaks(fact: Fact, others: Sequence[Fact], terms: Terms) -> tuple[Piece, ...]:
    """
    Say which of these rules an event breaks, given the other facts of its shipment.

    The event is taken in all the same; a paper invited too early must be invited again, and somebody must know.
    """
    if fact.event.type not in RULED:
        return ()
    custody = replay([*others, fact])
    number = next((n for n, step in enumerate(custody.steps) if step.fact.event.event_id == fact.event.event_id), None)
    return () if number is None else broken_rules(custody, number, lambda _: terms)


def broken_rules(custody: Custody, number: int, terms_of: Callable[[Fact], Terms]) -> tuple[Piece, ...]:
    """Say which of these rules a step of a history breaks, given the steps before it."""
    fact = custody.steps[number].fact
    kind = fact.event.type
    if kind not in RULED:
        return ()
    terms = terms_of(fact)
    found, day = standing(Custody(custody.steps[:number], custody.void), terms), terms.day(fact)
    if kind is EventType.INVITE_2:
        return _second_invitation(found, day, terms)
    if kind is EventType.HOLD:
        return _hold(found, getattr(fact.event.data, "held_until", None), terms)
    return _return(found, getattr(fact.event.data, "legal_ground", None), day, terms)


def _second_invitation(found: Standing, day: date, terms: Terms) -> tuple[Piece, ...]:
    if not found.invitations:
        return (_FIRST_INVITATION,)
    gap = terms.attempts.gap_days
    if terms.calendar.working_days_between(found.invitations[-1], day) >= gap:
        return ()
    return (
        Piece(
            "invited_too_soon",
            f"Giấy mời trước ngày {found.invitations[-1]:%d/%m/%Y}: phải cách ít nhất {gap} ngày làm việc.",
            f"The invitation before was on {found.invitations[-1]}: at least {gap} working days must lie between.",
        ),
    )


def _hold(found: Standing, until: date | None, terms: Terms) -> tuple[Piece, ...]:
    if len(found.invitations) < terms.attempts.invitations:
        return (_INVITATIONS,)
    end = storage_end(found.invitations[0], terms.storage, rural=terms.rural)
    if until is None or until >= end:
        return ()
    return (
        Piece(
            "held_too_short",
            f"Phải lưu giữ đến hết ngày {end:%d/%m/%Y}.",
            f"It has to be held until the end of {end}.",
        ),
    )


def _return(found: Standing, ground: LegalGround | None, day: date, terms: Terms) -> tuple[Piece, ...]:
    if ground is LegalGround.REFUSED and not found.was_refused:
        return (_REFUSAL,)
    if ground is not LegalGround.INVITED_NO_SHOW:
        return ()
    if len(found.invitations) < terms.attempts.invitations:
        return (_INVITATIONS,)
    end = storage_end(found.invitations[0], terms.storage, rural=terms.rural)
    if storage_is_over(day, end):
        return ()
    return (
        Piece(
            "returned_too_soon",
            f"Chuyển hoàn khi chưa hết hạn lưu giữ: phải chờ hết ngày {end:%d/%m/%Y}.",
            f"Sent back before its storage was over: it has to wait until the end of {end}.",
        ),
    )


_FIRST_INVITATION: Final = Piece(
    "no_first_invitation", "Chưa có giấy mời lần thứ nhất.", "There is no first invitation."
)
_INVITATIONS: Final = Piece("too_few_invitations", "Chưa đủ số lần mời.", "There are too few invitations.")
_REFUSAL: Final = Piece("no_refusal", "Chưa có lần phát nào bị từ chối nhận.", "No attempt was refused.")
