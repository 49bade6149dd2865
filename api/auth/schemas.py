"""Log-in over HTTP."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api.auth.roles import Role


class Strict(BaseModel):
    """A body with nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LogIn(Strict):
    """Name and password."""

    login: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$", examples=["lan.dieuphoi"])
    password: str = Field(min_length=1, max_length=128, examples=["bốn chữ dài hơn một"])
    cookie: bool = Field(default=False, description="Of a page: the refresh token comes as a cookie it cannot read.")


class Renewal(Strict):
    """A refresh token; it works once, and for ten seconds more gives the same answer."""

    refresh_token: str | None = Field(
        default=None, min_length=20, max_length=100, description="None = the one in the cookie, from this origin only."
    )


class TokenPair(Strict):
    """What to act with, and what to get the next pair with."""

    access_token: str
    access_until: datetime
    refresh_token: str | None
    """None = it is in the cookie."""
    refresh_until: datetime
    must_change_password: bool = False
    """The password was set by somebody else: change it first."""
    must_wipe: bool = False
    """The device was revoked: hand in the events and photos that it still has, then wipe it; nothing else is open."""


class Me(Strict):
    """Who is logged in."""

    user_id: str
    name: str
    role: Role
    province_id: str | None
    offices: tuple[str, ...]
    courier_id: str | None
    device_id: str | None


class NewPassword(Strict):
    """A change of one's own password."""

    old: str = Field(min_length=1, max_length=128)
    new: str = Field(min_length=1, max_length=128)


class Confirmation(Strict):
    """The password, once more."""

    password: str = Field(min_length=1, max_length=128, examples=["bốn chữ dài hơn một"])


class SessionShown(Strict):
    """One place where somebody is logged in."""

    session_id: str = Field(examples=["01936f5e-7a00-7000-8000-000000000000"])
    device_id: str | None
    began_at: datetime
    until: datetime
    """When nothing is done before."""
    this_one: bool


class SessionList(Strict):
    """Everywhere somebody is logged in, the latest first."""

    sessions: tuple[SessionShown, ...]


class Ended(Strict):
    """How many sessions were ended."""

    ended: int = Field(ge=0, examples=[2])
