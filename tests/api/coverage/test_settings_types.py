"""Every key of `coverage.toml` and `scenarios.toml` with values of every wrong type: told, never a crash."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from api.coverage.assumptions import Assumptions, names
from api.coverage.assumptions_file import read_assumptions
from api.coverage.scenarios import require_possible
from api.coverage.scenarios_file import read_scenarios
from api.coverage.situation import Settled, settle
from api.errors import InputError
from tests.api.coverage.line_province import DAY, line_network

WRONG = (
    '"x"', '""', '"  "', "[]", '["build"]', "[1]", "[[1]]", "[[1, 2], [3]]", "[[true, true]]", "[true]", "{}",
    "{ a = 1 }", "[{}]", "2026-01-05", "07:30:00", "2026-01-05T07:30:00Z", "nan", "inf", "-inf", "-1", "1e300",
    "[[1e300, nan]]",
    "0x" + "f" * 300, "0x" + "f" * 5000, "[0x" + "f" * 5000 + "]", "[[0x" + "f" * 300 + ", 0.5]]", "1.5",
    "[" * 300 + "]" * 300, "true", "false",
)  # fmt: skip
"""As TOML has them; each test leaves out what fits."""
CHANGES: dict[str, dict[str, str]] = {
    "build": {"k": "1", "remedy": '"new_point"'},
    "spend": {"dong": "5000000"},
    "remedies": {"remedies": '[{ place = "D-3", kind = "weekly_visit", weekday = "We" }]'},
    "move_desks": {"desks": '["MC-1"]', "to": '["BC"]'},
    "online": {"share": "0.5"},
    "free_pickup": {"places": '["D-3"]'},
    "merge": {"communes": '["30307"]', "base": '"BC"'},
    "fewer_couriers": {"base": '"BC"', "count": "1"},
    "fuel_price": {"factor": "2"},
}
REMEDY = {"place": '"D-3"', "kind": '"weekly_visit"', "weekday": '"We"'}
FLOORS = "radius_km", "people", "hours", "centre_hours", "visits", "special_visits"
FITS = {
    ("special_area", "true"), ("special_area", "false"), ("factor", "1.5"), ("dossiers_per_1000", "1.5"),
    ("results_per_1000", "1.5"), *((f"floor_{of}", "1.5") for of in FLOORS),
    ("key", '"x"'), ("title_vi", '"x"'), ("title_en", '"x"'), ("targets", "{}"),
}  # fmt: skip
"""What belongs there."""


def wrong(key: str) -> list[str]:
    return [value for value in WRONG if (key, value) not in FITS]


@pytest.mark.parametrize("key", list(names()))
def test_assumptions_of_a_wrong_type_are_told(tmp_path: Path, key: str) -> None:
    file = tmp_path / "coverage.toml"
    accepted, places = [], set[str]()
    for value in wrong(key):
        file.write_text(f"[coverage]\n{key} = {value}\n", encoding="utf-8")
        try:
            read_assumptions(file)
            accepted.append(value)
        except InputError as error:
            require_words(error)
            places |= {row.column or "" for row in error.rows}
    assert accepted == []
    assert {place.partition("[")[0] for place in places} == {f"coverage.{key}"}


def test_a_table_of_assumptions_of_a_wrong_type_is_told(tmp_path: Path) -> None:
    file = tmp_path / "coverage.toml"
    for value in WRONG:
        if value != "{}":  # nothing of one's own
            file.write_text(f"coverage = {value}\n", encoding="utf-8")
            with pytest.raises(InputError, match="coverage"):
                read_assumptions(file)


def require_words(error: InputError) -> None:
    for row in error.rows:
        assert row.render("vi") != row.render("en")
        assert len(row.render("vi")) < 600
        assert "None" not in row.render("en")


@cache
def settled() -> Settled:
    return settle(line_network()[0], DAY)


def accepted(folder: Path, scenarios: dict[str, str]) -> list[str]:
    """Those that neither the file nor what the network has refuses, by what is wrong with them."""
    file = folder / "scenarios.toml"
    found = []
    for value, scenario in scenarios.items():
        file.write_text(f"scenario = {scenario}\n", encoding="utf-8")
        try:
            require_possible(read_scenarios(file), settled(), Assumptions())
            found.append(value)
        except InputError as error:
            require_words(error)
    return found


def usual(**keys: str) -> str:
    """A list of one scenario, with keys of one's own."""
    change = '[{ kind = "online", share = 0.5 }]'
    keys = {"key": '"s"', "title_vi": '"Thử"', "title_en": '"Trial"', "change": change, **keys}
    return f"[{table(keys)}]"


def table(keys: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in keys.items()) + " }"


def change_of(kind: str, keys: dict[str, str]) -> str:
    return table({"kind": f'"{kind}"', **keys})


@pytest.mark.parametrize("key", ["key", "title_vi", "title_en", "change", "targets"])
def test_parts_of_a_scenario_of_a_wrong_type_are_told(tmp_path: Path, key: str) -> None:
    assert accepted(tmp_path, {value: usual(**{key: value}) for value in wrong(key)}) == []


def test_scenarios_of_a_wrong_type_are_told(tmp_path: Path) -> None:
    assert accepted(tmp_path, {value: value for value in WRONG}) == []
    assert accepted(tmp_path, {value: f"[{value}]" for value in WRONG}) == []
    assert accepted(tmp_path, {value: usual(change=f"[{value}]") for value in WRONG}) == []


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, keys in CHANGES.items() for key in ("kind", *keys)])
def test_parts_of_a_change_of_a_wrong_type_are_told(tmp_path: Path, kind: str, key: str) -> None:
    def changed(value: str) -> str:
        return usual(change=f"[{change_of(kind, {**CHANGES[kind], key: value})}]")

    assert accepted(tmp_path, {value: changed(value) for value in wrong(key)}) == []


@pytest.mark.parametrize("key", REMEDY)
def test_parts_of_a_remedy_of_a_wrong_type_are_told(tmp_path: Path, key: str) -> None:
    def changed(value: str) -> str:
        return usual(change=f'[{{ kind = "remedies", remedies = [{table(REMEDY | {key: value})}] }}]')

    assert accepted(tmp_path, {value: changed(value) for value in wrong(key)}) == []


def test_what_fits_is_accepted(tmp_path: Path) -> None:
    """Else the tests above prove nothing."""
    right = {kind: usual(change=f"[{change_of(kind, keys)}]") for kind, keys in CHANGES.items()}
    right["plain"] = usual()
    assert accepted(tmp_path, right) == list(right)
