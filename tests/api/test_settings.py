"""Settings: every key of the template is a default, and what is wrong is named."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import Any

import pytest

from api.network.rows import Level, Vehicle
from api.network.settings import ADDRESS, GroupOfBases, Settings, VisitTimes, Wave, plain
from api.network.settings_reader import read_settings
from api.network.template import settings_text


def read(text: str) -> tuple[Settings, list[tuple[str | None, str]]]:
    settings, errors = read_settings(tomllib.loads(text), "settings.toml")
    return settings, [(error.column, error.code) for error in errors]


def test_the_template_says_exactly_the_defaults() -> None:
    assert read(settings_text()) == (Settings(), [])
    assert read("") == (Settings(), [])


def test_the_template_names_every_key() -> None:
    written = tomllib.loads(settings_text())
    commented = {"plan_groups", "speeds"}
    assert written.keys() | commented == {field.name for field in fields(Settings)} - {"evidence"}
    assert all(f"[{key}" in settings_text() for key in (*commented, "evidence"))


def test_a_province_changes_lines_of_the_table_of_evidence() -> None:
    text = '[evidence.outcomes]\nDELIVER = ["party", "photo|note"]\n[evidence.reasons]\nabsent = []'
    settings, errors = read(text)
    assert errors == []
    assert settings.evidence == {"outcomes": {"DELIVER": ("party", "photo|note")}, "reasons": {"absent": ()}}
    assert plain(settings).keys() - plain(Settings()).keys() == {"evidence"}
    wrong = '[evidence]\nx = 1\n[evidence.outcomes]\nDELIVERED = []\nDELIVER = ["foto"]'
    assert sorted(read(wrong)[1]) == [
        ("evidence.outcomes.DELIVER", "bad_value"), ("evidence.outcomes.DELIVERED", "unknown_key"),
        ("evidence.x", "unknown_key"),
    ]  # fmt: skip


def test_what_a_province_sets_is_taken_and_the_rest_stays() -> None:
    settings, errors = read(
        """
        weekend = ["Su"]
        waves = [{ name = "cả ngày", start = 07:00:00, end = "17:00" }]
        plan_groups = [{ name = "LX", bases = ["B1", "B2"] }]
        [times.address]
        setup_minutes = 4.5
        [speeds.motorbike]
        track = 12
        [promised_days]
        province = 5
        """
    )
    assert errors == []
    assert settings.weekend == (6,)
    assert settings.waves == (Wave("cả ngày", 25_200, 61_200),)
    assert settings.plan_groups == (GroupOfBases("LX", ("B1", "B2")),)
    assert settings.times[ADDRESS] == VisitTimes(4.5, 60)
    assert settings.speeds == {Vehicle.MOTORBIKE: {"track": 12.0}}
    assert settings.promised_days.of(Level.PROVINCE) == 5
    assert settings.promised_days.of(None) == 2
    assert settings.reload_minutes == 15


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("reload_minute = 5", "reload_minute", "unknown_key"),
        ("reload_minutes = -5", "reload_minutes", "negative"),
        ("reload_minutes = nan", "reload_minutes", "not_finite"),
        ("reload_minutes = [1, 2]", "reload_minutes", "bad_number"),
        ('timezone = "Asia/Long_Xuyen"', "timezone", "unknown_zone"),
        ('timezone = "../etc/passwd"', "timezone", "unknown_zone"),
        ('weekend = ["Mo-Su"]', "weekend", "bad_value"),
        ('weekend = ["T7"]', "weekend", "bad_days"),
        ('waves = "sáng"', "waves", "bad_value"),
        ('waves = [{ name = "sáng", start = "11:30", end = "07:30" }]', "waves[1].end", "reversed_span"),
        ('waves = [{ name = "sáng", start = "11:30" }]', "waves[1].end", "missing_key"),
        ('plan_groups = [{ name = "a", bases = ["B 1"] }]', "plan_groups[1].bases", "bad_key"),
        ("times = 3", "times", "bad_value"),
        ("[times.hubs]\nsetup_minutes = 3", "times.hubs", "unknown_key"),
        ("[times.hub]\nsetup = 3", "times.hub.setup", "unknown_key"),
        ("[speeds.motorbike]\ntrak = 3", "speeds.motorbike.trak", "unknown_key"),
        ("[speeds.motorbike]\ntrack = 0", "speeds.motorbike.track", "out_of_range"),
        ("[speeds.truck]\ntrack = 5", "speeds.truck", "unknown_key"),
        ("[penalties]\nmay_go_dong = 1.5", "penalties.may_go_dong", "not_whole"),
        ("[storage]\ntown_days = true", "storage.town_days", "bad_number"),
    ],
)
def test_a_wrong_key_is_named(text: str, column: str, code: str) -> None:
    assert read(text)[1] == [(column, code)]


def test_the_nearest_key_is_suggested() -> None:
    _, errors = read_settings({"reload_minute": 5}, "settings.toml")
    assert "có phải là reload_minutes?" in errors[0].message_vi


@pytest.mark.parametrize("content", [[], 3, "x", None])
def test_settings_that_are_no_table_are_named(content: Any) -> None:
    assert [error.code for error in read_settings(content, "n.json [settings]")[1]] == ["bad_value"]
