"""`duongthu migrate`: bring the database up to the program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language

SettingsFile = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="Settings of the deployment, TOML.")
]


def migrate_command(settings: SettingsFile = None, as_json: AsJson = False, lang: Lang = DEFAULT_LANG) -> None:
    """Make the database, or bring it up to this version: all of it, or nothing."""
    from api.db.engine import Database
    from api.db.migrating import migrate
    from api.service.settings import read_service_settings

    voice = Voice(language(lang), as_json)
    found = read_service_settings(settings)
    found.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(found.database)
    try:
        before, after = migrate(database)
    finally:
        database.close()
    if before == after:
        voice.say(f"Cơ sở dữ liệu đã ở phiên bản {after}.", f"The database is at version {after} already.")
    else:
        voice.say(f"Cơ sở dữ liệu: {before or 'trống'} → {after}.", f"Database: {before or 'empty'} → {after}.")
    voice.result({"before": before, "after": after})
