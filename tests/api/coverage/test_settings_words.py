"""`coverage.toml`, `scenarios.toml`: what is wrong is named once, with what would be right, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.coverage.assumptions import names
from api.coverage.assumptions_file import read_assumptions
from api.coverage.scenarios_file import scenarios_of
from api.errors import InputError, RowError

KINDS = "new_point, borrowed_desk, weekly_visit, daily_visit, home_pickup, nothing"
BUILT = KINDS.removesuffix(", nothing")
CHANGES = "build, spend, remedies, move_desks, online, free_pickup, merge, fewer_couriers, fuel_price"


def assumed(folder: Path, text: str) -> tuple[RowError, ...]:
    file = folder / "coverage.toml"
    file.write_text(f"[coverage]\n{text}\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_assumptions(file)
    return refused.value.rows


def changed(*changes: dict[str, Any], **more: Any) -> tuple[RowError, ...]:
    table = {"key": "s", "title_vi": "Thử", "title_en": "Trial", "change": list(changes), **more}
    with pytest.raises(InputError) as refused:
        scenarios_of({"scenario": [table]}, "scenarios.toml")
    return refused.value.rows


@pytest.mark.parametrize("key", list(names()))
@pytest.mark.parametrize("value", ['"abc"', "-1", "[[1, 2], [3]]", "inf", "[[inf, 0.5]]"])
def test_each_key_says_the_value_and_what_is_needed(tmp_path: Path, key: str, value: str) -> None:
    (row,) = assumed(tmp_path, f"{key} = {value}")
    assert row.column == f"coverage.{key}"
    for said in (row.render("vi"), row.render("en")):
        assert said.count(f"coverage.{key}") == 1
        assert value.strip('"').replace(".5", "") in said.replace(".5", "")
    assert "cần " in row.message_vi
    assert "cannot be used: it needs " in row.message_en


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("on_foot = 1.5", "số từ 0 đến 1"), ("weeks = 13", "số nguyên từ 1 đến 12"),
        ("new_point_dong = 7.5", "số nguyên từ 0 đến 1.000.000.000.000"), ("special_area = 1", "true hoặc false"),
        ("limits_minutes = [15, 601]", "mỗi số nguyên từ 1 đến 600, như [15, 30, 60]"),
        ("response = [[0, 0.2], [10, 0.3]]", "tỷ lệ từ 0 đến 1 và không tăng"),
        ('main_means = "bay"', "walk hoặc motorbike"), ('mobile_visit_hours = "sáng"', "07:30-11:30"),
    ],
)  # fmt: skip
def test_the_range_is_said_in_vietnamese(tmp_path: Path, line: str, needed: str) -> None:
    (row,) = assumed(tmp_path, line)
    assert needed in row.message_vi


def test_an_unknown_key_is_named_once_with_the_nearest_one(tmp_path: Path) -> None:
    (row,) = assumed(tmp_path, "main_minuts = 30")
    assert row.render("vi") == (
        "coverage.toml, cột coverage.main_minuts: không có khóa này; có phải là coverage.main_minutes?"
    )
    assert row.render("en").count("main_minuts") == 1


@pytest.mark.parametrize(
    ("text", "column", "vi", "en"),
    [
        ("main_minutes = 20", "main_minutes", "20 phút không nằm trong limits_minutes = [15, 30, 60] (mặc định)",
         "20 minutes is not in limits_minutes = [15, 30, 60] (the default)"),
        ("limits_minutes = [20, 40]", "limits_minutes", "30 phút (mặc định) không nằm trong limits_minutes = [20, 40]:",
         "30 minutes (the default) is not in limits_minutes = [20, 40]:"),
        ("limits_minutes = [20, 40]\nmain_minutes = 50", "main_minutes",
         "50 phút không nằm trong limits_minutes = [20, 40]:",
         "50 minutes is not in limits_minutes = [20, 40]:"),
    ],
)  # fmt: skip
def test_the_main_limit_is_one_of_the_limits(tmp_path: Path, text: str, column: str, vi: str, en: str) -> None:
    (row,) = assumed(tmp_path, text)
    assert row.column == f"coverage.{column}"
    assert vi in row.message_vi
    assert en in row.message_en


def test_another_main_limit_is_taken_with_its_limits(tmp_path: Path) -> None:
    file = tmp_path / "coverage.toml"
    file.write_text("[coverage]\nlimits_minutes = [20, 40]\nmain_minutes = 40\n", encoding="utf-8")
    assert read_assumptions(file).main_minutes == 40


@pytest.mark.parametrize(
    ("change", "where", "vi", "en"),
    [
        ({"kind": "online", "share": 1.5}, "share", "“1.5”: phải là số từ 0 đến 1",
         "“1.5”: must be a number from 0 to 1"),
        ({"kind": "online", "share": "nửa"}, "share", "“nửa”: phải là số từ 0 đến 1",
         "“nửa”: must be a number from 0 to 1"),
        ({"kind": "online"}, "share", "thiếu khóa này", "this key is missing"),
        ({"kind": "online", "share": 1, "shares": 2}, "shares", "không có khóa này", "there is no such key"),
        ({"kind": "fuel_price", "factor": 0}, "factor", "“0”: phải là số lớn hơn 0 và không quá 100",
         "“0”: must be a number above 0, at most 100"),
        ({"kind": "build", "k": "ba"}, "k", "“ba”: cần số nguyên", "“ba”: a whole number is needed"),
        ({"kind": "build", "k": 1, "remedy": "x"}, "remedy", f"“x”: cần một trong {KINDS}",
         f"“x”: one of {KINDS} is needed"),
        ({"kind": "build", "k": True}, "k", "“true”: cần số nguyên", "“true”: a whole number is needed"),
        ({"kind": "build", "k": 1, "remedy": "nothing"}, "remedy", f"“nothing”: không mở gì cả; chọn một trong {BUILT}",
         f"“nothing”: builds nothing; choose one of {BUILT}"),
        ({"kind": ["build"]}, "kind", f"không có loại “['build']”; có: {CHANGES}",
         f"there is no kind “['build']”; there are: {CHANGES}"),
        ({"k": 3}, "kind", f"thiếu khóa này; có: {CHANGES}", f"this key is missing; there are: {CHANGES}"),
        ({"kind": "merge", "communes": ["A"], "base": 3}, "base", "“3”: cần chữ", "“3”: text is needed"),
        ({"kind": "merge", "communes": [], "base": "B"}, "communes", "danh sách không được trống",
         "the list must not be empty"),
        ({"kind": "merge", "communes": "A", "base": "B"}, "communes", "“A”: cần danh sách", "“A”: a list is needed"),
    ],
)  # fmt: skip
def test_a_wrong_change_is_told_once_with_what_is_needed(change: dict[str, Any], where: str, vi: str, en: str) -> None:
    (row,) = changed(change)
    assert row.render("vi") == f"scenarios.toml, cột s.change[1].{where}: {vi}"
    assert row.render("en") == f"scenarios.toml, column s.change[1].{where}: {en}"


def test_wrong_targets_and_keys_are_told_with_what_is_needed() -> None:
    target, whole = changed(targets={"MC-9": 2})
    assert target.render("vi") == "scenarios.toml, cột scenario[1].targets.MC-9: “2”: phải là số từ 0 đến 1"
    assert whole.message_vi == "không mục nào dùng được"
    key, _ = changed(key="ô")
    assert key.render("vi") == "scenarios.toml, cột scenario[1].key: “ô”: mã chỉ gồm chữ không dấu, số và ._-"


@pytest.mark.parametrize("title", ["", " \t"])
def test_a_scenario_has_titles(title: str) -> None:
    *rows, _ = changed({"kind": "online", "share": 0.5}, title_vi=title, title_en=title)
    assert [row.column for row in rows] == ["scenario[1].title_vi", "scenario[1].title_en"]
    assert all(row.message_vi.endswith("không được để trống") for row in rows)
    assert all(row.message_en.endswith("must not be empty") for row in rows)


def test_days_and_stays_fit_the_opening_hours(tmp_path: Path) -> None:
    rows = assumed(tmp_path, 'least_days = 6\nmobile_visit_hours = "07:30-09:00"\nmobile_stay_minutes = 91')
    assert [row.column for row in rows] == ["coverage.least_days", "coverage.mobile_stay_minutes"]
    assert "6 ngày nhiều hơn 5 ngày" in rows[0].message_vi
    assert "91 minutes are longer than 07:30-09:00" in rows[1].message_en
    fits = tmp_path / "fits.toml"
    fits.write_text('[coverage]\nleast_days = 5\nmobile_visit_hours = "07:30-09:00"\nmobile_stay_minutes = 90\n')
    assert read_assumptions(fits).least_days == 5


@pytest.mark.parametrize(
    "span",
    ["07:30-11:30; 13:00-14:00", "07:30-11:30,13:00-14:00", "11:30-07:30", "07:30-07:30", "7:30-11:30", "07:30-25:00",
     "07:60-08:00", "07:30-11:30 off", "off", "24/7", "07:30+", "07:30", "Mo 07:30-11:30", " 07:30-11:30",
     "07:30-11:30\\n", "0٧:30-11:30"],
)  # fmt: skip
def test_a_mobile_desk_comes_in_one_span_of_hours(tmp_path: Path, span: str) -> None:
    (row,) = assumed(tmp_path, f'mobile_visit_hours = "{span}"')
    assert row.column == "coverage.mobile_visit_hours"
    assert "cần một khoảng giờ HH:MM-HH:MM, giờ đầu trước giờ cuối" in row.message_vi
    assert "it needs one span of hours HH:MM-HH:MM, the first before the second" in row.message_en


@pytest.mark.parametrize("key", ["new_point_hours", "borrowed_desk_hours"])
@pytest.mark.parametrize(
    "hours", ["off", "Su 07:00-11:00", "Sa-Su 07:00-11:00; PH off", "Mo-Fr 07:00-11:00; Mo-Fr off"]
)
def test_points_are_open_on_some_day_of_work(tmp_path: Path, key: str, hours: str) -> None:
    (row,) = assumed(tmp_path, f'{key} = "{hours}"')
    assert row.column == f"coverage.{key}"
    assert row.message_vi.startswith(f"“{hours}” không mở ngày nào từ thứ Hai đến thứ Sáu")
    assert row.message_en.startswith(f"“{hours}” is open on no day from Monday to Friday")


def test_a_desk_of_one_day_of_work_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "coverage.toml"
    file.write_text('[coverage]\nborrowed_desk_hours = "Fr,Su 07:00-11:00"\nmobile_visit_hours = "20:00-24:00"\n')
    assert read_assumptions(file).borrowed_desk_hours == "Fr,Su 07:00-11:00"
