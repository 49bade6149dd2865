from pathlib import Path

import pytest

from geo.errors import SpeedTableError
from geo.profiles import PROFILE_NAMES, ROAD_CLASSES, default_speed_table, read_speed_table

TABLE = default_speed_table()
DATA = Path(__file__).parents[2] / "geo" / "data" / "speeds.toml"


def test_every_profile_has_a_speed_for_every_kind_of_way() -> None:
    assert tuple(TABLE.profiles) == PROFILE_NAMES
    for profile in TABLE.profiles.values():
        assert profile.highway_kph.keys() == TABLE.road_class.keys()
    assert {ROAD_CLASSES[index] for index in TABLE.road_class.values()} == set(ROAD_CLASSES) - {"ferry"}


def test_barriers_stop_known_profiles_only_and_walkers_least() -> None:
    assert frozenset().union(*TABLE.barrier.values()) <= set(PROFILE_NAMES)
    assert all("van" in stopped for stopped in TABLE.barrier.values() if "walk" in stopped)


def test_speed_of_a_class_is_that_of_its_fastest_kind() -> None:
    assert TABLE.class_kph("van", "trunk") == TABLE.profiles["van"].highway_kph["trunk"]
    assert TABLE.class_kph("motorbike", "motorway") == 0
    assert TABLE.class_kph("walk", "ferry") == TABLE.profiles["walk"].ferry_kph
    with pytest.raises(ValueError, match="'canal'"):
        TABLE.class_kph("van", "canal")


def test_province_changes_a_class_and_its_links_scale_alike() -> None:
    usual = TABLE.profiles["van"].highway_kph
    own = TABLE.with_class_speeds({"van": {"trunk": 2 * usual["trunk"], "ferry": 7}, "motorbike": {"motorway": 50}})
    assert own.profiles["van"].highway_kph["trunk_link"] == 2 * usual["trunk_link"]
    assert own.profiles["van"].highway_kph["primary"] == usual["primary"]
    assert own.profiles["van"].ferry_kph == 7
    assert own.class_kph("motorbike", "motorway") == 50
    assert TABLE.class_kph("motorbike", "motorway") == 0


@pytest.mark.parametrize(
    "speeds", [{"van": {"canal": 5}}, {"boat": {"trunk": 5}}, {"van": {"trunk": -5}}, {"van": {"ferry": 0}}]
)
def test_speed_that_cannot_be_is_refused(speeds: dict[str, dict[str, float]]) -> None:
    with pytest.raises(SpeedTableError):
        TABLE.with_class_speeds(speeds)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[limit]", "[limits]", "has no limits"),
        ('class = "trunk"', 'class = "canal"', "malformed"),
        ("gravel = 0.65", "gravel = 1.65", "gravel"),
        ("access_kph = 8", "access_kph = 0", "profile van"),
        ("van = 55", 'van = "fast"', "malformed"),
        ("urban = 50", "urban = 0", "limit"),
        ("[limit]", "[limit", "no TOML"),
    ],
)
def test_table_that_breaks_a_rule_is_refused_with_its_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    text = DATA.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(SpeedTableError, match=said):
        read_speed_table(path)


def test_unchanged_table_reads_as_the_default(tmp_path: Path) -> None:
    assert read_speed_table(DATA) == TABLE


def test_speeds_by_class_alone_change_the_usual_table(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[speeds.van]\ntrunk = 50\nferry = 7\n", encoding="utf-8")
    assert read_speed_table(path) == TABLE.with_class_speeds({"van": {"trunk": 50, "ferry": 7}})


@pytest.mark.parametrize(
    "text", ["speeds = 3", "[speeds]\nvan = 3", "[speeds.van]\ntrunk = 'x'", "[speeds.boat]\na = 1"]
)
def test_speeds_by_class_that_make_no_sense_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpeedTableError):
        read_speed_table(path)
