"""Provinces and the people in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection

from api.auth import passwords, people
from api.auth.access import allow
from api.auth.people_schemas import FirstPassword, NewProvince, NewUser, UserChange, UserList, UserShown
from api.auth.roles import Role, Scope, Who
from api.auth.store import User, add_province, add_user, note_look
from api.errors import ForbiddenError, RefusedError
from api.ids import new_id
from api.repeats.repeatable import Once
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1", tags=["people"])

Admin = Annotated[Who, allow(Role.ADMIN)]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows a page.")]
After = Annotated[str, Query(max_length=80, pattern=r"^[^\x00-\x1f]*$", description="`next_after` of the page before.")]
Id = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", examples=["01936f5e-7a00-7000-8000-000000000000"])]


@router.post("/provinces", status_code=201)
async def post_province(body: NewProvince, who: Admin, once: Once) -> NewProvince:
    """Add a province; only for administrators of all of them."""
    if who.scope.province_id is not None:
        raise ForbiddenError(
            "Chỉ quản trị toàn hệ thống được thêm tỉnh.", "Only a system administrator adds provinces."
        )

    def write(connection: Connection) -> NewProvince:
        add_province(connection, body.province_id, body.name)
        return body

    return await once.write(write)


@router.get("/provinces")
def read_provinces(who: Admin, request: Request) -> tuple[NewProvince, ...]:
    """List the provinces that the caller sees."""
    with runtime_of(request).database.read() as connection:
        rows = people.list_provinces(connection, who)
    return tuple(NewProvince(province_id=row.province_id, name=row.name) for row in rows)


@router.get("/users")
def read_users(who: Admin, request: Request, after: After = "", limit: Limit = 100) -> UserList:
    """List the users in the caller's scope, by login."""
    with runtime_of(request).database.read() as connection:
        found = people.list_users(connection, who, after=after, limit=limit)
    more = found[-1].login if len(found) == limit else None
    return UserList(users=tuple(UserShown.of(user) for user in found), next_after=more)


@router.post("/users", status_code=201)
async def post_user(body: NewUser, who: Admin, request: Request, once: Once) -> FirstPassword:
    """Add a person. The first password is in the answer, and nowhere else."""
    scope = Scope(body.province_id, frozenset(body.offices))
    people.require_within(who, scope)
    people.require_whole(body.role, body.province_id, body.courier_id)
    at, user_id, password = datetime.now(UTC), new_id(), passwords.made_up()
    password_hash = await runtime_of(request).hashing.run(passwords.hashed, password, login=user_id)
    user = User(
        user_id,
        body.login,
        body.name,
        body.role,
        scope,
        body.courier_id,
        password_hash,
        must_change=True,
        disabled=False,
    )

    def write(connection: Connection) -> FirstPassword:
        add_user(connection, user, at)
        note_look(connection, at, who, "user_added", user.user_id, role=body.role)
        return FirstPassword(user_id=user.user_id, password=password)

    return await once.write(write)


@router.get("/users/{user_id}")
def read_user(user_id: Id, who: Admin, request: Request) -> UserShown:
    """Show a person."""
    with runtime_of(request).database.read() as connection:
        return UserShown.of(people.user_of(connection, who, user_id))


@router.patch("/users/{user_id}")
async def patch_user(user_id: Id, body: UserChange, who: Admin, request: Request) -> UserShown:
    """Change a name, the offices, or whether the person may log in."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> User:
        user = people.user_of(connection, who, user_id)
        if body.offices is not None:
            people.require_within(who, Scope(user.scope.province_id, frozenset(body.offices)))
        if body.disabled and user.user_id == who.user_id:
            raise RefusedError("Không ai tự khóa mình được.", "Nobody disables themselves.")
        changes = body.model_dump(exclude_none=True)
        people.change_user(connection, user, at, **changes)
        note_look(connection, at, who, "user_changed", user_id, fields=sorted(changes))
        return people.user_of(connection, who, user_id)

    changed = await runtime_of(request).writer.write(write)
    runtime_of(request).callers.forget()
    return UserShown.of(changed)


@router.post("/users/{user_id}/password")
async def reset_password(user_id: Id, who: Admin, request: Request, once: Once) -> FirstPassword:
    """
    Give a person a new first password, to be handed over on paper: no e-mail is needed.

    It works for seven days. Every session of the person ends, and their devices have to be enrolled anew.
    """
    at, password = datetime.now(UTC), passwords.made_up()
    password_hash = await runtime_of(request).hashing.run(passwords.hashed, password, login=user_id)

    def write(connection: Connection) -> FirstPassword:
        user = people.user_of(connection, who, user_id)
        people.reset_password(connection, user, password_hash, at)
        note_look(connection, at, who, "password_reset", user_id)
        return FirstPassword(user_id=user_id, password=password)

    given = await once.write(write)
    runtime_of(request).callers.forget()
    return given
