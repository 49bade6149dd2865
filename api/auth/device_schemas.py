"""Devices over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from api.auth.people_schemas import Name
from api.auth.schemas import Strict, TokenPair
from api.custody.event_fields import LARGEST_INTEGER
from api.custody.signing import require_public_key, signed_bytes


def _on_the_curve(text: str) -> str:
    require_public_key(text)
    return text


PublicKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}$"), AfterValidator(_on_the_curve)]
"""P-256, uncompressed point, base64url without padding: 65 bytes."""


class Enrolment(Strict):
    """A code that takes one device in: shown as a QR code, works once."""

    code: str
    address: str
    """What the QR code holds."""
    svg: str
    """The QR code as a picture."""
    until: datetime


class NewDevice(Strict):
    """A device that enrols itself."""

    code: Annotated[str, StringConstraints(min_length=20, max_length=100)]
    name: Name = Field(examples=["Điện thoại của anh Tâm"])
    public_key: PublicKey
    first_counter: int = Field(
        default=1,
        ge=1,
        le=LARGEST_INTEGER,
        description="Of its first event: more than 1 when it was enrolled before and goes on counting.",
    )


class Enrolled(Strict):
    """A device that is in."""

    device_id: str
    tokens: TokenPair


class DeviceShown(Strict):
    """A device as administrators see it."""

    device_id: str
    user_id: str
    name: str
    enrolled_at: datetime
    revoked_at: datetime | None
    seen_at: datetime | None
    barred_at: datetime | None
    """Since then its key opens no session: the person's password was reset. It has to be enrolled anew."""


class DeviceList(Strict):
    """A page of devices."""

    devices: tuple[DeviceShown, ...]
    next_after: str | None


class Challenge(Strict):
    """What a device signs to get in."""

    challenge: str
    until: datetime
    """By the server's clock."""


class KeyRenewal(Strict):
    """A device's answer to a challenge."""

    device_id: str = Field(pattern=r"^[0-9a-f-]{36}$", examples=["01936f5e-7a00-7000-8000-000000000000"])
    challenge: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")
    signature: str = Field(
        pattern=r"^[A-Za-z0-9_-]{86}$",
        description='Made as that of an event, over `{"challenge": …, "device_id": …, "purpose": "renewal"}`.',
    )

    @property
    def signed(self) -> bytes:
        """The purpose keeps it apart from every event that the same key signs."""
        return signed_bytes({"challenge": self.challenge, "device_id": self.device_id, "purpose": "renewal"})
