"""What a study says of its assumptions: whose they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.coverage.assumptions import Assumptions, names
from api.coverage.document import Assumption, Means

CHOICES = {
    "online_share": 0.2, "new_point_hours": "Mo-Fr 08:00-10:00", "borrowed_desk_hours": "Mo 08:00-10:00",
    "mobile_visit_hours": "08:00-10:00", "mobile_stay_minutes": 60, "limits_minutes": (10, 30),
    "main_means": Means.MOTORBIKE, "main_minutes": 60, "least_days": 5, "weeks": 2, "warm_up_days": 3,
}  # fmt: skip
"""What the planner chooses, each with another value than the usual one."""


def told(key: str, **values: object) -> Assumption:
    found = {one.key: one for one in replace(Assumptions(), **values).listed()}  # type: ignore[arg-type]  # as fields
    assert list(found) == list(names())
    return found[key]


@pytest.mark.parametrize("key", list(CHOICES))
def test_what_nobody_chose_is_the_software_s_default(key: str) -> None:
    usual = told(key)
    assert usual.source.vi == "Mặc định của phần mềm"
    assert usual.source.en == "The software's default"
    assert usual.estimated
    chosen = told(key, **{key: CHOICES[key]})
    assert chosen.source.vi == "Lựa chọn của người quy hoạch, trong coverage.toml"
    assert chosen.source.en == "The planner's choice, in coverage.toml"
    assert not chosen.estimated


def test_nothing_else_is_anybody_s_choice_until_it_is_set() -> None:
    sources = {one.key: one.source.en for one in Assumptions().listed()}
    assert not [key for key, source in sources.items() if "choice" in source]
    assert {key for key, source in sources.items() if source == "The software's default"} == set(CHOICES)
    assert told("on_foot", on_foot=0.5).source.vi == "Do tỉnh đặt trong coverage.toml"
    assert not told("on_foot", on_foot=0.5).estimated
    assert told("on_foot").estimated
    assert not told("special_area").estimated  # the standard's
