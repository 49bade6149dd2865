"""
A small world for the cells of the authorisation table: things of three places, and people who ask for them.

The places are seen from an office `B1` of province 89: `own` is that office, `other office` is `B2` of the same
province, `other province` is the office of province 92 that is called `B1` too, so that whoever forgets to compare
provinces is found out. What belongs to a whole province is the same for the first two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from api.auth import passwords
from api.auth.device_store import offer_enrolment
from api.auth.roles import Role, Scope, Who
from api.auth.store import User, add_user, begin_session, end_sessions, note_look
from api.auth.tables import devices, sessions
from api.auth.tokens import token_hash
from api.custody.signing import public_key_text
from api.ids import new_id
from api.webhooks.store import announce_test
from api.webhooks.tables import deliveries, subscribers
from tests.api.coverage.studies import made_study
from tests.api.service.access_day import DAY, network_files, plan, snapshot
from tests.api.service.custody_made import KEY, batch, jpeg, made, name_of
from tests.api.service.made_plans import best_of, store_plan
from tests.api.service.made_studies import its_network, put_study
from tests.api.service.running import OTHER_PROVINCE, PASSWORD, PROVINCE, Service
from tests.api.service.today import begin_a_day, today

LASTING = timedelta(hours=2)
_NAMES = {PROVINCE: "An Giang", OTHER_PROVINCE: "Cần Thơ"}
"""Of the provinces of `running.add_people`."""


class Where(StrEnum):
    """The places, as whoever works at the first one sees them."""

    OWN = "own"
    OTHER_OFFICE = "other office"
    OTHER_PROVINCE = "other province"


class Works(StrEnum):
    """How much of the post somebody works in."""

    OFFICE = "office"
    """The first place's."""
    AGENCY = "agency"
    """The agency of the first place: where its results come from and its dossiers go to; no courier starts there."""
    PROVINCE = "province"
    """The first place's, with all of its offices."""
    EVERYWHERE = "everywhere"


_OFFICES = {Works.OFFICE: frozenset({"B1"}), Works.AGENCY: frozenset({"CQ-1", "CQ-3"})}
"""The second of the agencies has nothing in this province; the other province's place has things of one called so."""
_WORKS = {
    **dict.fromkeys(Role, (Works.OFFICE, Works.PROVINCE)),
    Role.DESK: (Works.OFFICE, Works.AGENCY, Works.PROVINCE),
    Role.ADMIN: (Works.OFFICE, Works.PROVINCE, Works.EVERYWHERE),
    Role.COURIER: (Works.OFFICE,),
}
"""In which parts of the post each role is found."""


@dataclass(frozen=True)
class Caller:
    """Somebody who asks; the courier is the one of the first place."""

    role: Role
    works: Works
    token: str
    over: str
    """The token of a session that has ended."""
    device_id: str
    spare_session: str
    """A session of theirs that makes none of the requests."""

    @property
    def login(self) -> str:
        return f"{self.role}-{self.works}"

    @property
    def has_offices(self) -> bool:
        """They work in a part of the province only."""
        return self.works in _OFFICES

    @property
    def site_id(self) -> str:
        """A site that they may speak for."""
        return "CQ-1" if self.works is Works.AGENCY else "B1"


@dataclass
class Place:
    """A place with one thing of each kind."""

    where: Where
    province: str
    office: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    """What a parameter of that name is when a request is about this place."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What is personal about its citizen, and is shown to nobody who did not ask to be shown."""
        return (
            f"Người Kín Số {self.number}",
            f"098765432{self.number}",
            f"{self.number} Ngõ Kín",
            f"Kín{self.number}đáo",
        )


@dataclass(frozen=True)
class World:
    """A service with things in it."""

    service: Service
    places: Mapping[Where, Place]
    callers: tuple[Caller, ...]

    @classmethod
    def made(cls, service: Service) -> World:
        day = begin_a_day()
        places = {
            Where.OWN: Place(Where.OWN, PROVINCE, "B1", 1),
            Where.OTHER_OFFICE: Place(Where.OTHER_OFFICE, PROVINCE, "B2", 2),
            Where.OTHER_PROVINCE: Place(Where.OTHER_PROVINCE, OTHER_PROVINCE, "B1", 3),
        }
        callers = tuple(_caller(service, role, works) for role in Role for works in _WORKS[role])
        everywhere = next(caller for caller in callers if caller.works is Works.EVERYWHERE)
        for place in (places[Where.OWN], places[Where.OTHER_PROVINCE]):
            place.values |= _of_province(service, place, everywhere)
        places[Where.OTHER_OFFICE].values |= places[Where.OWN].values
        for place in places.values():
            place.values |= _of_office(service, place, everywhere)
        headers = {"Authorization": f"Bearer {everywhere.token}"}
        today = {"first_day": str(day), "last_day": str(day), "province": PROVINCE}
        _done(service.client.get("/api/v1/settlement", params=today, headers=headers))  # tallies every event
        return cls(service, places, callers)


def _caller(service: Service, role: Role, works: Works) -> Caller:
    login = f"{role}-{works}"  # as `Caller.login`
    province_id = None if works is Works.EVERYWHERE else PROVINCE
    scope = Scope(province_id, _OFFICES.get(works, frozenset()))
    courier_id = f"C1-{PROVINCE}" if role is Role.COURIER else None
    user = User(new_id(), login, login, role, scope, courier_id, _hash(), must_change=False, disabled=False)

    def work(connection: Connection) -> Caller:
        device_id, at = _person(connection, user), datetime.now(UTC)
        is_bound = role is Role.COURIER  # couriers send from their device only
        token = _lasting(connection, user, device_id if is_bound else None)
        over, spare = (begin_session(connection, user.user_id, at, lasts=LASTING).access for _ in range(2))
        end_sessions(connection, at, session_id=_session(connection, over))
        return Caller(role, works, token, over, device_id, _session(connection, spare))

    return service.runtime.writer.write_now(work)


def _person(connection: Connection, user: User) -> str:
    """Add somebody who has a device; returns its id."""
    device_id, at = new_id(), datetime.now(UTC)
    add_user(connection, user, at)
    key = public_key_text(KEY.public_key())
    row = {"device_id": device_id, "user_id": user.user_id, "name": "máy", "public_key": key, "enrolled_at": at}
    connection.execute(insert(devices).values(row))
    return device_id


def _lasting(connection: Connection, user: User, device_id: str | None) -> str:
    """A token that does not end before the test does."""
    now = datetime.now(UTC)
    token = begin_session(connection, user.user_id, now, lasts=LASTING, device_id=device_id).access
    mine = update(sessions).where(sessions.c.session_id == _session(connection, token))
    connection.execute(mine.values(access_until=now + LASTING, confirmed_at=now))
    return token


def _session(connection: Connection, token: str) -> str:
    asked = select(sessions.c.session_id).where(sessions.c.access_hash == token_hash(token))
    found: str = connection.scalars(asked).one()
    return found


def _of_province(service: Service, place: Place, admin: Caller) -> dict[str, Any]:
    """What belongs to a whole province: its network, plans, jobs, subscribers."""
    headers, there = {"Authorization": f"Bearer {admin.token}"}, {"province": place.province}
    ask = service.client.request
    _done(ask("POST", "/api/v1/network/import", headers=headers, params=there, files=network_files(place.province)))
    inputs = snapshot(place.province)
    plan_id, published = (store_plan(service, inputs, best_of(plan(place.province)), admin.login) for _ in range(2))
    path, seen = f"/api/v1/plans/{published}", {**headers, "If-Match": '"1"'}
    _done(ask("POST", f"{path}/publish", headers=seen, json={}))
    job_id = ask("GET", f"{path}/history", headers=headers).json()["plan"]["job_id"]
    hook = {"province_id": place.province, "url": "https://motcua.example.vn/a", "kinds": ["plan.published"]}
    hooked = _done(ask("POST", "/api/v1/webhooks", headers=headers, json=hook))["subscriber_id"]
    study = made_study(network=its_network(service, place.province))
    study_id = put_study(service, study, province_id=place.province, login=admin.login)
    return {
        "study_id": study_id,
        "plan_id": plan_id, "other_id": published, "published_id": published, "job_id": job_id,
        "inputs_sha256": inputs.sha256, "subscriber_id": hooked, "told_id": _told(service, hooked, place.province),
        "province": place.province, "province_id": place.province, "name_of_province": _NAMES[place.province],
        "sheet": "couriers", "version": 1, "older": 1, "newer": 1, "If-Match": '"1"', "day": str(DAY),
        "first_day": str(today()), "last_day": str(today()), "month": f"{today():%Y-%m}", "part": "post",
        "index": 0, "size": 3, "old": 1, "public_key": public_key_text(KEY.public_key()),
    }  # fmt: skip


def _told(service: Service, subscriber_id: str, province_id: str) -> str:
    """Something that a subscriber has heard already: nothing is sent by the test."""

    def work(connection: Connection) -> str:
        one = connection.execute(select(subscribers).where(subscribers.c.subscriber_id == subscriber_id)).one()
        event_id = announce_test(connection, one, datetime.now(UTC))
        heard = update(deliveries).where(deliveries.c.subscriber_id == subscriber_id)
        connection.execute(heard.values(status="delivered", next_at=None))
        return event_id

    return service.runtime.writer.write_now(work)


def _of_office(service: Service, place: Place, admin: Caller) -> dict[str, Any]:
    """What belongs to an office: a clerk with a device, a shipment with its event, photo, money and PIN."""
    number, base, code = place.number, place.office[1], f"RR-{place.number}"
    scope = Scope(place.province, frozenset({place.office}))
    login, user_id = f"clerk-{number}", new_id()
    clerk = User(user_id, login, f"Clerk {number}", Role.DESK, scope, None, _hash(), must_change=False, disabled=False)

    taker = replace(clerk, user_id=new_id(), login=f"taker-{number}", role=Role.COURIER, courier_id=f"TAKER-{number}")

    def work(connection: Connection) -> tuple[str, str, str, str, str]:
        device_id, phone = _person(connection, clerk), _person(connection, taker)
        token, at = _lasting(connection, clerk, None), datetime.now(UTC)
        looker = Who(user_id, "", Role.DESK, scope, "")
        note_look(connection, at, looker, "looked", f"look-{number}")
        enrolment, _ = offer_enrolment(connection, clerk, looker, at)
        return device_id, token, enrolment, phone, _lasting(connection, taker, phone)

    ask, by_admin = service.client.request, {"Authorization": f"Bearer {admin.token}"}
    there = {"province": place.province, "on": str(DAY)}
    file = shipment_file(shipment(place, code), dossier(place, f"{code}-WAITS"))
    taken = _done(ask("POST", "/api/v1/shipments/import", headers=by_admin, params=there, files=file))
    assert taken["new"] == 2, taken
    device_id, token, enrolment, phone, carrying = service.runtime.writer.write_now(work)
    headers = {"Authorization": f"Bearer {token}"}
    data = {"courier_id": f"TAKER-{number}", "fee_dong": 0, "postage_dong": 24_000, "lời": place.secrets[3]}
    event, sender = made("ACCEPT", 1, code=code, device_id=phone, data=data), {"Authorization": f"Bearer {carrying}"}
    (taken_in,) = _done(ask("POST", "/api/v1/custody/events", headers=sender, json=batch(event)))["answers"]
    assert taken_in["verdict"] in {"accepted", "incomplete"}, taken_in
    photo = jpeg(f"{number}".encode())
    _done(ask("POST", "/api/v1/evidence", headers=headers, content=photo))
    pin = _done(ask("POST", f"/api/v1/track/{code}/pin", headers=headers))["pin"]
    answer = ask("GET", f"/api/v1/ledger/receipts/{code}", headers=headers)  # signs a head
    assert answer.status_code == 200, answer.text
    session = service.runtime.writer.write_now(lambda c: _second_session(c, clerk))
    return {
        "code": code, "waiting": f"{code}-WAITS",
        "user_id": user_id, "login": login, "device_id": device_id, "event_id": event["event_id"],
        "sha256": name_of(photo), "pin": pin, "taker": f"TAKER-{number}", "kind": "courier", "session_id": session[0],
        "refresh_token": session[1], "enrolment": enrolment, "look": f"look-{number}", "agency": f"CQ-{number}",
        "office": place.office, "courier_id": f"C{base}-{place.province}", "key": f"X{base}-{place.province}",
    }  # fmt: skip


def _hash() -> str:
    return passwords.hashed(PASSWORD, login="nobody")


def _second_session(connection: Connection, user: User) -> tuple[str, str]:
    tokens = begin_session(connection, user.user_id, datetime.now(UTC), lasts=LASTING)
    return _session(connection, tokens.access), tokens.refresh


def shipment(place: Place, code: str) -> dict[str, str]:
    """A result for the place's citizen, as a row of a file."""
    return {"kind": "result", "origin_site": f"CQ-{place.number}", **_of_citizen(place, code, "dest")}


def dossier(place: Place, code: str) -> dict[str, str]:
    """A dossier of the place's citizen, who is at home."""
    return {"kind": "intake", "dest_site": f"CQ-{place.number}", **_of_citizen(place, code, "origin")}


def _of_citizen(place: Place, code: str, end: str) -> dict[str, str]:
    lon, lat, commune = ("105.431", "10.384", "30307") if place.office == "B1" else ("105.121", "10.701", "30316")
    name, phone, address, note = place.secrets
    return {
        "code": code, "procedure_code": "1.001120", "ready_at": "2026-11-19T15:00:00+07:00", "due_on": str(DAY),
        "contact_name": name, "contact_phone": phone, "note": note, f"{end}_address": address, f"{end}_lon": lon,
        f"{end}_lat": lat, f"{end}_commune": commune,
    }  # fmt: skip


def shipment_file(*rows: Mapping[str, str]) -> dict[str, tuple[str, bytes]]:
    return {"file": ("shipments.json", json.dumps({"shipments": rows}, ensure_ascii=False).encode())}


def _done(answer: Any) -> Any:
    assert answer.is_success, answer.text
    return answer.json()
