"""`duongthu serve`: the service of a deployment; with a folder, a finished plan in the browser."""

from __future__ import annotations

import gc
import signal
from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.commands.migrate import SettingsFile
from api.commands.web import DEFAULT_PORT, announce, open_port, serve_board
from api.errors import ExitCode

REQUESTS_END_SECONDS = 15
"""How long requests under way may take when the service stops; what waits to be written has a few seconds more."""

Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=1,
        max=65_535,
        help="The service's own, over that of the settings; for a plan on show: taken = the next free one.",
    ),
]


def serve_command(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Folder of `duongthu plan`; none = the whole service."),
    ] = None,
    port: Port = None,
    settings: SettingsFile = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Run the service; or, given a folder, serve the console for its finished plan, on this machine only."""
    voice = Voice(language(lang), as_json)
    if folder is None:
        _serve_all(voice, settings, port)
    else:
        _serve_plan(voice, folder, port or DEFAULT_PORT)


def _serve_all(voice: Voice, settings: Path | None, port: int | None) -> None:
    """
    Serve until SIGTERM: then no request is taken any more, those under way are answered, what waits is written.

    uvicorn raises the signal once more when all that is done; it ends the process with 0 then, and at once before.
    """
    import uvicorn

    from api.app import create_service
    from api.service.logs import log_as_json
    from api.service.settings import read_service_settings

    signal.signal(signal.SIGTERM, _leave)
    log_as_json()
    found = read_service_settings(settings)
    app = create_service(found)
    app.state.runtime.days.on_ready = settle
    settle()
    config = uvicorn.Config(
        app,
        host=found.host,
        port=port or found.port,
        log_level="warning",
        proxy_headers=False,
        timeout_graceful_shutdown=REQUESTS_END_SECONDS,
    )
    address = f"http://{found.host}:{config.port}/"
    voice.say(f"Dịch vụ: {address}  (Ctrl-C để dừng)", f"Service: {address}  (Ctrl-C to stop)")
    uvicorn.Server(config).run()


def settle() -> None:
    """
    Leave what stands now out of what the collector walks through again and again.

    A day made ready is hundreds of thousands of objects: to walk through them takes a quarter of a second, in which
    nothing is answered. None of them is part of a circle, so an old day goes all the same when nobody holds it.
    """
    gc.collect()
    gc.freeze()


def _leave(*_: object) -> None:
    raise SystemExit(ExitCode.OK)


def _serve_plan(voice: Voice, folder: Path, port: int) -> None:
    from api.commands.day import read_day
    from api.plans.board import PlanBoard
    from api.plans.directory import read_manifest, read_plan

    manifest, plan = read_manifest(folder), read_plan(folder)
    sources = manifest.sources
    read = read_day(voice, folder / sources.network, folder / sources.shipments, plan.network.valid_on)
    board = PlanBoard(plan, read.network, read.shipments, read.roads)
    door = open_port(port)
    address = announce(voice, door, port)
    voice.result({"address": address, "plan_id": plan.plan_id, "version": plan.version})
    serve_board(board, door)
