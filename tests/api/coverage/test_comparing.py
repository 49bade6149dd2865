"""Two studies side by side: what differs, in words; no key of the program among them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from api.cli import app
from api.coverage.comparing import compare_studies, differing_inputs
from api.coverage.document import Means, RemedyKind
from api.coverage.vocabulary import INPUTS, listed_inputs
from tests.api.coverage.studies import made_study

RAW = re.compile(r"\b(" + "|".join([*(kind.value for kind in RemedyKind if "_" in kind), *Means, "k ="]) + r")\b")


def test_remedies_and_frontiers_are_told_in_words() -> None:
    one = made_study()
    two = one.model_copy(
        update={
            "remedies": tuple(price.model_copy(update={"added_km": price.added_km + 1}) for price in one.remedies),
            "frontiers": (one.frontiers[0].model_copy(update={"steps": one.frontiers[0].steps[:2]}),),
        }
    )
    names = {row.key: row.name for row in compare_studies(one, two)}
    place = {place.place_id: place.name for place in one.places}["DC-00"]
    assert names["remedy.DC-00.new_point.added_km"].vi == f"{place}, điểm mới: thêm km/năm"
    assert names["remedy.DC-00.home_pickup.added_km"].vi == f"{place}, thu gom tại nhà: thêm km/năm"
    assert names["remedy.DC-00.home_pickup.added_km"].en == f"{place}, pickup at home: km a year more"
    assert names["frontier.motorbike.3"].vi == "Mở 3 điểm, xe máy: dân trong 30 phút"
    assert names["frontier.motorbike.3"].en == "3 new points, by motorbike: people within 30 min"
    assert not [name.vi for name in names.values() if RAW.search(name.vi)]
    assert "walk" not in " ".join(name.en for name in names.values())


def test_what_differs_is_said_in_words_and_kept_as_keys_for_programs(tmp_path: Path) -> None:
    one = made_study()
    network = one.network.model_copy(
        update={"sha256": "c" * 64, "roads": one.network.roads.model_copy(update={"sha256": "d" * 64})}
    )
    two = one.model_copy(update={"network": network, "seed": 8})
    assert differing_inputs(one, two) == ("network", "roads", "seed")
    assert set(differing_inputs(one, two)) <= INPUTS.keys()
    for name, study in (("one", one), ("two", two)):
        (tmp_path / f"{name}.json").write_text(study.model_dump_json(by_alias=True), encoding="utf-8")
    files = [str(tmp_path / "one.json"), str(tmp_path / "two.json")]
    result = CliRunner().invoke(app, ["coverage", "compare", *files, "--lang", "vi"])
    assert "Hai nghiên cứu khác nhau về: mạng lưới, mạng đường, số khởi tạo ngẫu nhiên." in result.output
    told = CliRunner().invoke(app, ["coverage", "compare", *files, "--lang", "en", "--json"])
    assert "The two studies differ in: network, roads, seed." in told.output
    assert json.loads(told.stdout.splitlines()[-1])["differing_inputs"] == ["network", "roads", "seed"]


def test_assumptions_told_in_other_words_are_the_same() -> None:
    one = made_study()
    renamed = [each.model_copy(update={"source": each.meaning}) for each in one.assumptions]
    assert differing_inputs(one, one.model_copy(update={"assumptions": tuple(renamed)})) == ()
    other = [renamed[0].model_copy(update={"value": 3.0}), *renamed[1:]]
    assert differing_inputs(one, one.model_copy(update={"assumptions": tuple(other)})) == ("assumptions",)


def test_inputs_of_another_version_stand_as_they_are() -> None:
    assert listed_inputs(["seed", "flux"]).vi == "số khởi tạo ngẫu nhiên, flux"
