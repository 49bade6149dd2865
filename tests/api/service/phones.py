"""A phone for tests: enrolled with a code, and holder of a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from httpx2 import Response
from sqlalchemy import select

from api.auth.tables import users
from api.custody.signing import CURVE, public_key_text, sign
from tests.api.service.running import Service

RENEW = "/api/v1/auth/renew"


def user_id_of(service: Service, login: str) -> str:
    """The id of a person of the tests."""
    with service.runtime.database.read() as connection:
        return str(connection.execute(select(users.c.user_id).where(users.c.login == login)).scalar_one())


@dataclass
class Phone:
    """An enrolled device of a courier."""

    service: Service
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    device_id: str = ""
    tokens: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def enrolled(cls, service: Service, login: str = "courier", **more: int) -> Phone:
        phone = cls(service)
        path = f"/api/v1/users/{user_id_of(service, login)}/enrolments"
        offered = service.ask("POST", path, by="admin").json()
        body = {"code": offered["code"], "name": "Điện thoại", "public_key": public_key_text(phone.key.public_key())}
        taken = service.client.post("/api/v1/devices", json=body | more)
        assert taken.status_code == 201, taken.text
        phone.device_id, phone.tokens = taken.json()["device_id"], taken.json()["tokens"]
        return phone

    def challenge(self) -> str:
        """Ask for something to sign."""
        asked = self.service.client.post("/api/v1/auth/challenge")
        assert asked.status_code == 200, asked.text
        return str(asked.json()["challenge"])

    def answer(self, challenge: str, **other: str) -> dict[str, str]:
        """The signed answer to a challenge; `other` changes what is signed."""
        told = {"challenge": challenge, "device_id": self.device_id}
        signed = sign(told | {"purpose": "renewal"} | other, self.key)
        return told | {"signature": signed["signature"]}

    def renew(self) -> Response:
        """Get in by the key."""
        return self.service.client.post(RENEW, json=self.answer(self.challenge()))

    def refresh(self) -> int:
        """Get in by the refresh token; returns the status."""
        body = {"refresh_token": self.tokens["refresh_token"]}
        return self.service.client.post("/api/v1/auth/refresh", json=body).status_code


def status_of(service: Service, access_token: str) -> int:
    """How somebody with this token is answered."""
    return service.client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {access_token}"}).status_code
