"""
`duongthu user` and `duongthu province`: the first administrator, and a forgotten password, without e-mail.

Whoever may run commands on the server may do this; each change is written down as made at its console.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from sqlalchemy import Connection

from api.auth import passwords, people
from api.auth.limits import clear_failures, of_login
from api.auth.people_schemas import NewProvince, NewUser
from api.auth.roles import Role, Scope
from api.auth.store import User, add_province, add_user, find_user, note_look
from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.deployment import opened
from api.commands.migrate import SettingsFile
from api.errors import NotFoundError, RefusedError
from api.ids import new_id

CONSOLE = "console"
"""Who did it, in the record of looks and changes."""

user_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Add people, reset passwords, list them.")
province_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Add provinces that are served.")


@province_app.callback()
def _province() -> None:
    """Provinces that are served."""


@province_app.command("add")
def add_province_command(
    province_id: Annotated[str, typer.Argument(metavar="ID", help="Code of the province, as in the network folder.")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Add a province."""
    voice = Voice(language(lang), as_json)
    asked = _checked(NewProvince, province_id=province_id, name=name)

    def write(connection: Connection) -> None:
        add_province(connection, asked.province_id, asked.name)
        _note(connection, "province_added", asked.province_id, asked.province_id)

    with opened(settings) as deployment:
        deployment.writer.write_now(write)
    voice.say(f"Đã thêm tỉnh {name} ({province_id}).", f"Added the province {name} ({province_id}).")
    voice.result({"province_id": province_id, "name": name})


@user_app.command("add")
def add_user_command(
    login: Annotated[str, typer.Option("--login", help="Name to log in with: a-z, 0-9, `.`, `_`, `-`.")],
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    role: Annotated[Role, typer.Option("--role", help="What the person does.")],
    province: Annotated[
        str | None, typer.Option("--province", metavar="ID", help="None = every province, for administrators only.")
    ] = None,
    office: Annotated[
        list[str] | None, typer.Option("--office", metavar="ID", help="May be repeated; none = all of the province.")
    ] = None,
    courier: Annotated[
        str | None, typer.Option("--courier", metavar="ID", help="Of a courier: the one in the network.")
    ] = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Add a person; prints the first password, which is kept nowhere and has to be changed at the first log-in."""
    voice = Voice(language(lang), as_json)
    offices = tuple(office or ())
    asked = _checked(
        NewUser, login=login, name=name, role=role, province_id=province, offices=offices, courier_id=courier
    )
    people.require_whole(asked.role, asked.province_id, asked.courier_id)
    at, password = datetime.now(UTC), passwords.made_up()
    user = User(
        new_id(),
        asked.login,
        asked.name,
        asked.role,
        Scope(asked.province_id, frozenset(asked.offices)),
        asked.courier_id,
        passwords.hashed(password, login=asked.login),
        must_change=True,
        disabled=False,
    )

    def write(connection: Connection) -> None:
        add_user(connection, user, at)
        _note(connection, "user_added", user.user_id, asked.province_id, role=asked.role)

    with opened(settings) as deployment:
        deployment.writer.write_now(write)
    _tell_password(voice, user, password)


@user_app.command("password")
def reset_password_command(
    login: Annotated[str, typer.Argument(metavar="LOGIN")],
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Give a person a new first password; their open sessions end."""
    voice = Voice(language(lang), as_json)
    at, password = datetime.now(UTC), passwords.made_up()
    password_hash = passwords.hashed(password, login=login)

    def write(connection: Connection) -> User:
        user = find_user(connection, login=login)
        if user is None:
            raise NotFoundError(f"Không có người dùng “{login}”.", f"There is no user “{login}”.")
        people.reset_password(connection, user, password_hash, at)
        clear_failures(connection, of_login(login))
        _note(connection, "password_reset", user.user_id, user.scope.province_id)
        return user

    with opened(settings) as deployment:
        user = deployment.writer.write_now(write)
    _tell_password(voice, user, password)


@user_app.command("list")
def list_users_command(settings: SettingsFile = None, as_json: AsJson = False, lang: Lang = DEFAULT_LANG) -> None:
    """List everybody who has a log-in; the look is written down."""
    voice = Voice(language(lang), as_json)
    with opened(settings) as deployment:
        deployment.writer.write_now(lambda connection: _note(connection, "users_listed", "users", None))
        with deployment.database.read() as connection:
            found = people.every_user(connection)
    for user in found:
        where = user.scope.province_id or "*"
        offices = ",".join(sorted(user.scope.offices)) or "*"
        closed = voice.text("  (bị khóa)", "  (disabled)") if user.disabled else ""
        line = f"{user.login}  {user.role}  {where}/{offices}  {user.name}{closed}"
        voice.say(line, line)
    voice.result({"users": [_shown(user) for user in found]})


def _checked(kind: type[Any], **values: Any) -> Any:
    """Hold a command to the same form as a request."""
    try:
        return kind(**values)
    except ValidationError as error:
        fields = ", ".join(sorted({str(part["loc"][0]) for part in error.errors()}))
        raise RefusedError(
            f"Giá trị không đúng dạng: {fields}.", f"Values that do not have the right form: {fields}."
        ) from error


def _note(connection: Connection, action: str, subject: str, province_id: str | None, **details: Any) -> None:
    note_look(connection, datetime.now(UTC), None, action, subject, province_id=province_id, by=CONSOLE, **details)


def _tell_password(voice: Voice, user: User, password: str) -> None:
    voice.say(
        f"{user.login}: mật khẩu lần đầu là  {password}  (chỉ hiện một lần; phải đổi khi đăng nhập).",
        f"{user.login}: the first password is  {password}  (shown only once; to be changed at log-in).",
    )
    voice.result({"user_id": user.user_id, "login": user.login, "password": password})


def _shown(user: User) -> dict[str, Any]:
    return {
        "user_id": user.user_id,
        "login": user.login,
        "name": user.name,
        "role": user.role,
        "province_id": user.scope.province_id,
        "offices": sorted(user.scope.offices),
        "disabled": user.disabled,
    }
