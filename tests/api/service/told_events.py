"""What couriers' phones and a desk tell of a simulated day: signed events with every piece that is wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection

from api.auth.roles import Role, Scope
from api.auth.store import User, add_user
from api.custody.signing import sign
from api.custody.vocabulary import EventType
from api.ids import new_id
from api.plans.schemas import PlannedRoute, Position, StopTask
from routing.model import Action
from tests.api.service.custody_made import name_of, png
from tests.api.service.driven_round import Told
from tests.api.service.phones import Phone
from tests.api.service.running import _HASH, PROVINCE, Service

THEIRS, OURS, PHOTO = png(), png((b"tEXt", b"o\0ours")), png((b"tEXt", b"p\0photo"))
"""Handwriting of the other side, of the post, and a photograph."""
FILES = {name_of(content): content for content in (THEIRS, OURS, PHOTO)}
_SIGNED = {"signature_theirs": name_of(THEIRS), "signature_ours": name_of(OURS)}
_PAPERS = [{"name": "Tờ khai", "kind": "original", "count": 1}]
POST = frozenset({"hub", "post_office", "culture_post", "borrowed_desk"})
"""Kinds of sites where the post itself holds papers."""


@dataclass
class Played:
    """An event that was sent, and what the server said to it."""

    event: dict[str, Any]
    verdict: str
    pieces: list[str]


@dataclass
class Teller:
    """Somebody with a device."""

    service: Service
    login: str
    device_id: str
    key: ec.EllipticCurvePrivateKey
    courier_id: str | None
    rows: Mapping[str, Mapping[str, Any]]
    """The day's shipments, by code."""
    site_kinds: Mapping[str, str]
    played: list[Played] = field(default_factory=list)
    counter: int = 0

    def agree(self, terms: str) -> None:
        """Let oneself be seen during shifts."""
        answer = self.service.ask("PUT", "/api/v1/live/consent", by=self.login, json={"given": True, "terms": terms})
        assert answer.status_code == 200, answer.text

    def stand_at(self, place: Position, now: datetime) -> None:
        """Say where one is."""
        fix = {"at": now.isoformat(), "lon": place[0], "lat": place[1], "accuracy": 12}
        body = {"day": now.date().isoformat(), "sent_at": now.isoformat(), "fixes": [fix]}
        answer = self.service.ask("POST", "/api/v1/live/positions", by=self.login, json=body)
        assert answer.status_code == 200, answer.text

    def send(self, events: Sequence[dict[str, Any]], now: datetime) -> None:
        """Send events with the files that they speak of, as a phone with a signal does."""
        for first in range(0, len(events), 50):
            some = events[first : first + 50]
            names = dict.fromkeys(name for event in some for name in event["evidence"])
            files = [("files", (name, FILES[name], "image/png")) for name in names]
            sent = {"sent_at": now.isoformat(), "events": some}
            if files:
                body = {"data": {"batch": json.dumps(sent)}, "files": files}
                answer = self.service.ask("POST", "/api/v1/custody/proofs", by=self.login, **body)
            else:
                answer = self.service.ask("POST", "/api/v1/custody/events", by=self.login, json=sent)
            assert answer.status_code == 200, answer.text
            for event, said in zip(some, answer.json()["answers"], strict=True):
                codes = [piece["code"] for piece in said["pieces"]]
                self.played.append(Played(event, said["verdict"], codes))

    def event(self, kind: EventType, code: str, at: datetime, place: Position | None, **more: Any) -> dict[str, Any]:
        """A signed event of one shipment."""
        data = {**_data_of(kind, self.rows[code], at.date()), **more}
        if self.courier_id is not None:
            data["courier_id"] = self.courier_id
        signed = [data[name] for name in ("signature_theirs", "signature_ours") if name in data]
        self.counter += 1
        event = {
            "event_id": new_id(), "type": kind.value, "shipments": [code], "at": at.isoformat(),
            "counter": self.counter, "device_id": self.device_id, "offline": False, "data": data,
            "evidence": [*signed, *data.get("photos", ())],
        }  # fmt: skip
        if place is not None:
            event["place"] = {"lon": place[0], "lat": place[1], "accuracy": 12, "age": 2}
        return sign(event, self.key)

    def events_of(self, told: Told, base_id: str) -> list[dict[str, Any]]:
        """What a courier tells of a step of the round."""
        place = told.stop.point if told.stop is not None else None
        made = [
            self.event(kind, task.shipment, told.at, place, **more)
            for task in told.tasks
            for kind, more in self._said(told, task, base_id)
        ]
        return [sign(_without_digits(made[0]), self.key), *made[1:]] if told.what == "careless" else made

    def _said(self, told: Told, task: StopTask, base_id: str) -> list[tuple[EventType, dict[str, str]]]:
        if told.what == "absent":
            return [(EventType.ATTEMPT, {})]
        if told.what == "damaged":
            torn = {"reason": "damaged", "action": "incident", "photos": [name_of(PHOTO)]}
            return [(EventType.EXCEPTION, {}), (EventType.ATTEMPT, torn)]  # type: ignore[list-item]
        if told.what in ("set_out", "back"):
            return [(EventType.OUT if told.what == "set_out" else EventType.ARRIVE, {"site_id": base_id})]
        assert told.stop is not None
        kind = self.site_kinds[told.stop.site_id] if told.stop.site_id is not None else None
        site = {"site_id": told.stop.site_id} if told.stop.site_id is not None and kind in POST else {}
        return [(type_of(task, kind), site)]

    def take_in(self, now: datetime, routes: Sequence[PlannedRoute]) -> None:
        """As a desk: what lies at a site of the post was accepted there the evening before, and rode to its base."""
        base_of = {
            task.shipment: route.base_id
            for route in routes for trip in route.trips for stop in trip.stops
            for task in stop.tasks if task.action is Action.DELIVER
        }  # fmt: skip
        events, evening = [], now - timedelta(hours=14)
        for code, row in self.rows.items():
            lies_at = row.get("at_site") or row.get("origin_site")
            if not lies_at or self.site_kinds[lies_at] not in POST:
                continue
            events.append(self.event(EventType.ACCEPT, code, evening, None, site_id=lies_at))
            if (base_id := base_of.get(code, lies_at)) != lies_at:
                for kind, minutes, party in (
                    (EventType.DEPART, 5, {"site_id": lies_at}), (EventType.ARRIVE, 45, {"site_id": base_id}),
                ):  # fmt: skip
                    at = evening + timedelta(minutes=minutes)
                    events.append(self.event(kind, code, at, None, run_id="DT/1", **party))
        self.send(events, now)


def phone_teller(service: Service, courier_id: str, base_id: str, rows: Any, site_kinds: Mapping[str, str]) -> Teller:
    """Enrol a phone for a courier, who gets a user when there is none yet."""
    login = login_of(courier_id)
    _add_person(service, login, Role.COURIER, Scope(PROVINCE, frozenset({base_id})), courier_id)
    phone = Phone.enrolled(service, login)
    service.tokens[login] = phone.tokens["access_token"]
    return Teller(service, login, phone.device_id, phone.key, courier_id, rows, site_kinds)


def desk_teller(service: Service, rows: Any, site_kinds: Mapping[str, str]) -> Teller:
    """Enrol a device that speaks for every desk of the province."""
    login = "all-desks"
    _add_person(service, login, Role.DESK, Scope(PROVINCE), None)
    phone = Phone.enrolled(service, login)
    service.tokens[login] = phone.tokens["access_token"]
    return Teller(service, login, phone.device_id, phone.key, None, rows, site_kinds)


def login_of(courier_id: str) -> str:
    """A courier of a simulated day, as a user."""
    return f"bt-{courier_id.lower()}"


def type_of(task: StopTask, site_kind: str | None) -> EventType:
    """What is told when a task is done at a site of a kind; None = at a citizen's door."""
    if task.action is Action.DELIVER:
        at_office = EventType.ARRIVE if site_kind in POST else EventType.HAND_AGENCY
        return EventType.DELIVER if site_kind is None else at_office
    at_office = EventType.OUT if site_kind in POST else EventType.COLLECT_RESULT
    return EventType.ACCEPT if site_kind is None else at_office


def _data_of(kind: EventType, row: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Every piece that an event of a type has to have for one shipment, whose row of the file is given."""
    code, number = row["code"], row["code"][2:10]
    paid = {"fee_dong": int(row.get("fee_dong") or 0), "postage_dong": int(row.get("postage_dong") or 0)}
    more: dict[EventType, dict[str, Any]] = {
        EventType.ACCEPT: {
            "documents": _PAPERS, "seal": f"NP-{number}", "receipt_no": f"BL-{number}", **paid, **_SIGNED,
        },
        EventType.OUT: {"scanned": [code]},
        EventType.ARRIVE: {"scanned": [code]},
        EventType.DEPART: {"scanned": [code]},
        EventType.HAND_AGENCY: {
            "count": 1, "slip_no": f"GH-{number}", "appointment_on": (day + timedelta(days=7)).isoformat(), **_SIGNED,
            "fee_dong": paid["fee_dong"],
        },
        EventType.COLLECT_RESULT: {"count": 1, "seal": f"NP-{number}", **_SIGNED},
        EventType.DELIVER: {
            "recipient_name": row.get("contact_name") or "Người nhận mẫu", "relation": "self",
            "id_kind": "identity_card", "id_digits": "0123", "signature_theirs": name_of(THEIRS), **paid,
        },
        EventType.ATTEMPT: {"reason": "absent", "action": "notice_left", "notice_no": f"GM-{number}"},
        EventType.EXCEPTION: {"trouble": "damaged", "photos": [name_of(PHOTO)], "note": "Phong bì bị ướt."},
    }  # fmt: skip
    return more[kind]


def _without_digits(event: dict[str, Any]) -> dict[str, Any]:
    data = {name: value for name, value in event["data"].items() if name != "id_digits"}
    return {**event, "data": data}


def _add_person(service: Service, login: str, role: Role, scope: Scope, courier_id: str | None) -> None:
    def write(connection: Connection) -> None:
        person = User(new_id(), login, login, role, scope, courier_id, _HASH, must_change=False, disabled=False)
        add_user(connection, person, datetime.now(UTC))

    service.runtime.writer.write_now(write)
