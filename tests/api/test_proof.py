"""A plan's folder proves its plan again, and tampering with any figure is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.errors import ExistsError, InputError, NotFoundError
from api.plans.directory import MANIFEST, PLAN, Sources, plan_files, read_manifest, require_free, write_plan_folder
from api.plans.document import Answer
from api.plans.proof import check_document, check_plan
from api.plans.schemas import Plan
from routing.explain import reasons
from tests.api.greedy import answers_of, greedy_plan
from tests.api.small_day import small_day, write_small_day

HELD_BY_HASHES_ONLY = {"version", "created_at", "status", "software"}
"""What no input can tell: only the manifest holds it."""


def _explained() -> Plan:
    prepared = small_day().prepare()
    answers = [
        Answer(reasons(group.problem, answer.solution), answer.terms, answer.total)
        for group, answer in zip(prepared.groups, answers_of(prepared), strict=True)
    ]
    return greedy_plan(prepared, answers)


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("proof")
    day = small_day()
    write_plan_folder(
        root / "plan", _explained(), Sources(*write_small_day(root)), day.network, day.shipments, day.roads
    )
    return root / "plan"


def test_an_untouched_plan_is_proved(folder: Path) -> None:
    assert check_plan(folder) == []


def test_the_folder_holds_everything_that_is_handed_out(folder: Path) -> None:
    couriers = sorted(route.courier_id for route in _explained().routes)
    assert sorted(path.name for path in (folder / "rounds").iterdir()) == sorted(
        f"{courier}.{kind}" for courier in couriers for kind in ("gpx", "pdf")
    )
    assert (folder / "inputs" / "network" / "small" / "sites.csv").is_file()
    assert set(plan_files(folder)) == set(read_manifest(folder).files)


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from _leaves(child, (*path, key))
    if not isinstance(value, dict | list):
        yield path, value


def _changed(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return round(value + 0.000_01, 6)
    if isinstance(value, str) and value[4:5] == "-" and "T" in value:
        return value[:-7] + ("1" if value[-7] == "0" else "0") + value[-6:]  # the last digit of the seconds
    if isinstance(value, str) and value[4:5] == "-":
        return value[:-1] + ("7" if value[-1] == "6" else "6")
    return f"{value}x" if isinstance(value, str) else "x"


def _is_reason_of_search(data: Any, path: tuple[str | int, ...]) -> bool:
    """Why the search left something behind is held by the hashes too."""
    known = {left.shipment.code for left in small_day().prepare().inputs.left}
    return path[0] == "unassigned" and path[2] == "reasons" and data["unassigned"][path[1]]["shipment"] not in known


def _with(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(data))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copy


@pytest.mark.slow
def test_a_change_of_any_single_value_is_found_without_the_hashes() -> None:
    prepared, plan = small_day().prepare(), _explained()
    data = json.loads(plan.to_json())
    tried = 0
    for path, value in _leaves(data):
        is_inner_point = path[-1] in {0, 1} and "coordinates" in path and path[-2] not in {0, 5}
        if path[0] in HELD_BY_HASHES_ONLY or path[-1] == "locked" or _is_reason_of_search(data, path) or is_inner_point:
            continue
        text = json.dumps(_with(data, path, _changed(value)))
        try:
            tampered = Plan.model_validate_json(text)
        except ValueError:
            continue  # no plan at all any more
        tried += 1
        assert list(check_document(tampered, prepared)), f"{path}: {value!r} was changed and nothing found"
    assert tried > 150


def test_a_stop_taken_out_is_found() -> None:
    prepared, data = small_day().prepare(), json.loads(_explained().to_json())
    stops = data["routes"][1]["trips"][0]["stops"]
    gone = stops.pop(1)
    findings = list(check_document(Plan.model_validate_json(json.dumps(data)), prepared))
    assert "structure" in {finding.code for finding in findings}
    assert gone["tasks"]


def test_a_shipment_said_to_be_impossible_while_it_is_carried_is_found() -> None:
    prepared, data = small_day().prepare(), json.loads(_explained().to_json())
    data["unassigned"].append({**data["unassigned"][0], "shipment": "R1", "must_go": True})
    assert list(check_document(Plan.model_validate_json(json.dumps(data)), prepared))


def test_an_unknown_courier_is_named() -> None:
    prepared, data = small_day().prepare(), json.loads(_explained().to_json())
    data["routes"][0]["courier_id"] = "NOBODY"
    (finding, *_) = check_document(Plan.model_validate_json(json.dumps(data)), prepared)
    assert (finding.code, finding.where) == ("misfit", "routes.0.courier_id")
    assert "NOBODY" in finding.message_vi


@pytest.fixture(name="copy")
def _copy(folder: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_every_changed_missing_or_added_file_is_named(copy: Path) -> None:
    (copy / "routes.geojson").write_text("{}", encoding="utf-8")
    (copy / "rounds" / "CD-1.pdf").unlink()
    (copy / "rounds" / "LX-3.pdf").write_text("", encoding="utf-8")
    found = {(finding.code, finding.where) for finding in check_plan(copy)}
    assert found == {("file", "routes.geojson"), ("file", "rounds/CD-1.pdf"), ("file", "rounds/LX-3.pdf")}


def test_changed_inputs_are_found_even_when_the_hashes_were_made_anew(copy: Path) -> None:
    couriers = copy / "inputs" / "network" / "small" / "couriers.csv"
    couriers.write_text(couriers.read_text(encoding="utf-8").replace("30000,1200", "30000,1300"), encoding="utf-8")
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    (copy / MANIFEST).write_text(json.dumps({**manifest, "files": plan_files(copy)}), encoding="utf-8")
    places = {finding.where for finding in check_plan(copy)}
    assert f"{PLAN}: network.sha256" in places
    assert any(place.endswith("cost.distance") for place in places)


def test_a_dispatchers_lock_is_held_by_the_hashes(copy: Path) -> None:
    text = (copy / PLAN).read_text(encoding="utf-8")
    (copy / PLAN).write_text(text.replace('"locked": false', '"locked": true', 1), encoding="utf-8")
    assert [finding.code for finding in check_plan(copy)] == ["file"]


@pytest.mark.parametrize("name", sorted(HELD_BY_HASHES_ONLY))
def test_what_cannot_be_computed_is_held_by_the_hashes(copy: Path, name: str) -> None:
    other = {"version": 7, "created_at": "2026-01-01T00:00:00+07:00", "status": "published", "software": "other"}
    data = json.loads((copy / PLAN).read_text(encoding="utf-8"))
    (copy / PLAN).write_text(json.dumps({**data, name: other[name]}), encoding="utf-8")
    assert [(finding.code, finding.where) for finding in check_plan(copy)] == [("file", PLAN)]


def test_a_broken_plan_is_a_finding(copy: Path) -> None:
    (copy / PLAN).write_text("{", encoding="utf-8")
    assert {finding.code for finding in check_plan(copy)} == {"file", "input"}


def test_a_folder_without_a_plan_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        check_plan(tmp_path)


def test_a_manifest_cannot_lead_out_of_its_folder(copy: Path) -> None:
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    (copy / MANIFEST).write_text(json.dumps({**manifest, "network": "../elsewhere"}), encoding="utf-8")
    with pytest.raises(InputError, match="outside"):
        check_plan(copy)


def test_an_earlier_plan_is_replaced_but_nothing_of_somebody_else(copy: Path) -> None:
    require_free(copy)
    (copy / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ExistsError, match=r"notes\.txt"):
        require_free(copy)


def test_a_failure_leaves_the_earlier_plan_and_nothing_half_written(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    day, before = small_day(), plan_files(copy)
    sources = Sources(copy / "inputs" / "network" / "small", copy / "inputs" / "shipments.csv")
    monkeypatch.setattr("api.plans.directory.round_gpx", fail)
    with pytest.raises(OSError, match="the disk is full"):
        write_plan_folder(copy, _explained(), sources, day.network, day.shipments, day.roads)
    assert plan_files(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_plan_may_be_written_over_the_one_whose_inputs_it_reads(copy: Path) -> None:
    day = small_day()
    sources = Sources(copy / "inputs" / "network" / "small", copy / "inputs" / "shipments.csv")
    write_plan_folder(copy, _explained(), sources, day.network, day.shipments, day.roads)
    assert check_plan(copy) == []
