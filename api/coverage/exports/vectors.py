"""A picture as vectors of a PDF."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Path, Polygon, PolyLine, String
from reportlab.lib.colors import Color, HexColor, white

from api.coverage.exports.letters import outlines, text_width
from api.coverage.exports.pictures import HALO, Area, Disc, Label, Line, Picture
from api.reports.fonts import BOLD, REGULAR

_ROUND: dict[str, Any] = {"strokeLineCap": 1, "strokeLineJoin": 1}
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Share of a text that stands before its spot."""


def drawing_of(picture: Picture) -> Drawing:
    """The picture, in points of paper."""
    drawing = Drawing(picture.width, picture.height)
    for shape in picture.shapes:
        for drawn in _drawn(shape):
            drawing.add(drawn)
    return drawing


def _drawn(shape: Line | Area | Disc | Label) -> list[Any]:
    match shape:
        case Line(spots, colour, width, dashed):
            dashes: dict[str, Any] = {"strokeDashArray": [3, 2]} if dashed else {}
            return [PolyLine(_flat(spots), strokeColor=HexColor(colour), strokeWidth=width, **_ROUND, **dashes)]
        case Area(spots, fill, edge, width):
            return [Polygon(_flat(spots), fillColor=_colour(fill), strokeColor=_colour(edge), strokeWidth=width)]
        case Disc((x, y), radius, fill, edge, width):
            style: dict[str, Any] = {"fillColor": HexColor(fill), "strokeColor": HexColor(edge), "strokeWidth": width}
            return [Circle(x, y, radius, **style)]
        case Label():
            return _letters(shape)


def _letters(label: Label) -> list[Any]:
    """The label once, as text: its halo is drawn as outlines, so that who copies or searches finds no second one."""
    x, y = label.at
    style: dict[str, Any] = {"fontName": BOLD if label.bold else REGULAR, "fontSize": label.size}
    text = String(x, y, label.text, fillColor=HexColor(label.colour), textAnchor=label.anchor, **style)
    return [_halo(label), text] if label.halo else [text]


def _halo(label: Label) -> Path:
    around = Path(fillColor=white, strokeColor=white, strokeWidth=2 * HALO, **_ROUND)
    wide = text_width(label.text, label.size, bold=label.bold)
    left = label.at[0] - wide * _BEFORE[label.anchor]
    outlines(label.text, (left, label.at[1]), label.size, bold=label.bold, path=around)
    return around


def _flat(spots: tuple[tuple[float, float], ...]) -> list[float]:
    return [value for spot in spots for value in spot]


def _colour(text: str | None) -> Color | None:
    return None if text is None else HexColor(text)
