"""`duongthu check`: prove a plan again, from its own files or from the service's database."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.migrate import SettingsFile
from api.errors import NotFoundError, UnprovenError, outcome

if TYPE_CHECKING:
    from api.plans.proof import Finding

SHOWN = 50
"""Findings listed for a person; `--json` has them all."""


def check_command(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder that `duongthu plan` wrote.", show_default=False)
    ] = None,
    plan_id: Annotated[str | None, typer.Option("--plan", help="A plan of the service instead, by its id.")] = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Prove a plan again.

    Reads the inputs kept beside the plan, rebuilds the problems, runs the checker and computes every figure anew. What
    has happened meanwhile helps to prove a plan of the service whose day runs.
    """
    if (folder is None) == (plan_id is None):
        raise typer.BadParameter("DIR / --plan: một trong hai / one of both")
    voice, name = Voice(language(lang), as_json), str(folder or plan_id)
    with voice.stage("Kiểm chứng kế hoạch", "Proving the plan"):
        findings = _of_folder(folder) if folder is not None else _of_service(str(plan_id), settings)
    voice.result({"proved": not findings, "findings": [asdict(finding) for finding in findings]})
    if not findings:
        voice.say(f"{name}: kế hoạch đúng, mọi con số đều kiểm chứng được.", f"{name}: proved, every figure of it.")
        return
    for finding in findings[:SHOWN]:
        voice.note(
            f"  {finding.where} [{finding.code}]: {finding.message_vi}\n      {finding.message_en}",
            f"  {finding.where} [{finding.code}]: {finding.message_en}\n      {finding.message_vi}",
        )
    failure = UnprovenError(
        f"{name}: {len(findings)} điều không kiểm chứng được.", f"{name}: {len(findings)} findings; not proved."
    )
    voice.note(failure.message_vi, failure.message_en)
    raise typer.Exit(outcome(failure).exit_code)


def _of_folder(folder: Path) -> list[Finding]:
    from api.plans.proof import check_plan

    return check_plan(folder)


def _of_service(plan_id: str, settings: Path | None) -> list[Finding]:
    """Read what proves a plan of the database; nothing is written, and the service may run meanwhile."""
    from contextlib import closing

    from api.db.engine import Database
    from api.live.replan.proving import provable, prove
    from api.plans.snapshots import prepare_snapshot
    from api.plans.store import find_plan
    from api.service.settings import read_service_settings

    found = read_service_settings(settings)
    with closing(Database(found.database)) as database, database.read() as connection:
        plan = find_plan(connection, plan_id)
        if plan is None:
            raise NotFoundError(f"Không có kế hoạch {plan_id}.", f"There is no plan {plan_id}.")
        one, folder = provable(connection, plan), found.data_folder
    return prove(one, lambda snapshot, seed: prepare_snapshot(snapshot, folder, seed=seed), folder)
