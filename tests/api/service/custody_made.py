"""Devices, shipments, pictures and proofs, for tests of custody over HTTP."""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, insert, select, update

from api.auth.roles import Role
from api.auth.store import add_user, begin_session, find_user
from api.auth.tables import devices, sessions, users
from api.auth.tokens import REFRESH_FOR
from api.custody.signing import CURVE, public_key_text, sign
from api.ids import new_id
from api.shipments.tables import shipments
from tests.api.service.running import PROVINCE, Service

KEY = ec.derive_private_key(0xC0, CURVE)


def add_device(connection: Connection, login: str, device_id: str, key: ec.EllipticCurvePrivateKey = KEY) -> str:
    """Enrol a device for somebody; returns an access token of its session."""
    user_id = connection.scalar(select(users.c.user_id).where(users.c.login == login))
    assert user_id is not None
    now = datetime.now(UTC)
    connection.execute(
        insert(devices).values(
            device_id=device_id, user_id=user_id, name="máy thử", public_key=public_key_text(key.public_key()),
            enrolled_at=now,
        )
    )  # fmt: skip
    access = begin_session(connection, user_id, now, lasts=REFRESH_FOR, device_id=device_id).access
    of_device = update(sessions).where(sessions.c.device_id == device_id)
    connection.execute(of_device.values(access_until=now + REFRESH_FOR))  # a long test renews no token
    return access


def add_person(service: Service, login: str, role: Role, courier_id: str | None = None) -> None:
    """Like the person of that role that is there, with a name of their own and the same password."""

    def write(connection: Connection) -> None:
        like = find_user(connection, login=role.value)
        assert like is not None
        person = replace(like, user_id=new_id(), login=login, courier_id=courier_id)
        add_user(connection, person, datetime.now(UTC))

    service.runtime.writer.write_now(write)


def user_id_of(service: Service, login: str) -> str:
    """What a `CORRECT` by somebody names as `who`."""
    with service.runtime.database.read() as connection:
        return str(connection.scalar(select(users.c.user_id).where(users.c.login == login)))


def add_shipments(connection: Connection, *codes: str, province_id: str = PROVINCE) -> None:
    """Register results from `BC-LX` to a home of its commune."""
    now = datetime.now(UTC)
    plain = {
        "province_id": province_id, "kind": "result", "origin_site": "BC-LX", "origin_commune": "30307",
        "origin_base": "BC-LX", "dest_commune": "30307", "dest_base": "BC-LX", "at_site": "BC-LX", "at_base": "BC-LX",
        "ready_at": now, "ready_day": now.toordinal(), "due_on": now.date().isoformat(), "pieces": 1, "grams": 100,
        "fee_dong": 0, "postage_dong": 0, "id_check": False, "priority": 0, "holding": "nobody", "version": 1,
    }  # fmt: skip
    connection.execute(insert(shipments), [{**plain, "code": code} for code in codes])


def with_device(service: Service, login: str = "courier", device_id: str = "D1", *codes: str) -> Service:
    """Let somebody of a service send from a device."""
    service.tokens[login] = service.runtime.writer.write_now(lambda c: add_device(c, login, device_id))
    if codes:
        service.runtime.writer.write_now(lambda c: add_shipments(c, *codes))
    return service


def made(
    kind: str, counter: int = 1, *, code: str = "S1", key: ec.EllipticCurvePrivateKey = KEY, **fields: Any
) -> dict[str, Any]:
    """A signed event of now."""
    event = {
        "event_id": new_id(), "type": kind, "shipments": [code], "at": datetime.now(UTC).isoformat(),
        "counter": counter, "device_id": "D1", "offline": False, "data": {}, **fields,
    }  # fmt: skip
    return sign(event, key)


def batch(*events: object) -> dict[str, Any]:
    return {"sent_at": datetime.now(UTC).isoformat(), "events": list(events)}


def send(service: Service, *events: object, by: str = "courier") -> list[dict[str, Any]]:
    """Send events; returns the answers."""
    answer = service.ask("POST", "/api/v1/custody/events", by=by, json=batch(*events))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["answers"]
    return found


def verdicts(answers: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(answer["verdict"], [piece["code"] for piece in answer["pieces"]]) for answer in answers]


def jpeg(filling: bytes, *, metadata: bytes = b"") -> bytes:
    """A file of the form of a JPEG: segments and one scan; the pixels make no sense."""
    app1 = b"\xff\xe1" + struct.pack(">H", 2 + len(metadata)) + metadata if metadata else b""
    jfif = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + filling.replace(b"\xff", b"\xff\x00")
    return b"\xff\xd8" + jfif + app1 + scan + b"\xff\xd9"


def png(*more: tuple[bytes, bytes]) -> bytes:
    """A picture of one pixel, with more chunks before its end."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        *more,
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def proof(service: Service, events: list[object], photos: list[bytes], by: str = "courier") -> Any:
    files = [("files", (f"{n}.jpg", photo, "image/jpeg")) for n, photo in enumerate(photos)]
    return service.ask("POST", "/api/v1/custody/proofs", by=by, data={"batch": json.dumps(batch(*events))}, files=files)
