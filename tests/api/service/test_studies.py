"""Coverage studies of the service: asked for, computed by a job, read, handed out, deleted; and what is refused."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from api.coverage.document import CoverageStudy
from api.coverage.studies.asked import WORK_FOLDER
from tests.api.coverage.line_province import DAY, write_line
from tests.api.coverage.studies import WITHOUT, made_study, people_within
from tests.api.coverage.test_reach import line_study
from tests.api.service.made_studies import put_study
from tests.api.service.running import PROVINCE, Service

STUDIES = "/api/v1/coverage/studies"
NEW = {"province_id": PROVINCE, "day": DAY.isoformat(), "title": "Hai ấp", "quick": True}
PICKUP = {"key": "free", "title_vi": "Miễn phí", "title_en": "Free", "change": [{"kind": "free_pickup"}]}
SETTINGS = "[coverage]\nwarm_up_days = 0\nmain_minutes = 60\n"


def use_line(service: Service, folder: Path, **tables: str) -> None:
    network = write_line(folder / "line", **tables)
    files = [("files", (file.name, file.read_bytes())) for file in sorted(network.iterdir())]
    taken = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert taken.status_code == 200, taken.text


def test_a_study_is_listed_read_and_deleted(service: Service, tmp_path: Path) -> None:
    use_line(service, tmp_path)
    study = made_study()
    study_id = put_study(service, study)
    (listed,) = service.ask("GET", STUDIES, by="planner").json()["studies"]
    assert listed["study_id"] == study_id
    assert listed["figures"]["without_post"] == len(WITHOUT)
    assert listed["figures"]["people_within"] == people_within(30)
    assert listed["job"]["study_id"] == study_id
    assert listed["job"]["result"] is None
    document = service.ask("GET", f"{STUDIES}/{study_id}", by="auditor")
    assert CoverageStudy.model_validate_json(document.content) == study
    drawn = service.ask("GET", f"{STUDIES}/{study_id}/export", by="head-dispatcher", params={"format": "geojson"})
    assert drawn.headers["Content-Disposition"] == 'attachment; filename="do-phu-20261125-vi.geojson"'
    assert "left out" in drawn.json()["about"]["reach"], "its roads are none of this province's"
    other = service.ask("GET", f"{STUDIES}/{study_id}/reach", by="auditor", params={"means": "walk", "minutes": 30})
    assert other.status_code == 409
    assert service.ask("DELETE", f"{STUDIES}/{study_id}", by="head-dispatcher").status_code == 403
    assert service.ask("DELETE", f"{STUDIES}/{study_id}", by="planner").status_code == 204
    assert service.ask("GET", f"{STUDIES}/{study_id}", by="planner").status_code == 404
    assert service.ask("GET", STUDIES, by="planner").json()["studies"] == []


def test_the_reached_land_is_drawn_once_and_kept(sqlite_service: Service, tmp_path: Path) -> None:
    service = sqlite_service
    use_line(service, tmp_path)
    study = line_study()
    study_id = put_study(service, study)

    def land(minutes: int) -> Any:
        asked = {"means": "walk", "minutes": minutes}
        return service.ask("GET", f"{STUDIES}/{study_id}/reach", by="auditor", params=asked)

    found = land(30).json()
    assert found["synthetic_roads"] is True
    whose = [(one["properties"]["of"], one["properties"]["id"]) for one in found["features"]]
    assert whose == [("today", None), ("place", "D-3"), ("place", "D-4")]
    kept = service.runtime.settings.data_folder / WORK_FOLDER / study_id / "reach-walk.json"
    written = kept.stat().st_mtime_ns
    wider = land(60).json()["features"]
    assert wider[0]["properties"]["km2"] > found["features"][0]["properties"]["km2"]
    assert kept.stat().st_mtime_ns == written
    refused = land(31)
    assert refused.status_code == 409
    assert "15, 30, 60" in refused.text
    asked = {"format": "geojson"}
    layers = service.ask("GET", f"{STUDIES}/{study_id}/export", by="planner", params=asked).json()["features"]
    assert sum(one["properties"]["layer"] == "reach" for one in layers) == 9, "three limits of each"
    assert service.ask("DELETE", f"{STUDIES}/{study_id}", by="planner").status_code == 204
    assert not kept.exists()


def test_pages_of_the_list_go_from_new_to_old(sqlite_service: Service) -> None:
    ids = [put_study(sqlite_service, None, title=f"{number}") for number in range(3)]
    first = sqlite_service.ask("GET", STUDIES, by="planner", params={"limit": 2}).json()
    assert [one["study_id"] for one in first["studies"]] == ids[:0:-1]
    rest = sqlite_service.ask("GET", STUDIES, by="planner", params={"after": first["next_after"]}).json()
    assert [one["study_id"] for one in rest["studies"]] == ids[:1]


def test_what_cannot_be_computed_is_refused_before_a_job_is_put_in(sqlite_service: Service, tmp_path: Path) -> None:
    service = sqlite_service

    def refused(status: int, **asked: Any) -> str:
        answer = service.ask("POST", STUDIES, by="planner", json=NEW | asked)
        assert answer.status_code == status, answer.text
        return str(answer.json())

    refused(404)  # no network yet
    use_line(service, tmp_path, settlements="")
    assert "settlements.csv" in refused(409)
    use_line(service, tmp_path / "with")
    assert "main_minuts" in refused(422, settings="[coverage]\nmain_minuts = 3\n")
    bad = {**PICKUP, "change": [{"kind": "free_lunch"}]}
    assert "free_lunch" in refused(422, scenarios=[bad])
    assert "build" in refused(422, scenarios=[{**PICKUP, "change": [{"kind": ["build"]}]}])
    for change, named in (
        ({"kind": "merge", "communes": ["30292"], "base": "BC-X"}, "BC-X"),
        ({"kind": "merge", "communes": ["99999"], "base": "BC"}, "99999"),
        ({"kind": "fewer_couriers", "base": "BC", "count": 2}, "2"),
        ({"kind": "move_desks", "desks": ["QP-X"], "to": ["BC"]}, "QP-X"),
    ):
        assert named in refused(422, scenarios=[{**PICKUP, "change": [change]}])
    assert "MC-9" in refused(422, scenarios=[{**PICKUP, "targets": {"MC-9": 0.3}}])
    refused(422, title="  ")
    assert service.ask("GET", STUDIES, by="planner").json()["studies"] == []


def test_a_study_that_is_being_computed_is_not_deleted(sqlite_service: Service, tmp_path: Path) -> None:
    use_line(sqlite_service, tmp_path)
    made = sqlite_service.ask("POST", STUDIES, by="planner", json=NEW)
    assert made.status_code == 202, made.text
    study_id = made.json()["study_id"]
    assert sqlite_service.ask("DELETE", f"{STUDIES}/{study_id}", by="planner").status_code == 409
    assert sqlite_service.ask("GET", f"{STUDIES}/{study_id}", by="planner").status_code == 409
    assert sqlite_service.ask("GET", f"{STUDIES}/{study_id}/state", by="planner").json()["figures"] is None


@pytest.mark.slow
def test_a_job_computes_a_study_of_a_small_province(tmp_path: Path) -> None:
    with Service.opened(f"sqlite:///{tmp_path / 'service.db'}", tmp_path, workers=1) as service:
        use_line(service, tmp_path)
        asked = NEW | {"scenarios": [PICKUP], "settings": SETTINGS}
        study_id = service.ask("POST", STUDIES, by="planner", json=asked).json()["study_id"]
        state = _over(service, study_id)
        assert state["job"]["state"] == "done", state["job"]["error"]
        study = CoverageStudy.model_validate_json(service.ask("GET", f"{STUDIES}/{study_id}", by="planner").content)
        assert study.without_post == ("D-3", "D-4"), "the villages further out, by hand"
        assert sum(place.people for place in study.places) == 47_000
        assert study.main_minutes == 60, "the province's own assumption"
        assert {price.place_id for price in study.remedies} == {"D-3", "D-4"}
        assert [one.key for one in study.scenarios] == ["free"]
        assert state["figures"]["scenarios"] == 1
        assert state["job"]["progress"]["stage"] == "done"
        folder = service.runtime.settings.data_folder / WORK_FOLDER / study_id
        assert folder.is_dir()
        assert service.ask("DELETE", f"{STUDIES}/{study_id}", by="planner").status_code == 204
        assert not folder.exists()


def _over(service: Service, study_id: str) -> dict[str, Any]:
    end = time.monotonic() + 400
    while time.monotonic() < end:
        state: dict[str, Any] = service.ask("GET", f"{STUDIES}/{study_id}/state", by="planner").json()
        if state["job"]["finished_at"] is not None:
            return state
        time.sleep(0.5)
    raise AssertionError(state)
