"""A server that dies while it computes a coverage study: the next one goes on, and solves nothing twice."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from api.coverage.document import CoverageStudy
from api.coverage.studies.asked import WORK_FOLDER
from tests.api.coverage.line_province import DAY, write_line
from tests.api.service.running import PROVINCE, migrate_new
from tests.api.service.test_plan_jobs import Running, wait_for, with_people

STUDIES = "/api/v1/coverage/studies"
SETTINGS = "[coverage]\nwarm_up_days = 0\ndossiers_per_1000 = 60.0\nresults_per_1000 = 15.0\n"
ENOUGH = 12
"""Answers in the study's folder before the server is killed."""


@pytest.mark.long
@pytest.mark.slow
def test_a_study_goes_on_after_its_server_was_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'service.db'}"  # jobs of both kinds: test_plan_jobs.py
    migrate_new(url)
    with_people(url)
    with Running(url, tmp_path) as first:
        network = write_line(tmp_path / "line")
        files = [("files", (file.name, file.read_bytes())) for file in sorted(network.iterdir())]
        taken = first.client.post("/api/v1/network/import", files=files)
        assert taken.status_code == 200, taken.text
        asked = {"province_id": PROVINCE, "day": DAY.isoformat(), "title": "Hai ấp", "quick": True}
        made = first.client.post(STUDIES, json={**asked, "settings": SETTINGS})
        assert made.status_code == 202, made.text
        study_id = made.json()["study_id"]
        (store,) = wait_for(lambda: {"found": _stores(tmp_path, study_id)}, lambda seen: bool(seen["found"]))["found"]
        wait_for(lambda: {"known": _known(store)}, lambda seen: seen["known"].keys() and len(seen["known"]) >= ENOUGH)
        first.end(signal.SIGKILL)
    before = _known(store)
    with Running(url, tmp_path) as second:
        state = wait_for(lambda: _state(second, study_id), lambda seen: seen["job"]["finished_at"] is not None)
        assert state["job"]["state"] == "done", state["job"]["error"]
        assert state["job"]["attempts"] == 2
        study = CoverageStudy.model_validate_json(second.client.get(f"{STUDIES}/{study_id}").content)
    assert study.without_post == ("D-3", "D-4")
    after = _known(store)
    assert before.items() <= after.items(), "what was solved stays as it was"
    assert len(after) > len(before), "the server was killed before the end"


def _stores(folder: Path, study_id: str) -> list[Path]:
    return list(folder.rglob(f"{WORK_FOLDER}/{study_id}/known.sqlite"))


def _known(store: Path) -> dict[str, str]:
    """Answers that have been written down."""
    with sqlite3.connect(store, timeout=30) as file:
        try:
            return dict(file.execute("SELECT key, text FROM known").fetchall())
        except sqlite3.OperationalError:  # the table is not there yet
            return {}


def _state(server: Running, study_id: str) -> dict[str, Any]:
    return dict(server.client.get(f"{STUDIES}/{study_id}/state").json())
