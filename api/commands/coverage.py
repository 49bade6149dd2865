"""`duongthu coverage`: what it costs to serve communes without a post, and whom it reaches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Stage, Voice, language
from api.commands.coverage_report import report_command
from api.commands.plan import Cluster, Workers

if TYPE_CHECKING:
    from api.coverage.assumptions import Assumptions
    from api.coverage.comparing import Difference
    from api.coverage.document import CoverageStudy
    from api.coverage.situation import Situation
    from api.coverage.study import StudyOptions
    from api.plans.schemas import Words

coverage_app = typer.Typer(
    help="Phủ điểm / Coverage: what it costs to serve communes without a post.", no_args_is_help=True
)


@coverage_app.callback()
def _coverage() -> None:
    """Phủ điểm / Coverage: what it costs to serve communes without a post."""


@coverage_app.command("run")
def run_command(
    network: Annotated[Path, typer.Argument(help="Network folder, workbook (.xlsx) or JSON file.")],
    day: Annotated[datetime, typer.Option("--day", formats=["%Y-%m-%d"], help="Network in force on, YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the run: new or empty; with --resume an earlier one.")],
    scenarios: Annotated[Path | None, typer.Option("--scenarios", help="Scenarios to price: a .toml file.")] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="The province's own assumptions: a .toml file.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was cut off.")] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of demand and search.")] = 0,
    draws: Annotated[int, typer.Option("--draws", min=0, max=1000, help="Demands drawn for bands; 0 = none.")] = 0,
    quick: Annotated[bool, typer.Option("--quick", help="A rough answer in a fraction of the time.")] = False,
    workers: Workers = 2,
    cluster: Cluster = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Tính các biện pháp cho xã chưa có điểm / Price remedies for communes without a post.

    Prices a new point, a borrowed desk, weekly and daily visits and pickup at home for each place without a post with
    rounds that the engine plans, finds where points reach most people, and writes coverage.json. A run that was cut
    off goes on with --resume.
    """
    voice = Voice(language(lang), as_json)
    began = time.monotonic()
    about = {"seed": seed, "draws": draws, "quick": quick}
    study = _run(voice, (network, settings, scenarios), day, out, about, resume=resume, solved_by=(workers, cluster))
    _tell(voice, study, out, time.monotonic() - began)


def _run(
    voice: Voice,
    files: tuple[Path, Path | None, Path | None],
    day: datetime,
    out: Path,
    about: dict[str, Any],
    *,
    resume: bool,
    solved_by: tuple[int, str | None],
) -> CoverageStudy:
    from api.coverage.folder import StudyFolder, require_room
    from api.coverage.study import make_study
    from api.plans.workers import solvers
    from geo.compiling import warm_up

    require_room(out, resume=resume)
    situation, assumptions, options = _read(voice, files, day, about)
    with solvers(*solved_by, voice.compiling) as (executor, _workers):
        warm_up()
        folder = StudyFolder.open(out, situation, assumptions, options, resume=resume)
        with _resumable(voice, out), _Told(voice) as told:
            study = make_study(
                situation,
                assumptions,
                options,
                executor=executor,
                store=folder.store,
                created_at=datetime.now(UTC),
                on_progress=told,
            )
        folder.close(study)
    return study


@contextmanager
def _resumable(voice: Voice, out: Path) -> Iterator[None]:
    """Ctrl-C ends the run with the exit code of every interrupted command, and says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        voice.note(
            f"Đã dừng. Việc đã giải còn trong {out}; chạy tiếp bằng cùng lệnh, thêm --resume.",
            f"Stopped. What was solved stays in {out}; go on with the same command and --resume.",
        )
        raise


def _read(
    voice: Voice, files: tuple[Path, Path | None, Path | None], day: datetime, about: dict[str, Any]
) -> tuple[Situation, Assumptions, StudyOptions]:
    from api.coverage.assumptions_file import read_assumptions
    from api.coverage.scenarios import require_possible
    from api.coverage.scenarios_file import read_scenarios
    from api.coverage.situation import read_situation, settle
    from api.coverage.study import StudyOptions, quick
    from api.network.reader import read_network
    from api.plans.roads import load_roads

    path, settings, scenarios = files
    with voice.stage("Đọc dữ liệu mạng lưới", "Reading the network"):
        assumptions = read_assumptions(settings)
        options = StudyOptions(seed=about["seed"], draws=about["draws"], scenarios=read_scenarios(scenarios))
        network = read_network(path)
    voice.warn(network.warnings)
    require_possible(options.scenarios, settle(network, day.date()), assumptions)
    with voice.stage("Nạp mạng đường", "Loading the roads"):
        roads = load_roads(network, day.date(), settlements=True)
    with voice.stage("Đo đường đến điểm phục vụ", "Measuring the ways to the posts"):
        situation = read_situation(network, roads, day.date())
    for warning in situation.warnings:
        voice.note(warning.vi, warning.en)
    return situation, assumptions, quick(options) if about["quick"] else options


class _Told:
    """One stage after the other, each with its own bar."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._open: Any = None
        self._stage: Stage | None = None
        self._words: Words | None = None

    def __enter__(self) -> _Told:
        return self

    def __exit__(self, *error: Any) -> None:
        if self._open is not None:
            self._open.__exit__(*error)

    def __call__(self, words: Words, done: int, total: int) -> None:
        if words != self._words:
            self.__exit__(None, None, None)
            self._words, self._open = words, self._voice.stage(words.vi, words.en)
            self._stage = self._open.__enter__()
        assert self._stage is not None
        self._stage.advance(done, total)


def _tell(voice: Voice, study: CoverageStudy, out: Path, seconds: float) -> None:
    voice.say(f"Đã ghi vào {out} ({seconds:.1f} giây).", f"Written to {out} ({seconds:.1f} s).")
    voice.result({
        "out": str(out), "seconds": round(seconds, 3), "without_post": len(study.without_post),
        "remedies": len(study.remedies), "scenarios": len(study.scenarios),
        "total_dong": study.base.total_dong, "km": study.base.km, "synthetic_roads": study.network.roads.synthetic,
    })  # fmt: skip


@coverage_app.command("compare")
def compare_command(
    first: Annotated[Path, typer.Argument(metavar="STUDY1", help="Folder of a finished run, or its coverage.json.")],
    second: Annotated[Path, typer.Argument(metavar="STUDY2", help="Another one.")],
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    So sánh hai nghiên cứu / Compare two studies: cost, distance, dossiers, remedies, frontiers, scenarios.

    Lists what differs, and says so when the two were made from other inputs.
    """
    from api.coverage.comparing import compare_studies, differing_inputs
    from api.coverage.reading import read_study

    voice = Voice(language(lang), as_json)
    one, two = read_study(first), read_study(second)
    others = differing_inputs(one, two)
    if others:
        listed = ", ".join(others)
        voice.note(f"Hai nghiên cứu khác nhau về: {listed}.", f"The two studies differ in: {listed}.")
    found = compare_studies(one, two)
    voice.show(_table(found, voice))
    rows = [{"key": row.key, "first": row.first, "second": row.second, "change": row.change} for row in found]
    voice.result({"differing_inputs": list(others), "differences": rows})


def _table(found: list[Difference], voice: Voice) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in (voice.text("Số liệu", "Figure"), "1", "2", voice.text("Chênh", "Change")):
        table.add_column(title, justify="left" if not table.columns else "right")
    for row in found:
        cells = [_cell(value, voice) for value in (row.first, row.second, row.change)]
        table.add_row(voice.text(row.name.vi, row.name.en), *cells)
    return table


def _cell(value: float | None, voice: Voice) -> str:
    if value is None:
        return "–"
    return voice.number(value, 0 if value == round(value) else 3)


coverage_app.command("report")(report_command)
