"""`duongthu doctor`: is this deployment well, and what is to be done?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.migrate import SettingsFile
from api.errors import ExitCode


def doctor_command(
    settings: SettingsFile = None,
    backups: Annotated[
        Path | None, typer.Option("--backups", metavar="DIR", help="Folder of backups; none = in the data folder.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Check disk, database, clock, keys, photos, backups and addresses; ends with 8 when something fails."""
    from api.app import STATIC
    from api.doctor.examining import examine
    from api.doctor.findings import State
    from api.service.settings import read_service_settings

    voice = Voice(language(lang), as_json)
    findings = []
    found = read_service_settings(settings)
    for finding in examine(found, static=STATIC, file=settings, backups=backups):
        findings.append(finding)
        voice.say(finding.render("vi"), finding.render("en"))
    worst = max((finding.state for finding in findings), key=list(State).index)
    voice.result({"state": worst, "findings": [finding.to_json() for finding in findings]})
    if worst is State.FAIL:
        raise typer.Exit(ExitCode.UNWELL)
