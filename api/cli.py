"""
`duongthu`: the commands, and the one place where an error becomes a message and an exit code.

Commands are imported when they are asked for, so that the answer to `--version` does not wait for an engine.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.commands.console import asked_language, stdout_line
from api.errors import ApiError, ExitCode, InputError, Language, outcome
from api.version import SOFTWARE

COMMANDS = {
    "demo": "api.commands.demo:demo_command",
    "plan": "api.commands.plan:plan_command",
    "journeys": "api.commands.journeys:journeys_command",
    "lines": "api.commands.lines:lines_app",
    "network": "api.commands.network:network_app",
    "simulate": "api.commands.simulate:simulate_command",
    "compare": "api.commands.compare:compare_command",
    "coverage": "api.commands.coverage:coverage_app",
    "check": "api.commands.check:check_command",
    "serve": "api.commands.serve:serve_command",
    "migrate": "api.commands.migrate:migrate_command",
    "ledger": "api.commands.ledger:ledger_app",
    "user": "api.commands.people:user_app",
    "province": "api.commands.people:province_app",
    "doctor": "api.commands.doctor:doctor_command",
    "backup": "api.commands.backup:backup_command",
    "restore": "api.commands.backup:restore_command",
    "retention": "api.commands.retention:retention_app",
    "template": "api.template_command:template_command",
    "roads": "api.roads_command:roads_app",
    "solve": "api.solve:solve_command",
}
"""Where each command lives: a function, or a Typer application of its own."""

logger = logging.getLogger(__name__)


class LazyCommands(TyperGroup):
    """Commands that are imported when they are named."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), attribute)
        command = typer.main.get_command(found if isinstance(found, typer.Typer) else _application(found))
        command.name = cmd_name
        return command


def _application(function: Any) -> typer.Typer:
    only = typer.Typer(add_completion=False)
    only.command()(function)
    return only


app = typer.Typer(
    cls=LazyCommands,
    name="duongthu",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(SOFTWARE)
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Đường Thư: plans and proves the carrying of administrative papers by the provincial post."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        app(list(arguments), prog_name="duongthu")
    except SystemExit as stop:
        code = int(stop.code or 0)
        if code == ExitCode.BAD_INPUT and "--json" in arguments:
            said = "lệnh hoặc tùy chọn không đúng", "the command or an option is wrong"
            _answer("usage", *said, code)
        return code
    except Exception as error:  # noqa: BLE001 - the last door: every error becomes a message and an exit code
        return _fail(error, asked_language(arguments), as_json="--json" in arguments)
    return ExitCode.OK


def _fail(error: Exception, language: Language, *, as_json: bool) -> int:
    known = outcome(error)
    if known.exit_code is ExitCode.INTERNAL:
        logger.error("%s", error, exc_info=error)
    typer.echo(_told(error, language), err=True)
    if as_json and isinstance(error, ApiError):
        stdout_line({"error": error.to_json(), "exit_code": known.exit_code})
    elif as_json:
        _answer(known.code, str(error), str(error), known.exit_code)
    return known.exit_code


def _told(error: Exception, language: Language) -> str:
    """Rows that cannot be used are told in both languages: who sent the file may read the other one."""
    if isinstance(error, ApiError):
        return error.render(None if isinstance(error, InputError) else language)
    return f"{'Lỗi' if language == 'vi' else 'Error'}: {error}"


def _answer(code: str, message_vi: str, message_en: str, exit_code: int) -> None:
    said = {"code": code, "message_vi": message_vi, "message_en": message_en}
    stdout_line({"error": said, "exit_code": exit_code})


if __name__ == "__main__":
    main()
