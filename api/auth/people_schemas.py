"""People over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from api.auth.roles import Role
from api.auth.schemas import Strict
from api.auth.store import User

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
ProvinceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
Login = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,79}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]


class NewProvince(Strict):
    """A province that is served."""

    province_id: ProvinceId = Field(examples=["89"])
    name: Name = Field(examples=["An Giang"])


class NewUser(Strict):
    """A person who will log in."""

    login: Login = Field(examples=["lan.dieuphoi"])
    name: Name = Field(examples=["Nguyễn Thị Lan"])
    role: Role
    province_id: ProvinceId | None = None
    offices: tuple[Key, ...] = Field(default=(), max_length=500)
    courier_id: Key | None = None


class UserShown(Strict):
    """A person as administrators see them."""

    user_id: str
    login: str
    name: str
    role: Role
    province_id: str | None
    offices: tuple[str, ...]
    courier_id: str | None
    disabled: bool
    must_change_password: bool

    @classmethod
    def of(cls, user: User) -> UserShown:
        return cls(
            user_id=user.user_id,
            login=user.login,
            name=user.name,
            role=user.role,
            province_id=user.scope.province_id,
            offices=tuple(sorted(user.scope.offices)),
            courier_id=user.courier_id,
            disabled=user.disabled,
            must_change_password=user.must_change,
        )


class FirstPassword(Strict):
    """A password to be handed over on paper; shown once, to be changed at the next log-in."""

    user_id: str
    password: str


class UserChange(Strict):
    """What may change about a person; what is left out stays."""

    name: Name | None = None
    disabled: bool | None = None
    offices: tuple[Key, ...] | None = Field(default=None, max_length=500)


class UserList(Strict):
    """A page of users, by login."""

    users: tuple[UserShown, ...]
    next_after: str | None
    """For `after` of the next page; none = the last one."""


class Look(Strict):
    """Somebody looked at personal data, got in, or changed who may do what."""

    look_id: int
    at: datetime
    user_id: str | None
    action: str
    subject: str
    request_id: str | None


class LookList(Strict):
    """A page of looks, the latest first."""

    looks: tuple[Look, ...]
    next_before: int | None
