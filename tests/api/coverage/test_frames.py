"""The study as tables: the same rows and figures as the document, and positions where places are."""

from __future__ import annotations

import json
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
    assert "không phải nghiên cứu độ phủ (kết quả của duongthu coverage run)" in refused.value.render("vi")
    assert "no coverage study (a result of duongthu coverage run)" in refused.value.render("en")


@pytest.mark.parametrize(
    ("content", "vi", "en"),
    [
        ("mã,tên\n", "không đọc được tệp như JSON (dòng 1, cột 1)", "cannot be read as JSON (line 1, column 1)"),
        ("", "không đọc được tệp như JSON", "cannot be read as JSON"),
        ("[1]", "không phải một đối tượng JSON", "not a JSON object"),
        ('{"schema": "duongthu-plan/1"}', "“schema” ghi “duongthu-plan/1”, cần “duongthu-coverage/",
         "its “schema” is “duongthu-plan/1”"),
        ('{"a": 1}', "thiếu created_at, software, ", "it lacks created_at, software, "),
    ],
)  # fmt: skip
def test_it_is_said_what_another_file_is_not(tmp_path: Path, content: str, vi: str, en: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_study(file)
    (row,) = refused.value.rows
    assert vi in row.message_vi
    assert en in row.message_en
    assert "nput should be" not in row.message_vi


def test_a_study_that_was_spoilt_is_told_where(tmp_path: Path) -> None:
    spoilt = json.loads(made_study().model_dump_json(by_alias=True))
    spoilt["places"][2]["people"] = "nhiều"
    spoilt["points"][0]["name"] = None
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps(spoilt), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_study(file)
    assert refused.value.rows[0].message_vi.endswith("tại places[2].people: cần số nguyên (và 1 chỗ khác)")
    assert refused.value.rows[0].message_en.endswith("at places[2].people: a whole number is needed (and 1 more)")
