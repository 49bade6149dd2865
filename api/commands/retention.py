"""`duongthu retention`: delete what has been kept for long enough."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.migrate import SettingsFile

retention_app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Thời hạn lưu giữ / How long data is kept."
)


@retention_app.callback()
def _group() -> None:
    """Keep `run` a command of its own."""


@retention_app.command("run")
def run_command(
    settings: SettingsFile = None,
    rehearse: Annotated[bool, typer.Option("--dry-run", help="Count only; delete nothing.")] = False,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Delete what is older than the settings say; run it every night."""
    from datetime import UTC, datetime

    from api.db.engine import Database
    from api.db.migrating import require_migrated
    from api.retention import run_retention
    from api.service.settings import read_service_settings

    voice = Voice(language(lang), as_json)
    found = read_service_settings(settings)
    database = Database(found.database)
    try:
        require_migrated(database)
        erased = run_retention(database, found, datetime.now(UTC), rehearse=rehearse)
    finally:
        database.close()
    for name, count in erased.counts.items():
        if rehearse:
            voice.say(f"{name}: sẽ xóa {count}", f"{name}: {count} would be deleted")
        else:
            voice.say(f"{name}: đã xóa {count}", f"{name}: {count} deleted")
    if not rehearse and not erased.clean:
        voice.note(
            "Có người đang đọc: bản sao trong nhật ký cơ sở dữ liệu sẽ được xóa ở lần chạy sau.",
            "Somebody is reading: copies in the database's log are cleared by the next run.",
        )
    voice.result({"dry_run": rehearse, "counts": erased.counts, "clean": erased.clean})
