"""Serving a board to browsers."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from api.errors import ExistsError

if TYPE_CHECKING:
    from api.commands.console import Voice
    from api.plans.board import PlanBoard

DEFAULT_PORT = 8765
LOOPBACK = "127.0.0.1"
_LOCAL_NAMES = ("127.0.0.1", "localhost")
_TRIES = 50


def open_port(wanted: int) -> socket.socket:
    """
    Listen on a loopback port, or on the next free one.

    Raises
    ------
    ExistsError
        When none of the next ports is free.
    """
    for port in range(wanted, min(wanted + _TRIES, 65_536)):
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((LOOPBACK, port))
        except OSError:
            door.close()
            continue
        door.listen(128)
        return door
    raise ExistsError(
        f"Các cổng {wanted} đến {wanted + _TRIES - 1} đều đang bận.",
        f"The ports {wanted} to {wanted + _TRIES - 1} are all taken.",
    )


def announce(voice: Voice, door: socket.socket, wanted: int) -> str:
    """Tell the address, and that the port is another one than asked for."""
    port = int(door.getsockname()[1])
    if port != wanted:
        voice.note(f"Cổng {wanted} đang bận, dùng cổng {port}.", f"Port {wanted} is taken, using {port}.")
    address = f"http://{LOOPBACK}:{port}/"
    voice.say(f"Bảng điều phối: {address}  (Ctrl-C để dừng)", f"Console: {address}  (Ctrl-C to stop)")
    return address


def serve_board(board: PlanBoard, door: socket.socket) -> None:
    """Serve until interrupted."""
    import uvicorn

    from api.app import create_app

    app = create_app(board, allowed_hosts=_LOCAL_NAMES)
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[door])
