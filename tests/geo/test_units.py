"""Communes: how many, which, found by name, and the way from the old to the new ones."""

import csv
import sys
from datetime import date
from pathlib import Path

import pytest

from geo.errors import UnknownCommuneError
from geo.units import convert, fold, load_communes, successors

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_two_tiers_replace_three_on_the_first_of_july_2025() -> None:
    assert len(load_communes(BEFORE)) == 10_035
    assert len(load_communes(AFTER)) == 3_321
    assert len({commune.province_code for commune in load_communes(BEFORE)}) == 63
    assert len({commune.province_code for commune in load_communes(AFTER)}) == 34


def test_communes_of_an_giang_before_and_after() -> None:
    old, new = load_communes(BEFORE, "89"), load_communes(AFTER, "91")
    assert (len(old), len(new)) == (155, 102)
    assert all(commune.district for commune in old)
    assert not any(commune.district for commune in new)
    assert len({code for commune in old for code in successors(commune.code)}) == 54


def test_a_commune_says_what_it_is() -> None:
    commune = load_communes(AFTER).by_code["30352"]
    assert (commune.name, commune.kind, commune.short_name) == ("Xã Phú Hữu", "xã", "Phú Hữu")
    assert commune.area_km2 == pytest.approx(60.54)
    assert 104.5 < commune.lon < 105.6
    assert 10 < commune.lat < 11


def test_the_package_is_not_imported() -> None:
    load_communes(AFTER)
    assert "vietnamadminunits" not in sys.modules


@pytest.mark.parametrize("text", ["Châu Đốc", "chau doc", "CHAU DOC", "phường châu đốc", "30316", "chau doc an giang"])
def test_search_needs_no_diacritics(text: str) -> None:
    assert load_communes(AFTER).search(text)[0].code == "30316"


def test_search_puts_the_whole_name_before_a_part_of_it() -> None:
    names = [commune.short_name for commune in load_communes(AFTER, "91").search("phu")]
    assert names == sorted(names, key=lambda name: not fold(name).startswith("phu"))
    assert load_communes(AFTER, "91").search("phú tân")[0].name == "Xã Phú Tân"
    assert load_communes(AFTER).search("") == ()


def test_fold_knows_the_letter_d_and_both_ways_to_place_a_tone() -> None:
    assert fold("Đặc khu  Phú Quốc") == "dac khu phu quoc"
    assert fold("Hoà") == fold("Hòa") == "hoa"


def test_an_undivided_commune_goes_into_one() -> None:
    assert successors("30427") == ("30409",)  # Phú Thạnh -> Chợ Vàm
    assert convert("30427", AFTER) == "30409"
    assert convert("30427", BEFORE) == "30427"


def test_a_divided_commune_is_decided_by_the_point() -> None:
    divided = "30358"
    parts = [load_communes(AFTER).by_code[code] for code in successors(divided)]
    assert len(parts) == 3
    assert load_communes(BEFORE).by_code[divided].name == "Xã Phước Hưng"
    for part in parts:
        assert convert(divided, AFTER, (part.lon, part.lat)) == part.code
    assert convert(divided, AFTER) == parts[0].code == "30346"


@pytest.mark.slow
def test_every_old_commune_has_a_successor_and_keeps_it_when_the_code_lives_on() -> None:
    new = load_communes(AFTER).by_code
    for commune in load_communes(BEFORE):
        assert set(successors(commune.code)) <= set(new)
        if commune.code in new:
            assert commune.code in successors(commune.code)


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(UnknownCommuneError, match="99999"):
        convert("99999", AFTER)
    island = next(c.code for c in load_communes(AFTER) if c.name == "Đặc khu Côn Đảo")
    with pytest.raises(UnknownCommuneError, match="on 2025-06-30"):
        convert(island, BEFORE)


def test_communes_that_share_a_point_are_marked() -> None:
    shared = {commune.name for commune in load_communes(BEFORE, "89") if commune.shared_point}
    assert shared == {"Xã Phú Thạnh", "Xã Phú Thành"}


@pytest.mark.real_data
def test_conversion_agrees_with_the_official_lists_of_predecessors(test_data: Path) -> None:
    with (test_data / "data" / "communes_old_3tier.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["new_code_confirmed_by_predecessor_list"] == "True"]
    assert len(rows) > 1000
    old = load_communes(BEFORE).by_code
    wrong = [row["old_code"] for row in rows if row["new_code"] not in successors(row["old_code"])]
    # The list was made from points: it is wrong where two communes share one.
    assert [code for code in wrong if not old[code].shared_point] == []
    assert len(wrong) <= 2
