"""What may be done for a place without a post, as a change of the network and of how people use it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from api.coverage.assumptions import Assumptions
from api.coverage.document import Choice, RemedyKind
from api.coverage.proposal import MobileDesk, Proposal
from api.coverage.sampling import YEAR
from api.coverage.situation import Settled
from api.coverage.vocabulary import WEEKDAYS
from api.errors import InputError, RowError
from api.network.model import Settlement, Site, SiteKind
from geo import opening_hours

WORKDAYS = (0, 1, 2, 3, 4)
USUAL_WEEKDAY = 2
"""Of a weekly visit, where nobody has chosen one."""

PRICED = (
    RemedyKind.NEW_POINT, RemedyKind.BORROWED_DESK, RemedyKind.WEEKLY_VISIT, RemedyKind.DAILY_VISIT,
    RemedyKind.HOME_PICKUP,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing done at one place."""

    place_id: str
    kind: RemedyKind
    weekday: int = USUAL_WEEKDAY
    """Of a weekly visit, 0 = Monday."""

    @property
    def weekdays(self) -> tuple[int, ...]:
        """Of its visits."""
        return {RemedyKind.WEEKLY_VISIT: (self.weekday,), RemedyKind.DAILY_VISIT: WORKDAYS}.get(self.kind, ())


def with_remedies(
    proposal: Proposal, remedies: Iterable[Remedy], settled: Settled, assumptions: Assumptions
) -> Proposal:
    """
    Apply remedies to a proposal.

    Raises
    ------
    InputError
        When places are not known, or something is done for one of them already.
    """
    chosen = tuple(remedies)
    require_places([remedy.place_id for remedy in chosen], settled)
    _require_worked(chosen, settled)
    for remedy in chosen:
        place = settled.places[settled.number[remedy.place_id]]
        apply = _APPLY[remedy.kind]
        proposal = apply(proposal.treating(remedy.place_id), place, remedy, settled, assumptions)
    return proposal


def require_places(place_ids: Iterable[str], settled: Settled) -> None:
    """
    Make sure that somebody lives there.

    Raises
    ------
    InputError
        With a row for each place that is not known.
    """
    if unknown := sorted({*place_ids} - settled.number.keys()):
        raise InputError([_unknown_place(place_id) for place_id in unknown])


def _require_worked(remedies: Sequence[Remedy], settled: Settled) -> None:
    """A weekly visit on a day on which nobody works would never come."""
    weekend = settled.network.settings.weekend
    if idle := [one for one in remedies if one.kind is RemedyKind.WEEKLY_VISIT and one.weekday in weekend]:
        place_id, (weekday_vi, weekday_en) = idle[0].place_id, WEEKDAYS[idle[0].weekday]
        vi = f"{weekday_vi} không ai làm việc: quầy lưu động không đến {place_id} được"
        en = f"nobody works on a {weekday_en}: no mobile desk would come to {place_id}"
        raise InputError([RowError("remedies", None, place_id, "not_worked", vi, en)])


def _unknown_place(place_id: str) -> RowError:
    vi = f"không có điểm dân cư {place_id} nào có dân"
    return RowError("remedies", None, place_id, "unknown_place", vi, f"there is no settlement {place_id} with people")


def remedies_of(choices: Iterable[Choice], weekdays: Mapping[str, int]) -> tuple[Remedy, ...]:
    """Choices, with the weekday that each weekly visit has."""
    return tuple(Remedy(one.place_id, one.kind, weekdays.get(one.place_id, USUAL_WEEKDAY)) for one in choices)


def _new_point(
    proposal: Proposal, place: Settlement, _remedy: Remedy, _settled: Settled, assumptions: Assumptions
) -> Proposal:
    name = f"Điểm phục vụ mới {place.name}"
    site = _site(f"DM-{place.settlement_id}", name, SiteKind.CULTURE_POST, place, assumptions.new_point_hours)
    built = proposal.with_sites([site])
    return replace(built, fixed_dong=built.fixed_dong + assumptions.new_point_dong).told(
        f"Mở điểm mới tại {place.name}.", f"A new point at {place.name}."
    )


def _borrowed_desk(
    proposal: Proposal, place: Settlement, _remedy: Remedy, _settled: Settled, assumptions: Assumptions
) -> Proposal:
    name = f"Quầy mượn chỗ {place.name}"
    site = _site(f"QM-{place.settlement_id}", name, SiteKind.BORROWED_DESK, place, assumptions.borrowed_desk_hours)
    built = proposal.with_sites([site])
    return replace(built, fixed_dong=built.fixed_dong + assumptions.borrowed_desk_dong).told(
        f"Mượn chỗ đặt quầy tại {place.name}.", f"A borrowed desk at {place.name}."
    )


def _visits(
    proposal: Proposal, place: Settlement, remedy: Remedy, settled: Settled, assumptions: Assumptions
) -> Proposal:
    days = ",".join(opening_hours.WEEKDAYS[day] for day in remedy.weekdays)
    site_id = f"LD-{days.replace(',', '')}-{place.settlement_id}"
    hours = f"{days} {assumptions.mobile_visit_hours}; PH off"
    desk = replace(
        _site(site_id, f"Quầy lưu động {place.name}", SiteKind.BORROWED_DESK, place, hours),
        setup_minutes=float(assumptions.mobile_stay_minutes),
    )
    yearly = assumptions.mobile_visit_dong * visits_a_year(remedy.weekdays, settled)
    built = proposal.with_sites([desk])
    mobile = (*built.mobile, MobileDesk(site_id, place.settlement_id, remedy.weekdays))
    stays = assumptions.mobile_stay_minutes
    is_daily = remedy.kind is RemedyKind.DAILY_VISIT
    weekday_vi, weekday_en = WEEKDAYS[remedy.weekday]
    when_vi = "mỗi ngày làm việc" if is_daily else f"{weekday_vi} hằng tuần"
    when_en = "each working day" if is_daily else f"each {weekday_en}"
    return replace(built, fixed_dong=built.fixed_dong + yearly, mobile=mobile).told(
        f"Quầy lưu động đến {place.name} {when_vi}, ở lại {stays} phút.",
        f"A mobile desk comes to {place.name} {when_en} and stays {stays} minutes.",
    )


def visits_a_year(weekdays: Iterable[int], settled: Settled) -> int:
    """On how many days of the year ahead a mobile desk comes: its weekdays, but for days without work."""
    calendar, chosen = settled.network.calendar, frozenset(weekdays)
    days = (settled.day + timedelta(days=number) for number in range(YEAR))
    return sum(day.weekday() in chosen and calendar.is_working(day) and not calendar.is_holiday(day) for day in days)


def _home_pickup(
    proposal: Proposal, place: Settlement, _remedy: Remedy, _settled: Settled, _assumptions: Assumptions
) -> Proposal:
    return replace(proposal, free_pickup=proposal.free_pickup | {place.settlement_id}).told(
        f"Thu gom hồ sơ tại nhà miễn phí ở {place.name}.", f"Dossiers are fetched at the door for free at {place.name}."
    )


def _nothing(
    proposal: Proposal, _place: Settlement, _remedy: Remedy, _settled: Settled, _assumptions: Assumptions
) -> Proposal:
    return proposal


_APPLY = {
    RemedyKind.NEW_POINT: _new_point,
    RemedyKind.BORROWED_DESK: _borrowed_desk,
    RemedyKind.WEEKLY_VISIT: _visits,
    RemedyKind.DAILY_VISIT: _visits,
    RemedyKind.HOME_PICKUP: _home_pickup,
    RemedyKind.NOTHING: _nothing,
}


def _site(site_id: str, name: str, kind: SiteKind, place: Settlement, hours: str) -> Site:
    return Site(
        site_id=site_id, name=name, kind=kind, commune_code=place.commune_code, lon=place.lon, lat=place.lat,
        opening_hours=hours, setup_minutes=None, item_seconds=None,
    )  # fmt: skip
