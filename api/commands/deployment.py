"""A deployment as commands on its server open it: beside the running service, waiting for its locks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.db.engine import Database
from api.db.migrating import require_migrated
from api.db.writer import Writer
from api.service.settings import ServiceSettings, read_service_settings

PATIENCE_SECONDS = 60.0
"""How long a command waits for a lock that the service holds."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a command on the server works with."""

    settings: ServiceSettings
    database: Database
    writer: Writer


@contextmanager
def opened(path: Path | None) -> Iterator[Deployment]:
    """
    Open a deployment by its settings.

    Raises
    ------
    RefusedError
        When the database wants `duongthu migrate` first.
    """
    settings = read_service_settings(path)
    with closing(Database(settings.database, busy_seconds=PATIENCE_SECONDS)) as database:
        require_migrated(database)
        with closing(Writer(database)) as writer:
            yield Deployment(settings, database, writer)
