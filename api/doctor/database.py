"""The database: it answers, belongs to the program, is whole, and keeps what it acknowledges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from api.db.engine import Database
from api.db.migrating import newest, revision
from api.doctor.findings import Finding, failure, warning, well
from api.doctor.store import administrators, broken_by_sqlite, overdue_jobs, postgres_settings, sqlite_modes
from api.errors import ApiError

OLDEST_POSTGRES = 140_000
_FULL = 2
"""SQLite's number for synchronous = FULL."""


def check_reachable(database: Database) -> Finding:
    """It answers, and has the schema of this program."""
    todo = "Xem database_url, đĩa, bản sao lưu.", "Look at database_url, the disk, the backups."
    try:
        found = revision(database)
    except ApiError as error:
        return failure("database", (error.message_vi, error.message_en), todo)
    except DBAPIError as error:  # what is there is no database, or no longer
        return failure("database", (f"Không đọc được: {error.orig}", f"It cannot be read: {error.orig}"), todo)
    if found != newest():
        said = f"Ở phiên bản {found}, cần {newest()}.", f"It is at {found}, the program wants {newest()}."
        return failure("database", said, ("duongthu migrate", "duongthu migrate"))
    return well("database", f"Trả lời, phiên bản {found}.", f"It answers, at {found}.")


def check_whole(connection: Connection) -> Finding:
    """SQLite's file is whole."""
    broken = broken_by_sqlite(connection)
    if broken:
        said = f"Tệp cơ sở dữ liệu hỏng: {broken[0]}", f"The database file is damaged: {broken[0]}"
        return failure("integrity", said, ("Dừng dịch vụ, phục hồi bản sao lưu.", "Stop, restore a backup."))
    return well("integrity", "Tệp cơ sở dữ liệu nguyên vẹn.", "The database file is whole.")


def check_sqlite_modes(journal: str, synchronous: int) -> Finding:
    """SQLite flushes every commit."""
    said = f"journal_mode={journal}, synchronous={synchronous}"
    if (journal, synchronous) != ("wal", _FULL):
        return failure("durability", (said, said), ("Không đặt dữ liệu trên ổ mạng.", "No network drives."))
    return well("durability", said, said)


def check_postgres(settings: dict[str, str]) -> Finding:
    """PostgreSQL flushes every commit, and is not too old."""
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if settings[name] == "off"]
    if off:
        said = f"Đang tắt: {', '.join(off)}.", f"Switched off: {', '.join(off)}."
        return failure("durability", said, ("Bật lại trong postgresql.conf.", "Switch on in postgresql.conf."))
    if int(settings["server_version_num"]) < OLDEST_POSTGRES:
        number = settings["server_version_num"]
        said = f"PostgreSQL quá cũ ({number}).", f"PostgreSQL is too old ({number})."
        return failure("durability", said, ("Nâng lên 15.", "Upgrade to 15."))
    return well("durability", "PostgreSQL ghi chắc từng giao dịch.", "PostgreSQL flushes every commit.")


def check_durable(database: Database) -> Finding:
    """What is acknowledged is on disk."""
    with database.writer.connect() as connection:
        if database.is_sqlite:
            return check_sqlite_modes(*sqlite_modes(connection))
        return check_postgres(postgres_settings(connection))


def check_administrators(connection: Connection) -> Finding:
    """Somebody may manage the deployment; two, so that one may forget a password."""
    count = administrators(connection)
    said = f"{count} quản trị viên.", f"{count} administrators."
    if count < 2:
        return warning("admins", said, ("duongthu user add --role admin …", "duongthu user add --role admin …"))
    return well("admins", *said)


def check_jobs(connection: Connection, at: datetime) -> Finding:
    """No job waits for a worker that is gone."""
    stuck: Sequence[str] = overdue_jobs(connection, at)
    if stuck:
        said = f"{len(stuck)} việc không ai làm tiếp: {stuck[0]}", f"{len(stuck)} jobs with nobody at them: {stuck[0]}"
        return warning("jobs", said, ("Khởi động dịch vụ: nó làm tiếp.", "Start the service: it takes them over."))
    return well("jobs", "Không có việc nào bị bỏ dở.", "No job is left lying.")
