"""Files of a study, opened by what others would open them with: each says what the study says."""

from __future__ import annotations

import json
import unicodedata
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader
from shapely import MultiPolygon, Polygon

from api.coverage.document import CoverageStudy, Means
from api.coverage.exports.blocks import Bullets
from api.coverage.exports.docx import report_docx
from api.coverage.exports.layers import study_geojson, study_geopackage
from api.coverage.exports.maps import situation
from api.coverage.exports.pdf import report_pdf
from api.coverage.exports.report import study_report
from api.coverage.exports.sections.choosing import efficient_sight
from api.coverage.exports.sections.situation import what_costs
from api.coverage.exports.wording import Wording
from api.coverage.exports.workbook import study_workbook
from api.coverage.reach import Land, LandOf
from api.errors import Language
from api.plans.schemas import Words
from tests.api.coverage.studies import ISLAND, KINDS, PEOPLE, PRICES, WITHOUT, made_study, people_within

SYNTHETIC = {"vi": "MẠNG ĐƯỜNG TỔNG HỢP", "en": "SYNTHETIC ROADS"}
UNDER_MAPS = {"vi": "Mạng đường tổng hợp, không phải đường thật", "en": "Synthetic roads, not real ones"}
MAPS = 3
"""Of the made-up study: today, after the efficient choice, after free pickup at home."""


def test_a_geopackage_has_a_layer_a_table(tmp_path: Path) -> None:
    file = tmp_path / "study.gpkg"
    area = Polygon([(105.0, 10.3), (105.1, 10.3), (105.1, 10.4)])
    land = Land(LandOf.TODAY, None, "An Giang", Means.WALK, 30, MultiPolygon([area]))
    none = Land(LandOf.PLACE, "DC-00", "Núi Tô", Means.WALK, 30, MultiPolygon())
    file.write_bytes(study_geopackage(made_study(), "vi", [land, none]))
    named = {name for name, _ in pyogrio.list_layers(file)}
    assert {"settlements", "points", "remedies", "reach", "scenarios", "frontier", "assumptions"} <= named
    places = gpd.read_file(file, layer="settlements").set_index("place_id")
    assert places.crs.to_epsg() == 4326
    assert places["people"].sum() == sum(PEOPLE)
    assert set(places.index[places["without_post"]]) == set(WITHOUT)
    remedies = gpd.read_file(file, layer="remedies")
    assert len(remedies) == len(WITHOUT) * len(KINDS)
    assert remedies[remedies["place_id"] == "DC-00"].set_index("kind")["added_dong"].to_dict() == dict(
        zip(KINDS, PRICES, strict=True)
    )
    (reach,) = gpd.read_file(file, layer="reach").itertuples()
    assert reach.geometry.equals(area)
    assert (reach.of, reach.means, reach.minutes, reach.synthetic_roads) == ("today", "walk", 30, True)
    assert reach.km2 == pytest.approx(0.5 * 10.95 * 11.06, rel=0.02)
    drawn = json.loads(study_geojson(made_study(), [land, none]))["features"]
    assert [one["geometry"]["type"] for one in drawn if one["properties"]["layer"] == "reach"] == ["MultiPolygon"]


def test_the_map_after_an_efficient_choice_brings_neighbours_nearer_too() -> None:
    study = made_study()
    step = study.efficient[1]
    assert [one.place_id for one in step.choices] == [WITHOUT[0]]
    before, after = situation(study).seconds, efficient_sight(study, step).seconds
    assert before["DC-01"] is None or before["DC-01"] > 240
    assert after == {**before, WITHOUT[0]: 180, "DC-01": 240}


@pytest.mark.slow
@pytest.mark.parametrize("warned", range(6, 40, 3))
def test_signatures_never_stand_alone_on_a_page(warned: int) -> None:
    """However long what stands before them is."""
    told = [Words(vi=f"Lưu ý số {number}", en=f"Note {number}") for number in range(warned)]
    report = study_report(made_study(warnings=told), "vi")
    pages = [page.extract_text() for page in PdfReader(BytesIO(report_pdf(report))).pages]
    (signed,) = [text for text in pages if "Giám đốc" in text]
    assert f"Lưu ý số {warned - 1}" in signed
    body = list(Document(BytesIO(report_docx(report))).element.body)
    last = next(one for one in body if "".join(one.itertext()).endswith(f"Lưu ý số {warned - 1}"))
    place = last.getnext()
    assert "ngày" in "".join(place.itertext())
    assert all(one.find(f".//{qn('w:keepNext')}") is not None for one in (last, place))


def test_a_geojson_has_places_with_their_remedies_and_posts() -> None:
    drawn = json.loads(study_geojson(made_study()))
    assert drawn["about"]["synthetic_roads"] is True
    by_layer: dict[str, list[dict[str, object]]] = {}
    for one in drawn["features"]:
        by_layer.setdefault(one["properties"]["layer"], []).append(one["properties"])
    assert len(by_layer["settlement"]) == len(PEOPLE)
    assert len(by_layer["point"]) == len(PEOPLE) - len(WITHOUT)
    island = next(one for one in by_layer["settlement"] if one["id"] == ISLAND)
    assert island["motorbike_minutes"] is None


def test_a_workbook_has_typed_cells_and_titles_in_both_languages() -> None:
    book = openpyxl.load_workbook(BytesIO(study_workbook(made_study(), "vi")))
    assert book.sheetnames == [
        "Tổng quan", "Tiêu chuẩn", "Không đạt", "Nơi ở", "Cách khắc phục", "Số điểm mở thêm", "Tiền và người",
        "Kịch bản", "Giả định",
    ]  # fmt: skip
    remedies = book["Cách khắc phục"]
    titles = [cell.value for cell in remedies[1]]
    column = titles.index("Thêm (đ/năm)")
    assert remedies[2][column].value == "Added (đ/year)"
    added = [row[column] for row in remedies.iter_rows(min_row=3, values_only=True)]
    assert added[: len(KINDS)] == list(PRICES)
    cheapest = titles.index("Rẻ nhất ở đó")
    marked = [row[2] for row in remedies.iter_rows(min_row=3, values_only=True) if row[cheapest] is True]
    assert marked == ["Lưu động mỗi tuần"] * 3 + ["Điểm mới"], "on the island only a new point can be had"
    frontier = book["Số điểm mở thêm"]
    assert [row[3] for row in frontier.iter_rows(min_row=3, values_only=True)] == [
        people_within(30, k) for k in range(5)
    ]
    places = book["Nơi ở"]
    minutes = [row[11] for row in places.iter_rows(min_row=3, values_only=True)]
    assert minutes[0] == 35.0
    assert minutes[-1] is None


@pytest.mark.slow
@pytest.mark.parametrize("language", ["vi", "en"])
def test_pdf_and_docx_say_the_same(language: Language) -> None:
    study = made_study()
    report, w = study_report(study, language), Wording(language)
    printed = _printed(report_pdf(report))
    document = Document(BytesIO(report_docx(report)))
    written = _written(document)
    for figure in _figures(study, w):
        assert _dense(figure) in printed, figure
        assert _dense(figure) in written, figure
    assert printed.count(_dense(UNDER_MAPS[language])) == written.count(_dense(UNDER_MAPS[language])) == MAPS


@pytest.mark.parametrize(("permille", "is_doubted"), [(4, True), (-4, True), (6, False), (-6, False)])
def test_a_change_that_may_be_chance_is_said_to_be(permille: int, is_doubted: bool) -> None:
    first, *others = made_study().scenarios
    before = first.before
    after = before.model_copy(update={"dong": before.dong + before.total_dong * permille // 1000})
    study = made_study(scenarios=(first.model_copy(update={"after": after}), *others))
    answers = next(block for block in study_report(study, "vi").blocks if isinstance(block, Bullets)).items
    (said,) = [one for one in answers if one.startswith(first.title.vi)]
    assert ("có thể chỉ là ngẫu nhiên" in said) == is_doubted


@pytest.mark.slow
def test_the_first_page_says_that_roads_are_made_up_and_the_last_ones_are_signed() -> None:
    pages = PdfReader(BytesIO(report_pdf(study_report(made_study(), "vi")))).pages
    assert SYNTHETIC["vi"] in unicodedata.normalize("NFC", pages[0].extract_text())
    whole = _printed(report_pdf(study_report(made_study(), "vi")))
    for name in ("Người lập", "Trưởng phòng kế hoạch", "Giám đốc", "ngày …… tháng …… năm"):
        assert _dense(name) in whole


@pytest.mark.slow
def test_real_roads_are_not_called_made_up() -> None:
    network = made_study().network
    real = network.model_copy(
        update={"roads": network.roads.model_copy(update={"synthetic": False, "source": "an-giang.osm.pbf"})}
    )
    whole = _printed(report_pdf(study_report(made_study(network=real), "vi")))
    assert _dense(SYNTHETIC["vi"]) not in whole
    assert _dense(UNDER_MAPS["vi"]) not in whole


@pytest.mark.slow
def test_a_docx_has_headings_tables_its_language_and_pictures_for_who_cannot_see() -> None:
    study = made_study()
    document = Document(BytesIO(report_docx(study_report(study, "vi"))))
    headings = [line.text for line in document.paragraphs if line.style is not None and line.style.name == "Heading 1"]
    assert headings[:2] == ["Vấn đề cần quyết định", "Hiện trạng"]
    assert "Giả định và nguồn" in headings
    tags = {tag.get(qn("w:val")) for tag in document.styles.element.iter(qn("w:lang"))}
    assert "vi-VN" in tags
    told = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(told) == MAPS + 2, "maps, frontier, efficient frontier"
    assert all(told)
    titles = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    grounds = next(table for table, title in zip(document.tables, titles, strict=True) if title[0] == "Ý nghĩa")
    assert [row.cells[0].text for row in grounds.rows[1:]] == [one.meaning.vi for one in study.assumptions]


def _figures(study: CoverageStudy, w: Wording) -> list[str]:
    """Some figures of every part, as the language writes them."""
    said = [w.number(sum(PEOPLE)), w.number(people_within(30)), w.number(people_within(30, 2))]
    said += [w.millions(study.remedies[at].added_dong) for at in range(len(KINDS))]
    said += [w.number(one.after.total_dong) for one in study.scenarios]
    said += [w.of(one.title) for one in study.scenarios] + [w.of(one.meaning) for one in study.assumptions]
    said += [what_costs(w), w.millions(study.efficient[-1].postage_dong, sign=True)]
    said += [w.of(one.source) for one in study.assumptions] + [w.of(one) for one in study.warnings]
    return [*said, *(place.name for place in study.places if place.place_id in WITHOUT), SYNTHETIC[w.language]]


def _printed(pdf: bytes) -> str:
    return _dense("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def _written(document: object) -> str:
    body = document.element.body  # type: ignore[attr-defined]
    return _dense("".join(node.text or "" for node in body.iter(qn("w:t"))))


def _dense(text: str) -> str:
    """Without white space: a PDF breaks lines where it likes."""
    return "".join(unicodedata.normalize("NFC", text).split())
