"""A coverage study computed in a child process; what an earlier attempt has solved is not solved again."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from api.coverage.assumptions_file import read_assumptions
from api.coverage.document import CoverageStudy
from api.coverage.memo import Store
from api.coverage.scenarios_file import scenarios_of
from api.coverage.situation import read_situation
from api.coverage.studies.asked import SETTINGS_FILE, WORK_FOLDER
from api.coverage.studies.store import StoredStudy, find_study
from api.coverage.study import StudyOptions, make_study, quick
from api.db.engine import Database
from api.errors import NotFoundError
from api.jobs.kinds import Step, Task
from api.plans.roads import load_roads
from api.plans.schemas import Words
from api.plans.snapshots import Snapshot, as_read, network_rows, road_file
from api.plans.workers import solvers
from geo.compiling import warm_up

_LEAST_APART = 0.5
"""Seconds between two steps that are told: each is a write."""
_READING = Words(vi="Đọc mạng lưới và đường sá", en="Reading the network and the roads")


def study_steps(task: Task) -> Iterator[Step]:
    """
    Compute a study.

    Raises
    ------
    InputError
        When the network, the province's assumptions or the scenarios cannot be used.
    """
    yield _step(_READING, 0, 0)
    asked, snapshot = _read(task)
    folder = Path(task.data_folder) / WORK_FOLDER / asked.study_id
    folder.mkdir(parents=True, exist_ok=True)
    told: queue.Queue[Step | CoverageStudy | BaseException] = queue.Queue()

    def work() -> None:
        try:
            told.put(_made(task, asked, snapshot, folder, told))
        except BaseException as error:  # noqa: BLE001  raised where the steps are asked for
            told.put(error)

    threading.Thread(target=work, name="study", daemon=True).start()
    yield from _steps(told)


def _steps(told: queue.Queue[Step | CoverageStudy | BaseException]) -> Iterator[Step]:
    """Steps as they come, the latest of many, until the study is there."""
    last = 0.0
    while True:
        found = told.get()
        if isinstance(found, BaseException):
            raise found
        if isinstance(found, CoverageStudy):
            document = found.model_dump_json(by_alias=True)
            yield Step({"stage": "done"}, {"document": document})
            return
        if time.monotonic() - last >= _LEAST_APART:
            last = time.monotonic()
            yield found


def _made(
    task: Task,
    asked: StoredStudy,
    snapshot: Snapshot,
    folder: Path,
    told: queue.Queue[Step | CoverageStudy | BaseException],
) -> CoverageStudy:
    wanted = asked.asked
    settings = folder / SETTINGS_FILE
    settings.write_text(wanted["settings"], encoding="utf-8")
    assumptions = read_assumptions(settings if wanted["settings"] else None)
    scenarios = scenarios_of({"scenario": wanted["scenarios"]}, "scenarios") if wanted["scenarios"] else ()
    options = StudyOptions(seed=wanted["seed"], draws=wanted["draws"], scenarios=scenarios)
    with as_read(snapshot, Path(task.data_folder)) as read:
        roads = load_roads(read.network, snapshot.day, settlements=True)
        situation = read_situation(read.network, roads, snapshot.day)
    with (
        solvers(task.cores, task.cluster or None) as (executor, _),
        closing(Store(folder / "known.sqlite")) as store,
    ):
        warm_up()
        return make_study(
            situation,
            assumptions,
            quick(options) if wanted["quick"] else options,
            executor=executor,
            store=store,
            created_at=datetime.now(UTC),
            on_progress=lambda what, done, of: told.put(_step(what, done, of)),
        )


def _step(what: Words, done: int, of: int) -> Step:
    progress: dict[str, Any] = {"stage": "computing", "what": what.model_dump(), "done": done, "of": of}
    return Step(progress)


def _read(task: Task) -> tuple[StoredStudy, Snapshot]:
    """What was asked for, and the network that it is about."""
    with closing(Database(task.database)) as database, database.read() as connection:
        study = find_study(connection, task.payload["study_id"])
        if study is None:
            raise NotFoundError("Nghiên cứu đã bị xóa.", "The study was deleted.")
        network = network_rows(connection, study.province_id, study.network_version)
    roads = road_file(Path(task.data_folder), study.province_id)
    return study, Snapshot(study.province_id, date.fromisoformat(study.day), network, [], roads)
