"""Scenarios: what each change does to a province, and what makes no sense."""

from __future__ import annotations

from dataclasses import replace
from math import pi, sqrt
from pathlib import Path
from typing import Any

import pytest

from api.coverage.assumptions import Assumptions
from api.coverage.carlo import bands, change_bands
from api.coverage.changes import Found, Known
from api.coverage.describing import tell_points
from api.coverage.document import Band, Choice, Frontier, Means, RemedyKind, YearFigures
from api.coverage.floors import check_floors
from api.coverage.frontiers import make_frontier
from api.coverage.outcomes import price_scenarios
from api.coverage.proposal import Proposal
from api.coverage.scenarios import Scenario, require_possible
from api.coverage.scenarios_file import read_scenarios, scenarios_of
from api.coverage.situation import settle
from api.coverage.targets import agency_shares
from api.demo.provinces import DEFAULT_DAY, write_province
from api.errors import InputError
from api.network.reader import read_network
from geo.units import load_communes
from tests.api.coverage.line_province import line_lab

LAB = line_lab(iterations=3)


def known(frontier: Frontier | None = None) -> Known:
    def within(dong: int) -> tuple[Choice, ...]:
        return (Choice(place_id="D-3", kind=RemedyKind.HOME_PICKUP),) if dong >= 50 else ()

    found = frontier or make_frontier(LAB, Means.WALK, 30)
    return Known(LAB.situation, LAB.assumptions, Found(found, within, {"D-3": 4}))


def scenario(*changes: dict[str, Any], **more: Any) -> Scenario:
    table = {"key": "s", "title_vi": "Thử", "title_en": "Trial", "change": list(changes), **more}
    return scenarios_of({"scenario": [table]}, "scenarios.toml")[0]


def proposed(*changes: dict[str, Any]) -> Proposal:
    return scenario(*changes).proposal(LAB.as_it_is, known())


def refused(*changes: dict[str, Any]) -> str:
    """Why, as it is said before anything is computed."""
    with pytest.raises(InputError) as error:
        require_possible([scenario(*changes)], LAB.situation, LAB.assumptions)
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


def test_a_budget_buys_what_reaches_most_people_for_it() -> None:
    assert proposed({"kind": "spend", "dong": 49}).free_pickup == frozenset()
    assert proposed({"kind": "spend", "dong": 50}).free_pickup == {"D-3"}


def test_a_desk_moves_into_a_post_and_one_stop_desks_get_its_address() -> None:
    network = proposed({"kind": "move_desks", "desks": ["MC-2"], "to": ["BC"]}).network
    sites = {site.site_id: site for site in network.sites}
    assert (sites["MC-2"].lon, sites["MC-2"].lat, sites["MC-2"].commune_code) == (
        sites["BC"].lon, sites["BC"].lat, "30307",
    )  # fmt: skip


def test_couriers_fuel_and_areas() -> None:
    assert [c.courier_id for c in proposed({"kind": "fewer_couriers", "base": "BC"}).network.couriers] == ["C-1"]
    dearer = proposed({"kind": "fuel_price", "factor": 1.2}).network.couriers
    assert [courier.dong_per_km for courier in dearer] == [1650, 1650]  # half of 1,500 is fuel
    merged = proposed({"kind": "merge", "communes": ["30292"], "base": "BC"}).network
    assert {area.commune_code: area.base_id for area in merged.areas} == {"30307": "BC", "30292": "BC"}


def test_merged_communes_share_people_and_points_on_the_floors() -> None:
    def floors(proposal: Proposal) -> dict[str, Any]:
        points = tell_points(LAB.situation, proposal, LAB.serve(proposal))
        return {one.key.value: one for one in check_floors(LAB.situation, proposal, points, LAB.assumptions)}

    two = floors(LAB.as_it_is)
    one = floors(proposed({"kind": "merge", "communes": ["30292", "30307"], "base": "BC"}))
    assert (two["point-in-commune"].checked, one["point-in-commune"].checked) == (2, 1)
    communes = load_communes(LAB.situation.day).by_code
    area = sum(communes[code].area_km2 or 0 for code in ("30292", "30307"))
    assert one["mean-radius"].measured == pytest.approx(sqrt(area / 2 / pi), abs=0.01)  # two posts in all


def test_a_province_sets_its_own_floors() -> None:
    own = replace(
        LAB.assumptions, floor_points=3, floor_radius_km=2.5, floor_people=7000, floor_hours=5, floor_centre_hours=9,
        floor_visits=2,
    )  # fmt: skip
    points = tell_points(LAB.situation, LAB.as_it_is, LAB.serve(LAB.as_it_is))
    found = {one.key.value: one for one in check_floors(LAB.situation, LAB.as_it_is, points, own)}
    asked = {"point-in-commune": 3, "mean-radius": 2.5, "people-per-point": 7000, "hours-open": 5, "visits": 10}
    assert {key: one.limit for key, one in found.items()} == asked  # no provincial centre, no special area
    assert not found["point-in-commune"].met
    special = check_floors(LAB.situation, LAB.as_it_is, points, replace(own, special_area=True, floor_special_visits=3))
    assert special[-1].limit == 3


def test_communes_are_merged_once() -> None:
    merge = {"kind": "merge", "communes": ["30292", "30307"], "base": "BC"}
    assert "has been merged already" in refused(merge, merge)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "build", "k": 0}, "a budget of 0"),
        ({"kind": "build", "k": 3}, "more than the 2 places"),
        ({"kind": "spend", "dong": 0}, "above 0"),
        ({"kind": "move_desks", "desks": ["QP-X"], "to": ["BC"]}, "no site QP-X"),
        ({"kind": "move_desks", "desks": ["MC-1"], "to": ["BC", "VH"]}, "same length"),
        ({"kind": "move_desks", "desks": ["BC"], "to": ["VH"]}, "BC is the post of a place"),
        ({"kind": "move_desks", "desks": ["VH"], "to": ["BC"]}, "VH is the post of a place"),
        ({"kind": "move_desks", "desks": ["MC-1"], "to": ["MC-1"]}, "MC-1 moves away itself"),
        ({"kind": "free_pickup", "places": ["D-9"]}, "no settlement D-9"),
        ({"kind": "merge", "communes": ["30316"], "base": "BC"}, "no base serves commune 30316"),
        ({"kind": "merge", "communes": ["30292"], "base": "VH"}, "VH is no base"),
        ({"kind": "fewer_couriers", "base": "BC", "count": 2}, "2 couriers, 2 cannot"),
        (
            {"kind": "remedies", "remedies": [{"place": "D-3", "kind": "new_point"}] * 2},
            "two remedies for one place D-3",
        ),
        ({"kind": "remedies", "remedies": [{"place": "D-3", "kind": "weekly_visit", "weekday": "Xx"}]}, "a weekday"),
        (
            {"kind": "remedies", "remedies": [{"place": "D-3", "kind": "weekly_visit", "weekday": "Su"}]},
            "works on a Sunday",
        ),
        ({"kind": "merge", "communes": ["30292", "30292"], "base": "BC"}, "named twice"),
        ({"kind": "online", "share": 1.5}, "a number from 0 to 1"),
        ({"kind": "online", "shares": 0.5}, "is missing"),
        ({"kind": "beam"}, "there is no kind “beam”"),
    ],
)
def test_what_makes_no_sense_is_said(change: dict[str, Any], words: str) -> None:
    assert words in refused(change)


NEW_POINT = {"kind": "remedies", "remedies": [{"place": "D-3", "kind": "new_point"}]}
FREE_HERE = {"kind": "free_pickup", "places": ["D-3"]}
FREE_ELSEWHERE = {"kind": "free_pickup"}
BUILD, SPEND = {"kind": "build", "k": 1}, {"kind": "spend", "dong": 50}


@pytest.mark.parametrize(
    ("first", "then", "words"),
    [
        (NEW_POINT, NEW_POINT, "two remedies for one place D-3"),
        (NEW_POINT, FREE_HERE, "two remedies for one place D-3"),
        (FREE_HERE, NEW_POINT, "two remedies for one place D-3"),
        (FREE_HERE, FREE_HERE, "two remedies for one place D-3"),
        (FREE_ELSEWHERE, NEW_POINT, "two remedies for one place D-3"),
        (NEW_POINT, BUILD, "choose the places themselves"),
        (BUILD, NEW_POINT, "choose the places themselves"),
        (BUILD, BUILD, "choose the places themselves"),
        (BUILD, SPEND, "choose the places themselves"),
        (SPEND, FREE_HERE, "choose the places themselves"),
        (FREE_ELSEWHERE, BUILD, "choose the places themselves"),
    ],
)
def test_one_place_has_one_remedy_in_a_scenario(first: dict[str, Any], then: dict[str, Any], words: str) -> None:
    assert words in refused(first, then)


def test_where_no_courier_can_come_nothing_is_done() -> None:
    def tried(*changes: dict[str, Any]) -> None:
        require_possible([scenario(*changes)], LAB.situation, LAB.assumptions, frozenset({"D-4"}))

    tried({"kind": "build", "k": 1})
    for change, words in (
        ({"kind": "build", "k": 2}, "more than the 1 places"),
        ({"kind": "free_pickup", "places": ["D-4"]}, "no courier can come to D-4"),
        ({"kind": "remedies", "remedies": [{"place": "D-4", "kind": "new_point"}]}, "no courier can come to D-4"),
    ):
        with pytest.raises(InputError, match=words):
            tried(change)
    lost = replace(known(), out_of_reach=frozenset({"D-4"}))
    assert scenario(FREE_ELSEWHERE).proposal(LAB.as_it_is, lost).free_pickup == {"D-3"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((), "no change and no target"),
        (({"kind": "online", "share": 0.5}, {"kind": "online", "share": 0.2}), "online stands there once"),
        (({"kind": "fuel_price", "factor": 1.2},) * 2, "fuel_price stands there once"),
    ],
)
def test_a_scenario_changes_something_and_nothing_twice(changes: tuple[dict[str, Any], ...], words: str) -> None:
    assert words in refused(*changes)


def test_free_pickup_goes_where_nothing_else_is_done() -> None:
    assert proposed(NEW_POINT, FREE_ELSEWHERE).free_pickup == {"D-4"}
    assert proposed(BUILD, FREE_ELSEWHERE).free_pickup == {"D-4"}
    both = proposed({"kind": "build", "k": 2}, FREE_ELSEWHERE)
    assert both.free_pickup == frozenset()
    assert "at 0 places" in both.changes[-1].en


def test_all_that_makes_no_sense_is_said_at_once_with_the_scenario_s_name() -> None:
    asked = [replace(scenario(change), key=key) for key, change in (("a", {"kind": "build", "k": 9}), ("b", SPEND))]
    asked.append(scenario({"kind": "online", "share": 0.5}, targets={"MC-9": 0.5}))
    with pytest.raises(InputError) as error:
        require_possible(asked, LAB.situation, LAB.assumptions)
    assert [row.message_en for row in error.value.rows] == [
        "a: k = 9 is more than the 2 places without a post that couriers can come to",
        "s: there is no agency MC-9",
    ]


def test_more_points_than_reach_anybody_go_where_most_people_live() -> None:
    found = make_frontier(LAB, Means.WALK, 30)
    short = found.model_copy(update={"steps": tuple(step.model_copy(update={"exact": ()}) for step in found.steps)})
    asked = scenario({"kind": "build", "k": 1})
    built = asked.proposal(LAB.as_it_is, known(short))
    assert built.treated == {"D-3"}  # 9,000 people, D-4 has 6,000


def test_two_scenarios_of_one_key_are_refused() -> None:
    table = {"key": "s", "title_vi": "a", "title_en": "a"}
    with pytest.raises(InputError, match="have the key s"):
        scenarios_of({"scenario": [table, table]}, "scenarios.toml")


@pytest.mark.slow
def test_the_examples_of_an_giang_have_every_kind_and_make_sense(tmp_path: Path) -> None:
    network = read_network(write_province("an-giang", tmp_path)[0])
    folder = Path(__file__).parents[3] / "docs" / "examples"
    asked = [one for name in ("an-giang", "series") for one in read_scenarios(folder / f"coverage-{name}.toml")]
    assert {type(change).__name__ for one in asked for change in one.changes} == {
        "Build", "Spend", "ApplyRemedies", "MoveDesks", "Online", "FreePickup", "Merge", "FewerCouriers", "FuelPrice",
    }  # fmt: skip
    require_possible(asked, settle(network, DEFAULT_DAY), Assumptions())


def test_targets_count_the_year_s_dossiers_of_each_agency() -> None:
    tried = LAB.attempt(LAB.as_it_is)
    shares = agency_shares(LAB, tried, {"MC-1": 0.05, "*": 0.9})
    assert {one.agency_id for one in shares} == {"MC-1", "MC-2"}
    assert all(one.met == (one.agency_id == "MC-1") for one in shares)
    assert sum(one.dossiers for one in shares) == sum(papers.day.size for papers in LAB.demand.dossiers)
    assert sum(one.by_post for one in shares) == tried.year.dossiers


def test_a_quarter_has_a_target_of_its_own() -> None:
    asked = {"MC-1/2026-Q4": 0.9, "MC-1": 0.05, "*/2027-Q1": 0.2}
    shares = agency_shares(LAB, LAB.attempt(LAB.as_it_is), asked)
    targets = {(one.agency_id, one.quarter): one.target for one in shares}
    assert targets["MC-1", "2026-Q4"] == 0.9
    assert targets["MC-1", "2027-Q1"] == 0.05
    assert {key: target for key, target in targets.items() if key[0] == "MC-2"} == {("MC-2", "2027-Q1"): 0.2}


@pytest.mark.parametrize("key", ["MC-1/2029-Q1", "MC-1/", "MC-1/2027"])
def test_a_target_of_a_quarter_beyond_the_year_is_refused(key: str) -> None:
    with pytest.raises(InputError, match="the year has the quarters 2026-Q3, 2026-Q4"):
        require_possible([scenario(targets={key: 0.5})], LAB.situation, LAB.assumptions)


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


def test_bands_lie_around_the_study_s_own_figures_demand_by_demand() -> None:
    year = LAB.attempt(LAB.as_it_is).year
    before, after = ([_driven(year, km) for km in kms] for kms in ((10.0, 20.0, 30.0), (9.0, 18.0, 27.0)))
    found, brief = (_driven(year, 19.0), _driven(year, 16.5)), (_driven(year, 20.0), _driven(year, 18.0))
    assert change_bands(found, brief, list(zip(before, after, strict=True)))["km"] == Band(
        low=-3.5, median=-2.5, high=-1.5
    )
    assert bands(found[1], brief[1], after)["km"] == Band(low=7.5, median=16.5, high=25.5)
    assert change_bands(found, found, [(before[1], after[0])])["km"] == Band(low=-11, median=-6.75, high=-2.5)
    assert change_bands(found, brief, []) == bands(year, year, []) == {}


def test_twenty_demands_have_percentiles_and_fewer_of_them_their_ends() -> None:
    year = _driven(LAB.attempt(LAB.as_it_is).year, 0.0)
    drawn = [_driven(year, float(km)) for km in range(20)]
    assert bands(year, year, drawn)["km"] == Band(low=0, median=9, high=18)
    assert bands(year, year, drawn[1:])["km"] == Band(low=0, median=9.5, high=19)


def _driven(year: YearFigures, km: float) -> YearFigures:
    return year.model_copy(update={"km": km})


@pytest.mark.slow
def test_a_scenario_that_changes_nothing_changes_nothing_under_any_demand() -> None:
    nothing = scenario({"kind": "online", "share": LAB.assumptions.online_share})
    [found] = price_scenarios(LAB, LAB.unchanged(), [nothing], known(), 2, lambda _words, _done, _total: None)
    assert set(found.change_bands.values()) == {Band(low=0, median=0, high=0)}
