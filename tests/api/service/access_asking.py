"""
A request to any endpoint about any place, made from the OpenAPI text.

Parameters get the place's value of their name; bodies the examples of their schema, with the place's values
in them. What is meant otherwise, or is no JSON, stands in `SPECIAL`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile, is_zipfile

import pytest
from httpx2 import Response

from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.access_day import DAY, network, network_files, plan, plan_shipments
from tests.api.service.access_world import Caller, Place, Where, World, dossier, shipment, shipment_file
from tests.api.service.custody_made import batch, jpeg, made
from tests.api.service.running import PASSWORD

Endpoint = tuple[str, str]
Values = Mapping[str, Any]
Special = Callable[[Caller, Place, Values], dict[str, Any]]
"""Gives other `values` by name of the parameter, and arguments of the request (`json`, `files`, `headers`, ...)."""

METRICS_TOKEN = "figures"
BODIES = frozenset({"json", "files", "content", "data"})


def _values(**values: str) -> Special:
    """Parameters that have another name in the world, or a fixed value (after `=`)."""

    def special(_: Caller, __: Place, known: Values) -> dict[str, Any]:
        found = {name: said[1:] if said.startswith("=") else known[said] for name, said in values.items()}
        return {"values": found}

    return special


def _json(make: Callable[[Place, Values], Any], **values: str) -> Special:
    def special(caller: Caller, place: Place, known: Values) -> dict[str, Any]:
        return {**_values(**values)(caller, place, known), "json": make(place, known)}

    return special


def _event(caller: Caller, _: Place, known: Values) -> dict[str, Any]:
    data = {**COMPLETE["ARRIVE"], "site_id": caller.site_id}
    event = made("ARRIVE", 1, code=known["code"], device_id=caller.device_id, data=data)
    return batch(event)


def _new_user(place: Place, known: Values) -> dict[str, Any]:
    scope = {"province_id": place.province, "offices": [place.office]}
    return {"login": "nguoi-moi", "name": "Người Mới", "role": "desk", **scope}


def _new_courier(place: Place, known: Values) -> dict[str, Any]:
    return {"cells": {"courier_id": "X9", "name": "Mới", "base_id": place.office}, "version": 1}


PLANNED = {"first_day": f"={DAY}", "last_day": f"={DAY}"}
SPECIAL: dict[Endpoint, Special] = {
    ("GET", "/metrics"): lambda *_: {"headers": {"Authorization": f"Bearer {METRICS_TOKEN}"}},
    ("POST", "/api/v1/auth/login"): _json(lambda _, known: {"login": known["login"], "password": PASSWORD}),
    ("PUT", "/api/v1/auth/password"): _json(lambda *_: {"old": PASSWORD, "new": f"{PASSWORD} nữa"}),
    ("POST", "/api/v1/provinces"): _json(lambda *_: {"province_id": "01", "name": "Hà Nội"}),
    ("POST", "/api/v1/users"): _json(_new_user),
    ("PATCH", "/api/v1/users/{user_id}"): _json(lambda *_: {"name": "Tên Khác"}),
    ("POST", "/api/v1/devices"): _json(
        lambda _, known: {"code": known["enrolment"], "name": "máy", "public_key": known["public_key"]}
    ),
    ("POST", "/api/v1/network/import"): lambda _, place, __: {"files": network_files(place.province)},
    ("PUT", "/api/v1/network/{sheet}"): _json(_new_courier),
    ("POST", "/api/v1/shipments/import"): lambda _, place, __: {
        "values": {"on": str(DAY)}, "files": shipment_file(shipment(place, "RR-NEW"))
    },
    ("POST", "/api/v1/shipments"): _json(lambda place, _: dossier(place, "RR-NEW")),
    ("POST", "/api/v1/custody/events"): lambda *who: {"json": _event(*who)},
    ("POST", "/api/v1/custody/proofs"): lambda *who: {
        "data": {"batch": json.dumps(_event(*who))}, "files": [("files", ("1.jpg", jpeg(b"new"), "image/jpeg"))]
    },
    ("POST", "/api/v1/evidence"): lambda *_: {"content": jpeg(b"new")},
    ("POST", "/api/v1/plans/inputs"): _json(
        lambda place, _: {
            "province_id": place.province, "day": str(DAY), "network": {**network(place.province), "settings": {}},
            "shipments": plan_shipments(),
        }
    ),
    ("POST", "/api/v1/plans"): _json(lambda place, _: {"province_id": place.province, "day": str(DAY)}),
    ("POST", "/api/v1/plans/validate"): lambda _, place, __: {
        "content": plan(place.province).model_dump_json(), "headers": {"Content-Type": "application/json"}
    },
    ("GET", "/api/v1/plans/{plan_id}/rounds"): _values(plan_id="published_id"),
    ("GET", "/api/v1/plans/{plan_id}/exports/{kind}"): _values(kind="=workbook"),
    ("POST", "/api/v1/plans/{plan_id}/unpublish"): _values(plan_id="published_id", **{"If-Match": '="2"'}),
    ("POST", "/api/v1/plans/{plan_id}/publish"): _json(lambda _, known: {"replaces": known["published_id"]}),
    ("POST", "/api/v1/plans/{plan_id}/edits"): _json(
        lambda *_: {"kind": "lock", "shipments": [plan_shipments()[0]["code"]]}
    ),
    ("POST", "/api/v1/plans/{plan_id}/trial"): _json(
        lambda *_: {"kind": "lock", "shipments": [plan_shipments()[0]["code"]]}
    ),
    ("POST", "/api/v1/plans/{plan_id}/replan"): _json(lambda *_: {"seconds": 10}),
    ("GET", "/api/v1/coverage/studies/{study_id}/export"): _values(format="=geojson"),
    ("GET", "/api/v1/coverage/studies/{study_id}/reach"): _values(means="=walk", minutes="=30"),
    ("GET", "/api/v1/live/stream"): _values(seconds="=0"),
    ("POST", "/api/v1/jobs/{job_id}/cancel"): _json(lambda *_: {}),
    ("POST", "/api/v1/webhooks/{subscriber_id}/deliveries/{event_id}/redeliver"): _values(event_id="told_id"),
    ("POST", "/api/v1/settlement/{day}/{kind}/{taker}"): _json(
        lambda *_: {"fee_dong": 0, "postage_dong": 24_000, "expected_cash_dong": 24_000}, day="first_day"
    ),
    ("POST", "/api/v1/track/{code}/pin"): _values(code="waiting"),
    ("POST", "/api/v1/track/{code}/wishes"): _json(lambda _, known: {"pin": known["pin"]}),
    ("GET", "/api/v1/network/postage"): _values(procedure="=1.001120", commune="=30307"),
    ("GET", "/api/v1/reports/punctuality"): _values(by="=agency", **PLANNED),
    ("GET", "/api/v1/reports/punctuality.xlsx"): _values(by="=agency", **PLANNED),
    ("GET", "/api/v1/reports/punctuality/shipments"): _values(**PLANNED),
    ("GET", "/api/v1/reports/communes"): _values(on="first_day"),
    ("PUT", "/api/v1/reports/agency-months/{site_id}/{month}"): _values(site_id="office"),
    ("PUT", "/api/v1/reports/share-targets/{site_id}/{quarter}"): _values(site_id="office", quarter="=2026-Q4"),
}  # fmt: skip


def line_of(endpoint: Endpoint) -> str:
    """An endpoint as the tables spell it."""
    return '("{}", "{}")'.format(*endpoint)


def values_of(caller: Caller, place: Place) -> dict[str, Any]:
    """A place's values; at the first place a session is the caller's own."""
    own = {"session_id": caller.spare_session} if place.where is Where.OWN else {}
    return {**place.values, **own}


@dataclass(frozen=True)
class Asker:
    """Makes requests to one endpoint."""

    world: World
    described: Mapping[str, Any]
    """The OpenAPI text."""
    endpoint: Endpoint

    @property
    def operation(self) -> Mapping[str, Any]:
        method, path = self.endpoint
        found: Mapping[str, Any] = self.described["paths"][path][method.lower()]
        return found

    def address(self, caller: Caller, place: Place) -> dict[str, Any]:
        """The values of the parameters that name things: those that a request has to have, and the province."""
        known, _ = self._meant(caller, place)
        return {one["name"]: self._value(one, known) for one in self._named(())}

    def ask(self, token: str | None, caller: Caller, place: Place, **other: Any) -> Response:
        """
        Make a request.

        Parameters
        ----------
        token
            None = nobody is logged in.
        other
            Values of parameters, instead of the place's.
        """
        known, arguments = self._meant(caller, place)
        known |= other
        login = {} if token is None else {"Authorization": f"Bearer {token}"}
        parts: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": login | arguments.pop("headers", {})}
        for parameter in self._named({*arguments.pop("names", ()), *other}):
            parts[parameter["in"]][parameter["name"]] = self._value(parameter, known)
        if "requestBody" in self.operation and not arguments.keys() & BODIES:
            arguments["json"] = self._body(known)
        method, path = self.endpoint
        path = path.format_map({name: quote(str(value), safe="") for name, value in parts["path"].items()})
        return self.world.service.client.request(
            method, path, params=parts["query"], headers=parts["header"], **arguments
        )  # fmt: skip

    def _meant(self, caller: Caller, place: Place) -> tuple[dict[str, Any], dict[str, Any]]:
        """Values by name of the parameter, and arguments of the request."""
        known = values_of(caller, place)
        arguments = SPECIAL[self.endpoint](caller, place, known) if self.endpoint in SPECIAL else {}
        meant = arguments.pop("values", {})
        return known | meant, {**arguments, "names": tuple(meant)}

    def _named(self, wanted: Collection[str]) -> Iterator[Mapping[str, Any]]:
        for one in self.operation.get("parameters", ()):
            if one["required"] or one["name"] == "province" or one["name"] in wanted:
                yield one

    def _value(self, parameter: Mapping[str, Any], known: Values) -> Any:
        name = parameter["name"]
        if name not in known:
            pytest.fail(
                f"{' '.join(self.endpoint)}: nothing is known for the {parameter['in']} parameter “{name}”. Add what "
                "it is to `_of_office` or `_of_province` in tests/api/service/access_world.py, or, when a value of "
                f"another name is meant, a line to SPECIAL in access_asking.py:\n"
                f'    {line_of(self.endpoint)}: _values({name}="…"),'
            )
        return known[name]

    def _body(self, known: Values) -> Any:
        """The example of a body, with the place's values for what has their names."""
        schema = self.operation["requestBody"]["content"].get("application/json", {}).get("schema", {})
        if "$ref" in schema:
            schema = self.described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if "examples" in schema:
            return schema["examples"][0]
        fields = schema.get("properties", {})
        return {name: self._example(name, fields[name], known) for name in schema.get("required", fields)}

    def _example(self, name: str, field: Mapping[str, Any], known: Values) -> Any:
        examples = field.get("examples", ())
        if name not in known and not examples:
            pytest.fail(
                f"{' '.join(self.endpoint)}: its body has no example of “{name}”. Give the field `examples=[...]` in "
                f"its schema, or add a line to SPECIAL in tests/api/service/access_asking.py:\n"
                f"    {line_of(self.endpoint)}: _json(lambda place, known: {{...}}),"
            )
        return known.get(name, next(iter(examples), None))


def text_of(answer: Response) -> str:
    """What an answer says, also when it is a workbook."""
    if not is_zipfile(BytesIO(answer.content)):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
