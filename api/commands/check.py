"""`duongthu check`: prove a plan again from its own files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.errors import UnprovenError, outcome

SHOWN = 50
"""Findings listed for a person; `--json` has them all."""


def check_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `duongthu plan` wrote.")],
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Prove a plan again.

    Reads the inputs kept beside the plan, rebuilds the problems, runs the checker and computes every figure anew.
    """
    from api.plans.proof import check_plan

    voice = Voice(language(lang), as_json)
    with voice.stage("Kiểm chứng kế hoạch", "Proving the plan"):
        findings = check_plan(folder)
    voice.result({"proved": not findings, "findings": [asdict(finding) for finding in findings]})
    if not findings:
        voice.say(f"{folder}: kế hoạch đúng, mọi con số đều kiểm chứng được.", f"{folder}: proved, every figure of it.")
        return
    for finding in findings[:SHOWN]:
        voice.note(
            f"  {finding.where} [{finding.code}]: {finding.message_vi}\n      {finding.message_en}",
            f"  {finding.where} [{finding.code}]: {finding.message_en}\n      {finding.message_vi}",
        )
    failure = UnprovenError(
        f"{folder}: {len(findings)} điều không kiểm chứng được.", f"{folder}: {len(findings)} findings; not proved."
    )
    voice.note(failure.message_vi, failure.message_en)
    raise typer.Exit(outcome(failure).exit_code)
