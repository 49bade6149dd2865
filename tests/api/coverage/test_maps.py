"""Maps of a report: nothing beyond their sheet, every name readable, once, and who has none said to be without."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from docx import Document
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Path
from reportlab.pdfgen.canvas import Canvas

from api.coverage.exports.blocks import Figure, Report
from api.coverage.exports.docx import report_docx
from api.coverage.exports.ground import FERRY, Ground
from api.coverage.exports.labels import SIZE, Mark, place_names
from api.coverage.exports.letters import outlines, text_width
from api.coverage.exports.maps import Sight, draw_map, situation
from api.coverage.exports.pdf import report_pdf
from api.coverage.exports.pictures import Area, Label, Line, Picture, Room
from api.coverage.exports.pixels import png_of
from api.coverage.exports.vectors import drawing_of
from api.coverage.exports.wording import Wording
from api.reports.fonts import BOLD, register_fonts
from tests.api.coverage.studies import PEOPLE, WITHOUT, made_study

SHEET: Room = (0, 60, 516, 400)
FAR = Ground(ferries=(((100.0, 9.0), (110.0, 12.0)),), roads=(((104.0, 20.0), (104.0, 21.0)),))
"""A ferry across the province and out of it on both sides, and a road that comes nowhere near."""


def test_lines_end_at_the_edge_of_the_map() -> None:
    study = made_study()
    picture = draw_map(study, situation(study), FAR, Wording("vi"))
    (sheet,) = [shape for shape in picture.shapes if isinstance(shape, Area) and shape.fill is None]
    (left, bottom), (right, top) = sheet.spots[0], sheet.spots[2]
    drawn = [one for one in picture.shapes if isinstance(one, Line)]
    ferry, key = [one for one in drawn if one.colour == FERRY.colour]
    assert all(left - 1e-6 <= x <= right + 1e-6 and bottom - 1e-6 <= y <= top + 1e-6 for x, y in ferry.spots)
    assert [abs(ferry.spots[at][0] - edge) < 1e-6 for at, edge in ((0, left), (-1, right))] == [True, True]
    assert all(0 <= y <= bottom for _, y in key.spots), "the other one is that of the legend"
    assert len(drawn) == 2, "of the far road nothing is drawn"


def test_outlines_are_seen_whole() -> None:
    study = made_study()
    x, y = study.places[0].position
    ring = tuple((x + dx, y + dy) for dx, dy in ((-2, -2), (2, -2), (2, 2), (-2, 2), (-2, -2)))
    drawn = draw_map(study, situation(study), Ground(outlines=(ring,)), Wording("vi")).shapes
    assert [len(one.spots) for one in drawn if isinstance(one, Line)] == [len(ring), 2]


def test_nothing_is_drawn_beyond_the_paper() -> None:
    register_fonts()
    study = made_study()
    picture = draw_map(study, situation(study), FAR, Wording("vi"))
    left, bottom, right, top = drawing_of(picture).getBounds()
    assert (left, right, top) == pytest.approx((0, picture.width, picture.height))
    assert bottom >= 0
    assert Image.open(BytesIO(png_of(picture))).size == (picture.width * 3, round(picture.height * 3))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_names_cover_neither_each_other_nor_named_marks(seed: int) -> None:
    marks = _crowd(seed)
    names = place_names(marks, SHEET, [(0, 60, 120, 80)])
    labels = [shape for shape in names.shapes if isinstance(shape, Label)]
    assert sorted([*(label.text for label in labels), *names.left_out]) == sorted(m.name for m in marks if m.name)
    assert len(names.left_out) <= 1
    boxes = [_box(label) for label in labels]
    assert not [pair for pair in combinations(boxes, 2) if _meet(*pair)]
    assert not [one for one in boxes if _meet(one, (0, 60, 120, 80))]
    assert all(b[0] >= SHEET[0] and b[1] >= SHEET[1] and b[2] <= SHEET[2] and b[3] <= SHEET[3] for b in boxes)
    assert not [1 for one in boxes for mark in marks if mark.name and _distance(one, mark.at) < mark.radius - 0.2]
    assert place_names(marks, SHEET, [(0, 60, 120, 80)]) == names


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_name_stands_at_its_mark_or_on_a_line_from_it(seed: int) -> None:
    marks = _crowd(seed)
    names = place_names(marks, SHEET)
    at = {mark.name: mark for mark in marks if mark.name}
    lines = [shape for shape in names.shapes if isinstance(shape, Line) and shape.colour != "#ffffff"]
    assert lines, "a crowd needs some"
    for label in (shape for shape in names.shapes if isinstance(shape, Label)):
        mark, box = at[label.text], _box(label)
        joined = [one for one in lines if _distance(box, one.spots[-1]) < 4 and _apart(one.spots[0], mark) < 0.01]
        assert joined or _distance(box, mark.at) < mark.radius + 4, label.text


def test_a_name_with_room_stands_above_its_mark() -> None:
    (label,) = place_names([Mark((200, 200), 5, "Xã Vĩnh Nhuận"), Mark((200, 180), 5)], SHEET).shapes
    assert isinstance(label, Label)
    assert (label.at[0], label.anchor) == (200, "middle")
    assert label.at[1] > 205


@pytest.mark.slow
def test_who_finds_no_room_is_named_below_the_map() -> None:
    heap = [Mark((250, 200), 5, f"Xã Vĩnh Nhuận {number}") for number in range(70)]
    names = place_names(heap, SHEET)
    written = [shape.text for shape in names.shapes if isinstance(shape, Label)]
    assert written
    assert [mark.name for mark in heap if mark.name not in written] == list(names.left_out)


@pytest.mark.parametrize(("number", "told"), [(14, "ghi tên: Thôn 1"), (0, "")])
def test_the_figure_says_who_is_left_out(number: int, told: str) -> None:
    study = made_study()
    crowd = {f"X-{at}": study.places[0].model_copy(update={"place_id": f"X-{at}", "name": f"Thôn {at}" + "–" * 100})
             for at in range(1, number + 1)}  # fmt: skip
    crowded = study.model_copy(update={"places": [*study.places, *crowd.values()]})
    sight = situation(crowded)
    sight = replace(sight, named=[*sight.named, *crowd])
    picture = draw_map(crowded, sight, Ground(), Wording("vi"))
    report = Report("O", "T", "S", "F", "vi", (Figure("C", "A", picture, "Sẵn có."),))
    (line,) = [one.text for one in Document(BytesIO(report_docx(report))).paragraphs if "Sẵn có." in one.text]
    printed = unicodedata.normalize("NFC", PdfReader(BytesIO(report_pdf(report))).pages[0].extract_text())
    assert told in line
    assert told in " ".join(printed.split())
    assert ("không đủ chỗ" in line) == bool(told)


def test_each_name_is_once_in_the_text_of_the_map() -> None:
    study = made_study()
    text = _text(draw_map(study, situation(study), Ground(), Wording("vi")))
    lacking = [place.name for place in study.places if place.place_id in WITHOUT]
    assert [text.count(name) for name in lacking] == [1] * len(WITHOUT)


def test_a_map_without_names_has_none() -> None:
    study = made_study()
    now = situation(study)
    text = _text(draw_map(study, Sight(now.seconds, now.posts), Ground(), Wording("vi")))
    assert not [place.name for place in study.places if place.name in text]
    assert len(study.places) == len(PEOPLE)


@pytest.mark.parametrize("text", ["Xã Vĩnh Nhuận", "Phường Ắ Ỹ Ợ", "Thị trấn Cái Dầu"])
def test_a_halo_lies_under_its_letters(text: str) -> None:
    """The same outlines as another reader of the typeface draws."""
    size, dots = 10.0, 40
    path = Path()
    outlines(text, (3, 7), size, bold=True, path=path)
    xs, ys = path.points[0::2], path.points[1::2]
    sheet = Image.new("L", (round(110 * dots), round(30 * dots)))
    spot = (3 * dots, sheet.height - 7 * dots)
    ImageDraw.Draw(sheet).text(spot, text, fill=255, font=_font(round(size * dots)), anchor="ls", features=["-kern"])
    left, top, right, bottom = sheet.getbbox() or (0, 0, 0, 0)
    inked = np.array((left, sheet.height - bottom, right, sheet.height - top)) / dots
    assert np.allclose((min(xs), min(ys), max(xs), max(ys)), inked, atol=0.12)
    advance = _font(round(size * dots)).getlength(text, features=["-kern"]) / dots
    assert text_width(text, size, bold=True) == pytest.approx(advance, abs=0.05)


def test_dashes_go_on_around_bends() -> None:
    """A line of a thousand bends is as much dashed as a straight one."""
    share = [_inked([(10 + 180 * at / bends, 10.0) for at in range(bends + 1)]) for bends in (1, 900)]
    assert share[0] == pytest.approx(0.6, abs=0.05)
    assert share[1] == pytest.approx(share[0], abs=0.03)


def _inked(spots: list[tuple[float, float]]) -> float:
    picture = Picture(200, 20)
    picture.add(Line(tuple(spots), "#000000", 2, dashed=True))
    row = np.asarray(Image.open(BytesIO(png_of(picture))).convert("L"))[30, 30:570]
    return float((row < 128).mean())


def _crowd(seed: int) -> list[Mark]:
    drawn = random.Random(seed)
    return [
        Mark((drawn.uniform(60, 460), drawn.uniform(90, 370)), drawn.uniform(3, 8), name)
        for name in (*(f"Xã Vĩnh Nhuận {number}" for number in range(40)), *[""] * 60)
    ]


def _box(label: Label) -> Room:
    """Where its letters are, as another reader of the typeface measures them."""
    dots = 20
    left, top, right, bottom = _font(round(SIZE * dots)).getbbox(label.text, anchor="ms")
    x, y = label.at
    return x + left / dots, y - bottom / dots, x + right / dots, y - top / dots


def _font(pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files("fontpkg_be_vietnam_pro") / "files" / f"{BOLD}.ttf"), pixels)


def _meet(one: Room, other: Room) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _distance(box: Room, at: tuple[float, float]) -> float:
    aside, above = max(box[0] - at[0], 0, at[0] - box[2]), max(box[1] - at[1], 0, at[1] - box[3])
    return float(np.hypot(aside, above))


def _apart(at: tuple[float, float], mark: Mark) -> float:
    """From the edge of a mark."""
    return abs(float(np.hypot(at[0] - mark.at[0], at[1] - mark.at[1])) - mark.radius)


def _text(picture: Picture) -> str:
    register_fonts()
    target = BytesIO()
    canvas = Canvas(target, (picture.width, picture.height))
    renderPDF.draw(drawing_of(picture), canvas, 0, 0)
    canvas.save()
    return unicodedata.normalize("NFC", PdfReader(target).pages[0].extract_text())
