"""Who lives without a post: computed from the sites in force; what a study cannot begin with is said."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.coverage.document import Means
from api.coverage.situation import read_situation
from api.demo.provinces import DEFAULT_DAY, write_province
from api.errors import InputError
from api.network.model import SiteKind
from api.network.reader import read_network
from api.plans.roads import load_roads
from geo.coordinates import haversine
from tests.api.coverage.line_province import DAY, TABLES, line_network, line_situation, write_line


def test_places_without_a_post_are_those_to_which_no_post_is_nearest() -> None:
    assert line_situation().without_post == ("D-3", "D-4")


def test_a_culture_post_more_is_a_place_less() -> None:
    network, roads = line_network()
    there = network.settlements[2]
    post = replace(network.sites[1], site_id="VH-3", lon=there.lon, lat=there.lat)
    more = replace(network, rows=replace(network.rows, sites=(*network.sites, post)))
    assert read_situation(more, roads, DAY).without_post == ("D-4",)


def test_a_borrowed_desk_serves_but_is_no_post() -> None:
    network, roads = line_network()
    there = network.settlements[2]
    desk = replace(network.sites[1], site_id="Q", kind=SiteKind.BORROWED_DESK, lon=there.lon, lat=there.lat)
    more = read_situation(replace(network, rows=replace(network.rows, sites=(*network.sites, desk))), roads, DAY)
    assert more.without_post == ("D-3", "D-4")
    assert more.ways.to(Means.WALK, [(desk.lon, desk.lat)])[2, 0] == 0


@pytest.mark.slow
def test_an_giang_has_24_places_without_a_post_and_23_with_one_row_more(tmp_path: Path) -> None:
    folder, _ = write_province("an-giang", tmp_path)
    network = read_network(folder)
    roads = load_roads(network, DEFAULT_DAY, settlements=True)
    found = read_situation(network, roads, DEFAULT_DAY)
    in_force = network.on(DEFAULT_DAY)
    posts = [s for s in in_force.sites if s.kind in (SiteKind.POST_OFFICE, SiteKind.CULTURE_POST)]
    places = in_force.settlements
    away = haversine(
        np.array([[p.lon] for p in places]), np.array([[p.lat] for p in places]),
        np.array([s.lon for s in posts]), np.array([s.lat for s in posts]),
    )  # fmt: skip
    served = {places[row].settlement_id for row in away.argmin(axis=0).tolist()}
    assert set(found.without_post) == {p.settlement_id for p in places} - served
    assert len(found.without_post) == 24
    place = next(p for p in places if p.settlement_id == found.without_post[7])
    with (folder / "sites.csv").open(encoding="utf-8") as file:
        columns = csv.DictReader(file).fieldnames
    assert columns is not None
    row = {
        "site_id": "VH-MOI", "name": "Bưu điện văn hóa mới", "kind": "culture_post",
        "commune_code": place.commune_code, "lon": place.lon, "lat": place.lat,
    }  # fmt: skip
    with (folder / "sites.csv").open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="").writerow(row)
    assert len(read_situation(read_network(folder), roads, DEFAULT_DAY).without_post) == 23


NOBODY = "settlement_id,name,commune_code,lon,lat,people\nD-1,Ấp Một,30307,105.43,10.38,0\n"


@pytest.mark.parametrize(
    ("table", "text", "code"),
    [
        ("settlements", "", "no_settlements"),
        (
            "settlements",
            NOBODY,
            "nobody_lives",
        ),
    ],
)
def test_a_province_without_people_is_refused(tmp_path: Path, table: str, text: str, code: str) -> None:
    network = read_network(write_line(tmp_path / "network", **{table: text}))
    with pytest.raises(InputError) as refused:
        read_situation(network, line_network()[1], DAY)
    assert [row.code for row in refused.value.rows] == [code]


def test_an_island_without_a_ferry_is_a_warning_and_no_way(tmp_path: Path) -> None:
    island = TABLES["settlements"] + "D-9,Cù lao Chín,30292,105.43,10.60,500\n"
    network = read_network(write_line(tmp_path / "network", settlements=island))
    situation = read_situation(network, line_network()[1], DAY)  # the roads do not reach it
    told = [warning for warning in situation.warnings if "D-9" in warning.vi]
    assert len(told) == 2
    assert "cù lao" in told[0].vi
    assert "island" in told[0].en


def test_a_network_of_another_day_is_asked_for_that_day() -> None:
    network, roads = line_network()
    post = replace(network.sites[1], site_id="VH-3", lon=network.settlements[2].lon, valid_from=date(2027, 1, 1))
    more = replace(network, rows=replace(network.rows, sites=(*network.sites, post)))
    assert read_situation(more, roads, DAY).without_post == ("D-3", "D-4")
    assert read_situation(more, roads, date(2027, 1, 4)).without_post == ("D-4",)
