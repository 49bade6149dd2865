"""Networks in the database: versions that are only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, func, insert, or_, select, update

from api.auth.tables import provinces
from api.errors import NotFoundError, RefusedError, RowError
from api.network.model import Network
from api.network.records import Record, checked
from api.network.rows import CalendarDay, DayKind
from api.network.settings import Settings
from api.network.settings_reader import read_settings
from api.network.tables import SETTINGS, network_rows, network_versions


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a province's network."""

    version: int
    at: datetime
    by_user: str | None
    note: str
    sha256: str
    began: int
    """Rows that are new in it."""
    ended: int
    """Rows that are gone in it."""


def latest_version(connection: Connection, province_id: str) -> int:
    """The version in use; 0 = there is no network yet."""
    of_province = network_versions.c.province_id == province_id
    return connection.scalar(select(func.max(network_versions.c.version)).where(of_province)) or 0


def require_version(connection: Connection, province_id: str, version: int | None) -> int:
    """
    Name the version that is meant; None = the one in use.

    Raises
    ------
    NotFoundError
        When the province has no such version.
    """
    latest = latest_version(connection, province_id)
    wanted = latest if version is None else version
    if not 1 <= wanted <= latest:
        raise _no_network(province_id, wanted)
    return wanted


def read_records(connection: Connection, province_id: str, version: int | None = None) -> tuple[int, list[Record]]:
    """
    Read every row of a version.

    Parameters
    ----------
    version
        None = the one in use.

    Returns
    -------
    version, records

    Raises
    ------
    NotFoundError
        When the province has no such version.
    """
    wanted = require_version(connection, province_id, version)
    asked = select(network_rows).where(*_standing(province_id, wanted)).order_by(network_rows.c.row_id)
    return wanted, [_record(row) for row in connection.execute(asked)]


def read_network_at(
    connection: Connection, province_id: str, version: int | None = None, *, folder: Path | None = None
) -> Network:
    """
    Read a network.

    Parameters
    ----------
    version
        None = the one in use.
    folder
        Of the province's road file; None = synthetic roads.

    Raises
    ------
    NotFoundError
        When the province has no such version.
    InputError
        When the rows no longer pass the checks, which a newer program may have sharpened.
    """
    _, records = read_records(connection, province_id, version)
    return checked(records, province_name(connection, province_id), folder)


_PROVINCES: Final[BindParameter[Any]] = bindparam("provinces", expanding=True)
_MOMENTS = (  # built once: every proof that comes in asks it
    select(network_versions.c.province_id, network_versions.c.at, network_versions.c.version)
    .where(network_versions.c.province_id.in_(_PROVINCES))
    .order_by(network_versions.c.version)
)


def version_moments(connection: Connection, provinces_wanted: Collection[str]) -> dict[str, list[tuple[datetime, int]]]:
    """Since when each version of some provinces' networks was in use, the oldest first."""
    found: dict[str, list[tuple[datetime, int]]] = {}
    for row in connection.execute(_MOMENTS, {"provinces": sorted(provinces_wanted)}):
        found.setdefault(row.province_id, []).append((row.at, row.version))
    return found


def read_settings_at(
    connection: Connection, province_id: str, version: int
) -> tuple[Settings, list[CalendarDay], list[RowError]]:
    """
    Read what a version's settings and calendar say, without the rest of the network.

    Returns
    -------
    settings, days
    errors
        Keys of the settings that no longer pass the checks; they have their defaults.
    """
    sheets = network_rows.c.sheet.in_((SETTINGS, "calendar"))
    asked = select(network_rows).where(*_standing(province_id, version), sheets)
    records = [_record(row) for row in connection.execute(asked)]
    written = next((record.cells for record in records if record.sheet == SETTINGS), {})
    days = [
        CalendarDay(date.fromisoformat(cells["date"]), DayKind(cells["kind"]), cells.get("name", ""))
        for cells in (record.cells for record in records if record.sheet != SETTINGS)
    ]
    settings, errors = read_settings(written, SETTINGS)
    return settings, days, errors


def province_name(connection: Connection, province_id: str) -> str:
    """
    Raises
    ------
    NotFoundError
        When there is no such province.
    """
    name: str | None = connection.scalar(select(provinces.c.name).where(provinces.c.province_id == province_id))
    if name is None:
        raise NotFoundError("Không có tỉnh này.", "There is no such province.")
    return name


def list_records(
    connection: Connection, province_id: str, sheet: str, *, version: int, on: date | None, after: int, limit: int
) -> list[tuple[int, Record]]:
    """
    List the rows of a sheet, in the order in which they were added.

    Parameters
    ----------
    on
        Only rows in force on this day; None = all.
    after
        The last `row_id` seen.

    Returns
    -------
    rows
        Each with its `row_id`.
    """
    conditions = [*_standing(province_id, version), network_rows.c.sheet == sheet, network_rows.c.row_id > after]
    if on is not None:
        conditions += [network_rows.c.valid_from <= on.isoformat(), network_rows.c.valid_to >= on.isoformat()]
    asked = select(network_rows).where(*conditions).order_by(network_rows.c.row_id).limit(limit)
    return [(row.row_id, _record(row)) for row in connection.execute(asked)]


def is_digital_enough(connection: Connection, province_id: str, version: int, procedure_code: str, on: date) -> bool:
    """Whether a version says of a procedure in force on a day that scans suffice; False when none is in force."""
    day, key = on.isoformat(), network_rows.c.row_key == procedure_code
    in_force = [network_rows.c.valid_from <= day, network_rows.c.valid_to >= day]
    of_sheet = [*_standing(province_id, version), network_rows.c.sheet == "procedures", key, *in_force]
    row = connection.execute(select(network_rows).where(*of_sheet)).one_or_none()
    return row is not None and row.content.get("digital_enough") == "yes"


def list_versions(connection: Connection, province_id: str, *, before: int | None, limit: int) -> list[Version]:
    """List versions, the newest first."""
    asked = select(network_versions).where(network_versions.c.province_id == province_id)
    if before is not None:
        asked = asked.where(network_versions.c.version < before)
    rows = connection.execute(asked.order_by(network_versions.c.version.desc()).limit(limit))
    return [Version(r.version, r.at, r.by_user, r.note, r.sha256, r.began, r.ended) for r in rows]


def list_changes(connection: Connection, province_id: str, older: int, newer: int) -> tuple[list[Record], list[Record]]:
    """
    Compare two versions.

    Returns
    -------
    gone, new
        Rows that only the older one has, and rows that only the newer one has.

    Raises
    ------
    NotFoundError
        When one of them does not exist.
    """
    for version in (older, newer):
        require_version(connection, province_id, version)
    first, last = sorted((older, newer))
    until, since = network_rows.c.until_version, network_rows.c.since_version
    gone = [since <= first, until > first, until <= last]
    new = [since > first, since <= last, or_(until.is_(None), until > last)]
    of_province = network_rows.c.province_id == province_id
    found = []
    for conditions in (gone, new) if older <= newer else (new, gone):
        asked = select(network_rows).where(of_province, *conditions).order_by(network_rows.c.row_id)
        found.append([_record(row) for row in connection.execute(asked)])
    return found[0], found[1]


def save_version(
    connection: Connection,
    province_id: str,
    wanted: Sequence[Record],
    *,
    based_on: int,
    sha256: str,
    at: datetime,
    by_user: str | None,
    note: str,
) -> Version | None:
    """
    Make a set of rows the network in use.

    Parameters
    ----------
    wanted
        All of them, checked.
    based_on
        The version that whoever made them had seen; 0 = none.
    sha256
        Of the network that they make.

    Returns
    -------
    version
        None when nothing is different.

    Raises
    ------
    RefusedError
        When somebody else changed the network since.
    """
    latest = latest_version(connection, province_id)
    if latest != based_on:
        raise RefusedError(
            f"Mạng lưới vừa được người khác sửa (phiên bản {latest}); hãy xem lại rồi làm lại.",
            f"Somebody changed the network meanwhile (version {latest}): look again, then repeat.",
        )
    asked = select(network_rows).where(*_standing(province_id, latest))
    standing = {record.place: (row.row_id, record) for row in connection.execute(asked) for record in [_record(row)]}
    unchanged = {record.place for record in wanted if standing.get(record.place, (0, None))[1] == record}
    ended = [row_id for place, (row_id, _) in standing.items() if place not in unchanged]
    began = [record for record in wanted if record.place not in unchanged]
    if not ended and not began:
        return None
    version = Version(latest + 1, at, by_user, note, sha256, len(began), len(ended))
    _write(connection, province_id, version, began, ended)
    return version


def _write(
    connection: Connection, province_id: str, version: Version, began: Iterable[Record], ended: Sequence[int]
) -> None:
    values = {name: getattr(version, name) for name in Version.__slots__}
    connection.execute(insert(network_versions).values(province_id=province_id, **values))
    for start in range(0, len(ended), 500):
        of_rows = network_rows.c.row_id.in_(ended[start : start + 500])
        connection.execute(update(network_rows).where(of_rows).values(until_version=version.version))
    rows = [
        {
            "province_id": province_id,
            "sheet": record.sheet,
            "row_key": record.key,
            "valid_from": record.valid_from.isoformat(),
            "valid_to": record.valid_to.isoformat(),
            "content": dict(record.cells),
            "since_version": version.version,
        }
        for record in began
    ]
    if rows:
        connection.execute(insert(network_rows), rows)


def _standing(province_id: str, version: int) -> list[ColumnElement[bool]]:
    """Conditions of the rows of a version."""
    until = network_rows.c.until_version
    return [
        network_rows.c.province_id == province_id,
        network_rows.c.since_version <= version,
        or_(until.is_(None), until > version),
    ]


def _record(row: Row[Any]) -> Record:
    first, last = date.fromisoformat(row.valid_from), date.fromisoformat(row.valid_to)
    return Record(row.sheet, row.row_key, first, last, row.content)


def _no_network(province_id: str, version: int) -> NotFoundError:
    if version == 0:
        return NotFoundError(
            f"Tỉnh {province_id} chưa có mạng lưới; hãy nhập trước.",
            f"Province {province_id} has no network yet: import one first.",
        )
    return NotFoundError(f"Không có phiên bản {version}.", f"There is no version {version}.")
