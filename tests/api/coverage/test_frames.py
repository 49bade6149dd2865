"""The study as tables: the same rows and figures as the document, and positions where places are."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.coverage.frames import read_study, study_frames
from api.errors import InputError, NotFoundError
from tests.api.coverage.studies import COMMUNES, ISLAND, PEOPLE, PRICES, WITHOUT, made_study, people_within


def test_places_lie_where_they_are_and_an_island_has_no_way() -> None:
    frames = study_frames(made_study())
    assert frames.places.crs.to_epsg() == 4326
    assert list(frames.places["people"]) == list(PEOPLE)
    first = frames.places.loc["DC-00"]
    assert (first.geometry.x, first.geometry.y) == COMMUNES[0][3:]
    assert first["motorbike_minutes"] == 35.0
    assert set(frames.places.index[frames.places["without_post"]]) == set(WITHOUT)
    assert frames.places["motorbike_minutes"].isna()[ISLAND]


def test_remedies_scenarios_and_frontier_have_the_figures_of_the_document() -> None:
    frames = study_frames(made_study(), "en")
    cheapest = frames.remedies[frames.remedies["place_id"] == "DC-05"].set_index("kind")["added_dong"]
    assert cheapest["weekly_visit"] == PRICES[2] + 1_000_000
    assert frames.scenarios.loc["three_desks", "change_total_dong"] == -150_000_000
    assert frames.scenarios.loc["three_desks", "title"] == "Move three desks into posts"
    assert frames.scenarios.loc["home_pickup", "motorbike_people_30"] == people_within(30, 3)
    assert list(frames.frontier["exact_people"]) == [people_within(30, k) for k in range(5)]
    assert frames.efficient["choices"].iloc[-1] == dict.fromkeys(WITHOUT[:3], "weekly_visit")
    assert set(frames.shortfalls["floor"]) == {"point-in-commune", "hours-open"}
    assert frames.assumptions.loc["working_days", "value"] == 250


def test_a_study_without_remedies_gives_empty_tables() -> None:
    bare = study_frames(made_study(remedies=(), frontiers=(), efficient=(), scenarios=(), floors=()))
    assert bare.remedies.empty
    assert bare.scenarios.empty
    assert bare.shortfalls.empty


def test_the_file_is_read_back_as_it_was(tmp_path: Path) -> None:
    study = made_study()
    file = tmp_path / "coverage.json"
    file.write_text(study.model_dump_json(by_alias=True), encoding="utf-8")
    assert read_study(file) == study


def test_other_files_are_refused_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no finished study"):
        read_study(tmp_path / "coverage.json")
    other = tmp_path / "plan.json"
    other.write_text('{"schema": "duongthu-plan/1"}', encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_study(other)
    assert "không phải kết quả của duongthu coverage run" in refused.value.render("vi")
    assert "not a result of duongthu coverage run" in refused.value.render("en")
