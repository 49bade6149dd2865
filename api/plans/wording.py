"""What a route breaks, in words: who, where, which shipment, by how much."""

from __future__ import annotations

from api.network.model import Network
from api.plans.problems import PlanGroup
from api.plans.reasons import bound_words
from api.plans.relief import site_name
from api.plans.schemas import Words
from routing.checker import Violation
from routing.solution import Constraint, Route

_OF_ONE_ROUND = {
    Constraint.STRUCTURE: (
        "việc, tải trọng hoặc quãng đường ghi không đúng",
        "its tasks, loads or distance are not what they are said to be",
    ),
    Constraint.SKILLS: ("bưu tá thiếu kỹ năng cần thiết", "the courier lacks the skill it needs"),
    Constraint.TRIPS: (
        "quá số lượt, hoặc thiếu giờ xếp hàng giữa hai lượt",
        "too many trips, or too little time to reload",
    ),
    Constraint.LOCKS: ("bưu tá này không được chở", "this courier may not carry it"),
}
"""Where the words for why nobody carries a shipment say too much."""

_WITHOUT_AMOUNT = {
    Constraint.BREAKS: ("không có chỗ cho giờ nghỉ trong khung giờ của nó", "no room for the break within its window"),
    Constraint.TIMELINE: ("các giờ không theo đúng thứ tự", "the times are not in order"),
}


def violation_words(group: PlanGroup, network: Network, route: Route, violation: Violation) -> Words:
    """Say what a route breaks, where, and by how much."""
    places_vi, places_en = _places(group, network, route, violation)
    what = _what(violation)
    return Words(vi=f"{', '.join(places_vi)}: {what.vi}", en=f"{', '.join(places_en)}: {what.en}")


def shipments_of(group: PlanGroup, route: Route, violation: Violation) -> tuple[str, ...]:
    """Codes of what is concerned: one shipment, all those of a stop, or none when it is the round itself."""
    if violation.shipment is not None:
        return (group.works[violation.shipment].shipment.code,)
    if violation.trip is None or violation.visit is None:
        return ()
    tasks = route.trips[violation.trip].visits[violation.visit].tasks
    return tuple(group.works[task.shipment].shipment.code for task in tasks)


def _what(violation: Violation) -> Words:
    special = _OF_ONE_ROUND if violation.amount else {**_OF_ONE_ROUND, **_WITHOUT_AMOUNT}
    if violation.constraint in special:
        vi, en = special[violation.constraint]
        return Words(vi=vi, en=en)
    return bound_words(violation.constraint, violation.amount)


def _places(
    group: PlanGroup, network: Network, route: Route, violation: Violation
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The courier, the trip, the stop and the shipments, as far as they are concerned."""
    courier = group.couriers[route.vehicle_type]
    who = f"{courier.name} ({courier.courier_id})"
    vi, en = [f"bưu tá {who}"], [f"courier {who}"]
    if violation.trip is not None:
        vi.append(f"lượt {violation.trip + 1}")
        en.append(f"trip {violation.trip + 1}")
        if violation.visit is not None:
            place = group.places[route.trips[violation.trip].visits[violation.visit].stop]
            name = "" if place.site_id is None else f" {site_name(network, place.site_id)}"
            vi.append(f"điểm {violation.visit + 1}{name}")
            en.append(f"stop {violation.visit + 1}{name}")
    if codes := ", ".join(shipments_of(group, route, violation)):
        vi.append(f"bưu gửi {codes}")
        en.append(f"shipment {codes}")
    return tuple(vi), tuple(en)
