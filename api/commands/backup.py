"""`duongthu backup` and `duongthu restore`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.deployment import PATIENCE_SECONDS
from api.commands.migrate import SettingsFile
from api.errors import ExitCode


def backup_command(
    to: Annotated[Path, typer.Argument(metavar="TO", help="Folder to make; earlier backups may lie beside it.")],
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Back up database, photos and keys while the service runs; SQLite and PostgreSQL alike."""
    from api.backup.making import make_backup
    from api.db.engine import Database
    from api.service.settings import read_service_settings

    voice = Voice(language(lang), as_json)
    found = read_service_settings(settings)
    with closing(Database(found.database, busy_seconds=PATIENCE_SECONDS)) as database:
        made = make_backup(found, database, to)
    rows, files = sum(made.manifest.rows.values()), len(made.manifest.files)
    voice.say(f"Đã sao lưu {rows} dòng, {files} tệp vào {to}.", f"Backed up {rows} rows, {files} files into {to}.")
    for name in made.lacking:
        voice.note(f"Ảnh {name} thiếu hoặc hỏng trong thư mục dữ liệu.", f"The photo {name} is missing or damaged.")
    voice.result({"folder": str(to), "rows": rows, "files": files, "lacking": made.lacking})
    if made.lacking:
        raise typer.Exit(ExitCode.UNPROVEN)


def restore_command(
    backup: Annotated[Path, typer.Argument(metavar="FROM", help="Folder that `duongthu backup` made.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Move data that is there aside first; the service has to be stopped.")
    ] = False,
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Restore a backup into an empty deployment; a PostgreSQL database has to exist, without tables."""
    from api.backup.restoring import restore_backup
    from api.db.engine import Database
    from api.service.settings import read_service_settings

    voice = Voice(language(lang), as_json)
    found = read_service_settings(settings)
    found.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(Database(found.database)) as database:
        manifest = restore_backup(found, database, backup, replace=replace)
    rows, at = sum(manifest.rows.values()), manifest.made_at.isoformat()
    voice.say(f"Đã phục hồi {rows} dòng của lúc {at}.", f"Restored {rows} rows of {at}.")
    voice.result({"rows": rows, "files": len(manifest.files), "made_at": at, "migration": manifest.migration})
