"""Changes of a network: each is checked as a whole before it becomes the next version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.errors import ForbiddenError, InputError, NotFoundError, RowError, RowRef
from api.messages import row_error
from api.network.model import Network
from api.network.reader import find_sent, network_of
from api.network.records import BY_NAME, Record, checked, record_of, records_of, require_short
from api.network.store import Version, latest_version, province_name, read_records, save_version
from api.network.tables import SETTINGS
from api.service.runtime import Runtime
from api.tables.files import Upload
from api.tables.reading import Sheet, read_rows

OF_DISPATCHERS = frozenset({"couriers", "calendar"})
"""The sheets that a dispatcher changes from day to day; the others belong to planners."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change."""

    version: Version | None
    """None = nothing was different."""
    in_use: int
    warnings: tuple[RowError, ...]


def road_folder(runtime: Runtime, province_id: str) -> Path:
    """Where a province's road file lies; without one its roads are synthetic."""
    return runtime.settings.data_folder / "roads" / province_id


def import_files(runtime: Runtime, who: Who, province_id: str, files: Sequence[Upload], note: str) -> Outcome:
    """
    Take a whole network; whatever stands and is not in the files ends. Files without settings keep the standing ones.

    Raises
    ------
    InputError
        With everything that cannot be used; then nothing is changed.
    ForbiddenError
        When somebody works in some offices only: a whole network is everybody's.
    """
    if not who.scope.covers(province_id, None):
        raise ForbiddenError(
            "Chỉ người phụ trách toàn tỉnh được nhập cả mạng lưới.",
            "A whole network is imported by those who work for the whole province.",
        )
    with runtime.database.read() as connection:
        name = province_name(connection, province_id)
        based_on = latest_version(connection, province_id)
        standing = read_records(connection, province_id)[1] if based_on else []
    source = find_sent(files)
    if source.settings is None:
        source.settings = next(((r.cells, SETTINGS) for r in standing if r.sheet == SETTINGS), ({}, SETTINGS))
    network = network_of(source, name)
    return _save(runtime, who, province_id, records_of(network, source.settings[0]), network, based_on, note)


def put_row(
    runtime: Runtime, who: Who, province_id: str, sheet: str, cells: Mapping[str, str], based_on: int, note: str
) -> Outcome:
    """
    Add a row, or replace the one with the same key and first day.

    Raises
    ------
    InputError
        When the row, or the network with it, does not pass the checks.
    ForbiddenError
        When it is not theirs to change.
    """
    row = _read_row(sheet, cells)
    with runtime.database.read() as connection:
        name = province_name(connection, province_id)
        _, records = read_records(connection, province_id, based_on)
    before = next((record for record in records if record.place == row.place), None)
    for touched in (row, before):
        if touched is not None:
            _require_theirs(who, province_id, touched)
    rest = [record for record in records if record.place != row.place]
    network = checked([*rest, row], name, road_folder(runtime, province_id), on=_turning_days([row, before]))
    return _save(runtime, who, province_id, [*rest, row], network, based_on, note)


def end_row(
    runtime: Runtime, who: Who, province_id: str, sheet: str, key: str, last_day: date, based_on: int, note: str
) -> Outcome:
    """
    Let a row be in force for the last time on a day.

    A row that begins later, and a day of the calendar, is left out from now on; earlier versions still have it.

    Raises
    ------
    NotFoundError
        When no row with the key is in force on the day after, or later.
    InputError
        When others still need it.
    ForbiddenError
        When it is not theirs to change.
    """
    with runtime.database.read() as connection:
        name = province_name(connection, province_id)
        _, records = read_records(connection, province_id, based_on)
    if last_day == date.max:
        raise NotFoundError("Không có ngày nào sau đó.", "No day follows.")
    meant = [r for r in records if (r.sheet, r.key) == (sheet, key) and r.valid_to > last_day]
    if not meant or sheet == SETTINGS:
        raise NotFoundError(
            f"Sau ngày {last_day} không có dòng {key} nào trong {sheet}.",
            f"After {last_day} no row {key} is in force in {sheet}.",
        )
    for row in meant:
        _require_theirs(who, province_id, row)
    rest = [record for record in records if record not in meant]
    kept = [_ended(row, last_day) for row in meant if row.valid_from <= last_day and sheet != "calendar"]
    network = checked([*rest, *kept], name, road_folder(runtime, province_id), on=[last_day + timedelta(1)])
    return _save(runtime, who, province_id, [*rest, *kept], network, based_on, note)


def _turning_days(rows: Iterable[Record | None]) -> list[date]:
    """The days on which rows begin, and those after their last."""
    known = [row for row in rows if row is not None]
    first = {row.valid_from for row in known if row.valid_from > date.min}
    return sorted(first | {row.valid_to + timedelta(1) for row in known if row.valid_to < date.max})


def _ended(row: Record, last_day: date) -> Record:
    return replace(row, valid_to=last_day, cells={**row.cells, "valid_to": last_day.isoformat()})


def _read_row(sheet: str, cells: Mapping[str, str]) -> Record:
    """Read one row as if it stood alone in its file."""
    table = BY_NAME.get(sheet)
    if table is None:
        raise InputError([row_error(RowRef(sheet), None, "unknown_table", value=sheet, hint_vi="", hint_en="")])
    reading = read_rows(table, Sheet(sheet, tuple(cells), [(1, list(cells.values()))]))
    if reading.errors:
        raise InputError(reading.errors)
    return record_of(sheet, table.write(reading.rows[0]))


def _require_theirs(who: Who, province_id: str, row: Record) -> None:
    """Everybody changes what is of their bases, or of their province; dispatchers of that its couriers and days."""
    if who.role is Role.DISPATCHER and row.sheet not in OF_DISPATCHERS:
        raise ForbiddenError(
            f"Điều phối viên chỉ sửa bưu tá của bưu cục mình và lịch của tỉnh, không sửa {row.sheet} {row.key}.",
            f"A dispatcher changes couriers of their bases and their province's days, not {row.sheet} {row.key}.",
        )
    if not who.scope.covers(province_id, row.cells.get("base_id")):
        raise ForbiddenError(
            f"Dòng {row.sheet} {row.key} không thuộc riêng bưu cục của bạn.",
            f"The row {row.sheet} {row.key} is not of your offices alone.",
        )


def _save(
    runtime: Runtime, who: Who, province_id: str, records: Sequence[Record], network: Network, based_on: int, note: str
) -> Outcome:
    require_short(records)
    at = datetime.now(UTC)

    def write(connection: Connection) -> Version | None:
        version = save_version(
            connection,
            province_id,
            records,
            based_on=based_on,
            sha256=network.sha256,
            at=at,
            by_user=who.user_id,
            note=note,
        )
        if version is not None:
            note_look(connection, at, who, "network_changed", province_id, version=version.version)
        return version

    version = runtime.writer.write_now(write)
    return Outcome(version, version.version if version else based_on, network.warnings)
