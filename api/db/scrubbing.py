"""After a deletion: what was deleted must not be read from the files any more."""

from __future__ import annotations

from api.db.engine import Database
from api.db.failures import translated


def scrub(database: Database) -> bool:
    """
    Clear the copies that a database keeps of what was deleted.

    SQLite overwrites deleted content (`secure_delete`), but its log keeps older pages: it is written back and cut to
    nothing. PostgreSQL frees the rows (`VACUUM`); their bytes go when pages and log are used again.

    Returns
    -------
    clean
        False = somebody was reading; the log is cut the next time.

    Raises
    ------
    UnavailableError
        When the database does not answer.
    """
    try:
        with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not database.is_sqlite:
                connection.exec_driver_sql("VACUUM")
                return True
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.rollback()  # the log cannot be cut inside of a transaction
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    except Exception as error:
        raise translated(error) from error
