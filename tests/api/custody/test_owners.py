"""A device speaks for its owner: the rule against a table by hand, and against a plain oracle."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.auth.roles import Role
from api.custody.owners import Owner, Term, stranger
from api.custody.verdicts import Device
from api.custody.vocabulary import EventType
from tests.api.custody.made import MORNING, PUBLIC_KEY, event, event_id, signed_event
from tests.api.custody.test_answers import World, found

MINUTE = timedelta(minutes=1)
COURIER = Owner("U1", Role.COURIER, "89", "C1", (Term("B1", MORNING),))
DESK = Owner("U2", Role.DESK, "89", None, (Term("B1", MORNING),))
EVERYWHERE = Owner("U3", Role.DESK, "89")
HOMELESS = Owner("U4", Role.COURIER, "89", "C1")

BY_HAND: list[tuple[Owner, str, dict[str, Any], str | None]] = [
    (COURIER, "DELIVER", {"courier_id": "C1"}, None),
    (COURIER, "DELIVER", {"courier_id": "C2"}, "courier C2"),
    (COURIER, "OUT", {"courier_id": "C1", "site_id": "B9"}, None),
    (COURIER, "OUT", {"courier_id": "C2", "site_id": "B1"}, "courier C2"),
    (COURIER, "ARRIVE", {"site_id": "B9"}, None),  # who gives left their own name out
    (COURIER, "BAG", {"site_id": "B1"}, None),  # works in the base, too
    (COURIER, "BAG", {"site_id": "B9"}, "site B9"),
    (COURIER, "ACCEPT", {"site_id": "B9"}, "site B9"),
    (HOMELESS, "BAG", {"site_id": "B1"}, "site B1"),
    (DESK, "BAG", {"site_id": "B1"}, None),
    (DESK, "BAG", {"site_id": "B9"}, "site B9"),
    (DESK, "DEPART", {"site_id": "B1", "run_id": "L/1"}, None),
    (DESK, "DEPART", {"run_id": "L/1"}, None),
    (DESK, "ARRIVE", {"site_id": "B1", "courier_id": "C1"}, None),
    (DESK, "ARRIVE", {"site_id": "B9", "courier_id": "C1"}, "courier C1"),
    (DESK, "HAND_AGENCY", {"site_id": "B1", "courier_id": "C1"}, None),
    (DESK, "DELIVER", {"site_id": "B1", "courier_id": "C1"}, "courier C1"),
    (DESK, "DELIVER", {"courier_id": "C1"}, "courier C1"),
    (DESK, "ATTEMPT", {}, None),  # incomplete, but nobody's name is used
    (EVERYWHERE, "BAG", {"site_id": "B9"}, None),
    (COURIER, "CORRECT", {"who": "U1"}, None),
    (COURIER, "CORRECT", {"who": "U2"}, "user U2"),
    (DESK, "CORRECT", {}, None),
    (DESK, "CORRECT", {"who": "U2", "courier_id": "C1"}, "courier C1"),
]


@pytest.mark.parametrize(("owner", "kind", "data", "expected"), BY_HAND)
def test_what_a_device_may_say(owner: Owner, kind: str, data: dict[str, Any], expected: str | None) -> None:
    assert stranger(event(1, kind, data=data), owner, MORNING) == expected


@pytest.mark.parametrize(("minute", "is_theirs"), [(9, False), (10, True), (19, True), (20, False), (30, False)])
def test_a_desk_speaks_for_the_site_of_that_moment(minute: int, is_theirs: bool) -> None:
    """At B1 from minute 10 to minute 20, at B2 ever since."""
    terms = (
        Term("B1", MORNING + 10 * MINUTE, MORNING + 20 * MINUTE),
        Term("B2", MORNING + 20 * MINUTE),
        Term("B3", MORNING - MINUTE, MORNING + 10 * MINUTE),
    )
    owner = Owner("U2", Role.DESK, "89", None, terms)
    assert (stranger(event(1, "BAG", data={"site_id": "B1"}), owner, MORNING + minute * MINUTE) is None) == is_theirs


_COURIERS, _SITES, _USERS = ["C1", "C2", None], ["B1", "B2", None], ["U1", "U2", None]
_SPANS = st.tuples(st.sampled_from(["B1", "B2"]), st.integers(0, 5), st.none() | st.integers(6, 9))


def _span(site_id: str, since: int, until: int | None) -> Term:
    return Term(site_id, MORNING + since * MINUTE, None if until is None else MORNING + until * MINUTE)


def _oracle(
    kind: str, courier: str | None, site: str | None, who: str | None, me: str | None, desk_sites: set[str] | None
) -> bool:
    """Spelt out case by case; `desk_sites` None = all of them."""
    between_two = kind in ("ARRIVE", "OUT", "HAND_AGENCY", "COLLECT_RESULT", "RETURN_DONE", "EXCEPTION")
    if kind == "CORRECT" and who == "U2":
        return False
    if me is not None:
        if courier is not None:
            return courier == me
        return site is None or between_two or (desk_sites is not None and site in desk_sites)
    if site is not None and desk_sites is not None and site not in desk_sites:
        return False
    return courier is None or between_two


@given(
    st.sampled_from([kind.value for kind in EventType]), st.sampled_from(_COURIERS), st.sampled_from(_SITES),
    st.sampled_from(_USERS), st.booleans(), st.lists(_SPANS, max_size=4), st.integers(0, 9),
)  # fmt: skip
@example("OUT", "C2", "B1", None, True, [("B1", 0, None)], 1)
def test_owners_and_actors_agree_with_a_plain_oracle(
    kind: str, courier: str | None, site: str | None, who: str | None, is_courier: bool,
    spans: list[tuple[str, int, int | None]], minute: int,
) -> None:  # fmt: skip
    """And whatever is refused, the next event of the batch is taken."""
    me, role = ("C1", Role.COURIER) if is_courier else (None, Role.DESK)
    owner = Owner("U1", role, "89", me, tuple(_span(*span) for span in spans))
    here = {name for name, since, until in spans if since <= minute and (until is None or minute < until)}
    sites = None if not is_courier and not here else here
    said = {"courier_id": courier, "site_id": site} | ({"who": who} if kind == "CORRECT" else {})
    data = {name: value for name, value in said.items() if value is not None}
    world = World(devices={"D1": Device(PUBLIC_KEY, owner, MORNING)})
    first, second = world.send(
        signed_event(1, kind, minute=minute, data=data), signed_event(2, "EXCEPTION", minute=minute)
    )
    is_refused = [piece.code for piece in first.pieces] == ["not_the_owner"]
    assert is_refused is not _oracle(kind, courier, site, who, me, sites)
    assert (first.event is None) is is_refused
    assert second.event is not None


def test_an_event_from_before_its_device_has_the_rights_of_its_enrolment() -> None:
    """A clock set back does not bring back an office that was left, nor one of every site."""
    owner = Owner("U2", Role.DESK, "89", None, (Term("B1", MORNING - 60 * MINUTE, MORNING), Term("B2", MORNING)))
    world = World(devices={"D1": Device(PUBLIC_KEY, owner, MORNING)})
    for minute in (-1, -30, -600):
        old = signed_event(100 - minute, "BAG", minute=minute, data={"site_id": "B1"})
        assert found(world.send(old)) == [("refused", ["not_the_owner"])]


def _undone(by: Owner) -> list[str]:
    """Of a correction, by a device of another person, of what the courier's device said."""
    world = World()
    world.devices["D2"] = Device(PUBLIC_KEY, by, MORNING)
    world.send(signed_event(1, "ATTEMPT", data={"courier_id": "BT-01", "reason": "no_time", "action": "try_again"}))
    data = {"who": by.user_id, "why": "nhầm", "correction": "did_not_occur"}
    (answer,) = world.send(signed_event(2, "CORRECT", device_id="D2", replaces=event_id(1), data=data, minute=1))
    assert answer.event is not None
    return [piece.code for piece in answer.pieces]


def test_who_makes_anothers_event_void_is_looked_at() -> None:
    assert _undone(DESK) == ["replaces_anothers"]
    assert _undone(Owner("U9", Role.DISPATCHER, "89")) == []
    assert _undone(Owner("U1", Role.COURIER, "89", "BT-01")) == []  # the same person's next phone
