"""
A program of a few lines in the place of `duongthu`, which notes what the installer asks of it.

Its data are one file: the version that last migrated it. It serves only data of its own version or older ones.
Version 3 spoils the data and fails in `migrate`; 4 ends at once when it shall serve; 5 serves and is never ready.
"""

from __future__ import annotations

import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path


def main() -> None:
    mine = version("duongthu")
    if sys.argv[1:] == ["--version"]:
        return
    command, *others, _option, settings_file = sys.argv[1:]
    settings = tomllib.loads(Path(settings_file).read_text(encoding="utf-8"))
    data = Path(settings["data"])
    with Path(settings["journal"]).open("a", encoding="utf-8") as journal:
        for_callers = command == "serve" and "DUONGTHU_PORT" not in os.environ
        journal.write(f"{mine} {command} {'for callers' if for_callers else os.environ['JOURNAL_MARK']}\n")
    sys.exit(_COMMANDS[command](mine, data, settings, *others))


def backup(_mine: str, data: Path, _settings: dict[str, str], folder: str) -> int:
    Path(folder).mkdir()
    shutil.copy(data, Path(folder, "data"))
    return 0


def restore(_mine: str, data: Path, _settings: dict[str, str], folder: str, replace: str) -> int:
    assert replace == "--replace"
    shutil.copy(Path(folder, "data"), data)
    return 0


def migrate(mine: str, data: Path, _settings: dict[str, str]) -> int:
    data.write_text("spoilt" if mine == "3.0" else mine, encoding="utf-8")
    return int(mine == "3.0")


def serve(mine: str, data: Path, settings: dict[str, str]) -> int:
    if mine == "4.0" or data.read_text(encoding="utf-8") > mine:
        return 1
    port = int(os.environ.get("DUONGTHU_PORT", settings["port"]))

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503 if mine == "5.0" else 200)
            self.end_headers()
            self.wfile.write(mine.encode())

        def log_message(self, *_said: object) -> None:
            pass

    HTTPServer(("127.0.0.1", port), Answer).serve_forever()
    return 0


_COMMANDS: dict[str, Callable[..., int]] = {"backup": backup, "restore": restore, "migrate": migrate, "serve": serve}
