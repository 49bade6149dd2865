"""Scenarios: what each change does to a province, and what makes no sense."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.coverage.carlo import bands, change_bands
from api.coverage.document import Band, Choice, EfficientStep, Frontier, Means, RemedyKind, YearFigures
from api.coverage.frontiers import make_frontier
from api.coverage.outcomes import price_scenarios
from api.coverage.proposal import Proposal
from api.coverage.scenarios import Known, Scenario
from api.coverage.scenarios_file import read_scenarios, scenarios_of
from api.coverage.targets import agency_shares
from api.errors import InputError
from tests.api.coverage.line_province import line_lab

LAB = line_lab(iterations=3)


def known(frontier: Frontier | None = None) -> Known:
    steps = (
        EfficientStep(added_dong=0, people=0, choices=()),
        EfficientStep(added_dong=50, people=9000, choices=(Choice(place_id="D-3", kind=RemedyKind.HOME_PICKUP),)),
    )
    found = frontier or make_frontier(LAB, Means.WALK, 30)
    return Known(LAB.situation, LAB.assumptions, found, steps, {"D-3": 4})


def scenario(*changes: dict[str, Any], **more: Any) -> Scenario:
    table = {"key": "s", "title_vi": "Thử", "title_en": "Trial", "change": list(changes), **more}
    return scenarios_of({"scenario": [table]}, "scenarios.toml")[0]


def proposed(*changes: dict[str, Any]) -> Proposal:
    return scenario(*changes).proposal(LAB.as_it_is, known())


def refused(*changes: dict[str, Any]) -> str:
    with pytest.raises(InputError) as error:
        proposed(*changes)
    assert error.value.rows[0].message_vi
    return error.value.rows[0].message_en


def test_the_frontier_names_where_k_points_go() -> None:
    two = proposed({"kind": "build", "k": 2})
    new = {site.site_id for site in two.network.sites} - {site.site_id for site in LAB.situation.network.sites}
    assert new == {"DM-D-3", "DM-D-4"}
    assert two.fixed_dong == 2 * LAB.assumptions.new_point_dong
    one = proposed({"kind": "build", "k": 1, "remedy": "weekly_visit"})
    assert [desk.place_id for desk in one.mobile] == ["D-3"]  # more people than D-4
    assert one.mobile[0].weekdays == (4,)
    assert "thứ Sáu" in one.changes[0].vi
    assert "Friday" in one.changes[0].en


def test_a_budget_buys_the_last_efficient_choice_within_it() -> None:
    assert proposed({"kind": "spend", "dong": 49}).free_pickup == frozenset()
    assert proposed({"kind": "spend", "dong": 50}).free_pickup == {"D-3"}


def test_a_desk_moves_into_a_post_and_one_stop_desks_get_its_address() -> None:
    network = proposed({"kind": "move_desks", "desks": ["VH", "MC-2"], "to": ["BC", "BC"]}).network
    sites = {site.site_id: site for site in network.sites}
    assert "VH" not in sites
    assert (sites["MC-2"].lon, sites["MC-2"].lat, sites["MC-2"].commune_code) == (
        sites["BC"].lon, sites["BC"].lat, "30307",
    )  # fmt: skip


def test_couriers_fuel_and_areas() -> None:
    assert [c.courier_id for c in proposed({"kind": "fewer_couriers", "base": "BC"}).network.couriers] == ["C-1"]
    dearer = proposed({"kind": "fuel_price", "factor": 1.2}).network.couriers
    assert [courier.dong_per_km for courier in dearer] == [1650, 1650]  # half of 1,500 is fuel
    merged = proposed({"kind": "merge", "communes": ["30292"], "base": "BC"}).network
    assert {area.commune_code: area.base_id for area in merged.areas} == {"30307": "BC", "30292": "BC"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "build", "k": 0}, "a budget of 0"),
        ({"kind": "build", "k": 3}, "more than the 2 places"),
        ({"kind": "spend", "dong": 0}, "above 0"),
        ({"kind": "move_desks", "desks": ["QP-X"], "to": ["BC"]}, "no site QP-X"),
        ({"kind": "move_desks", "desks": ["VH"], "to": ["BC", "VH"]}, "same length"),
        ({"kind": "move_desks", "desks": ["BC"], "to": ["VH"]}, "BC is a base"),
        ({"kind": "move_desks", "desks": ["VH"], "to": ["VH"]}, "VH moves away itself"),
        ({"kind": "free_pickup", "places": ["D-9"]}, "no settlement D-9"),
        ({"kind": "merge", "communes": ["30316"], "base": "BC"}, "no base serves commune 30316"),
        ({"kind": "merge", "communes": ["30292"], "base": "VH"}, "VH is no base"),
        ({"kind": "fewer_couriers", "base": "BC", "count": 2}, "2 couriers, 2 cannot"),
        (
            {"kind": "remedies", "remedies": [{"place": "D-3", "kind": "new_point"}] * 2},
            "two remedies for one place D-3",
        ),
        ({"kind": "remedies", "remedies": [{"place": "D-3", "kind": "weekly_visit", "weekday": "Xx"}]}, "a weekday"),
        ({"kind": "online", "share": 1.5}, "a number from 0 to 1"),
        ({"kind": "online", "shares": 0.5}, "is missing"),
        ({"kind": "beam"}, "no kind 'beam'"),
    ],
)
def test_what_makes_no_sense_is_said(change: dict[str, Any], words: str) -> None:
    assert words in refused(change)


def test_two_scenarios_of_one_key_are_refused() -> None:
    table = {"key": "s", "title_vi": "a", "title_en": "a"}
    with pytest.raises(InputError, match="have the key s"):
        scenarios_of({"scenario": [table, table]}, "scenarios.toml")


def test_the_example_of_an_giang_is_read() -> None:
    found = read_scenarios(Path(__file__).parents[3] / "docs" / "examples" / "coverage-an-giang.toml")
    assert [one.key for one in found] == ["three-desks", "free-pickup", "online-50"]


def test_targets_count_the_year_s_dossiers_of_each_agency() -> None:
    tried = LAB.attempt(LAB.as_it_is)
    shares = agency_shares(LAB, tried, {"MC-1": 0.05, "*": 0.9})
    assert {one.agency_id for one in shares} == {"MC-1", "MC-2"}
    assert all(one.met == (one.agency_id == "MC-1") for one in shares)
    assert sum(one.dossiers for one in shares) == sum(papers.day.size for papers in LAB.demand.dossiers)
    assert sum(one.by_post for one in shares) == tried.year.dossiers


@pytest.mark.slow
def test_a_scenario_is_routed_beside_the_situation_with_bands_over_other_demands() -> None:
    base = LAB.attempt(LAB.as_it_is)
    asked = [
        replace(scenario({"kind": "online", "share": 0.5}), key="online"),
        replace(scenario({"kind": "free_pickup"}, {"kind": "fewer_couriers", "base": "BC"}), key="both"),
    ]
    online, both = price_scenarios(LAB, base, asked, known(), 3, lambda _words, _done, _total: None)
    assert online.before == both.before == base.year
    assert online.after.dossiers < 0.6 * base.year.dossiers
    assert online.after.results == base.year.results
    assert online.access == {}
    assert both.access.keys() == {"D-3", "D-4"}
    assert both.after.dossiers > base.year.dossiers
    assert [len(one.changes) for one in (online, both)] == [1, 2]
    for one in (online, both):
        band = one.bands["total_dong"]
        assert band.low <= band.median <= band.high
        assert band.low < band.high
    change = online.change_bands["dossiers"]
    assert change.low < change.high < 0
    assert online.change_bands["results"] == Band(low=0, median=0, high=0)


def test_the_band_of_a_change_is_that_of_the_differences_demand_by_demand() -> None:
    year = LAB.attempt(LAB.as_it_is).year
    before, after = ([_driven(year, km) for km in kms] for kms in ((10.0, 20.0, 30.0), (9.0, 18.0, 27.0)))
    assert change_bands(before, after)["km"] == Band(low=-2.9, median=-2, high=-1.1)
    assert bands(after)["km"] == Band(low=9.9, median=18, high=26.1)
    assert change_bands([], []) == {}


def _driven(year: YearFigures, km: float) -> YearFigures:
    return year.model_copy(update={"km": km})


@pytest.mark.slow
def test_a_scenario_that_changes_nothing_changes_nothing_under_any_demand() -> None:
    nothing = scenario({"kind": "online", "share": LAB.assumptions.online_share})
    [found] = price_scenarios(LAB, LAB.unchanged(), [nothing], known(), 2, lambda _words, _done, _total: None)
    assert set(found.change_bands.values()) == {Band(low=0, median=0, high=0)}
