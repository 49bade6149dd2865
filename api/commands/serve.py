"""`duongthu serve`: show a finished plan in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.web import DEFAULT_PORT, announce, open_port, serve_board

Port = Annotated[
    int, typer.Option("--port", min=1, max=65_535, help="On this machine only; taken = the next free one.")
]


def serve_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `duongthu plan` wrote.")],
    port: Port = DEFAULT_PORT,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Serve the console for a finished plan, on this machine only."""
    from api.commands.day import read_day
    from api.plans.board import PlanBoard
    from api.plans.directory import read_manifest, read_plan

    voice = Voice(language(lang), as_json)
    manifest, plan = read_manifest(folder), read_plan(folder)
    sources = manifest.sources
    read = read_day(voice, folder / sources.network, folder / sources.shipments, plan.network.valid_on)
    board = PlanBoard(plan, read.network, read.shipments, read.roads)
    door = open_port(port)
    address = announce(voice, door, port)
    voice.result({"address": address, "plan_id": plan.plan_id, "version": plan.version})
    serve_board(board, door)
