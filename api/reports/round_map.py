"""A small vector map of one round: roads driven, the base, numbered stops, a scale bar."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Group, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor, white

from api.reports.fonts import BOLD, REGULAR
from api.reports.framing import Frame, fit_frame
from api.reports.round_sheet import RoundSheet

TRIP_COLOURS = tuple(map(HexColor, ("#0b6e4f", "#b5460f", "#3d5a98", "#8a2f6b", "#6b6b1f")))
"""One a trip; dark enough to tell apart when copied in grey."""

_PAPER, _INK, _FRAME = HexColor("#f6f4ee"), HexColor("#20302b"), HexColor("#c9c4b6")
_MARGIN = 16


def draw_round(sheet: RoundSheet, width: float, height: float) -> Drawing:
    """
    Draw the map of a round.

    Parameters
    ----------
    width, height
        Of the drawing, points of paper.
    """
    places = [position for trip in sheet.trips for position in trip.path]
    places += [stop.position for stop in sheet.stops] + [sheet.base_position]
    frame = fit_frame(places, width, height, _MARGIN)
    drawing = Drawing(width, height)
    drawing.add(_box(0, 0, width, height, fillColor=_PAPER, strokeColor=_FRAME, strokeWidth=0.6, rx=4, ry=4))
    for index, trip in enumerate(sheet.trips):
        drawing.add(_path(map(frame, trip.path), TRIP_COLOURS[index % len(TRIP_COLOURS)]))
    for label, colour, centre in _labels(sheet, frame):
        drawing.add(_marker(label, colour, centre))
    drawing.add(_base(frame(sheet.base_position)))
    drawing.add(_scale_bar(frame, width))
    return drawing


def _box(x: float, y: float, width: float, height: float, **style: Any) -> Rect:
    return Rect(x, y, width, height, **style)  # its type stub knows no style


def _path(points: Iterable[tuple[float, float]], colour: Color) -> Group:
    """A line with a light casing, as on road maps; points closer than half a point of paper are left out."""
    flat: list[float] = []
    for x, y in points:
        if not flat or abs(x - flat[-2]) + abs(y - flat[-1]) >= 0.5:
            flat += (x, y)
    if len(flat) < 4:
        flat = [*flat[:2], *flat[:2]]
    round_ends: dict[str, Any] = {"strokeLineCap": 1, "strokeLineJoin": 1}
    return Group(
        PolyLine(flat, strokeColor=white, strokeWidth=4.2, **round_ends),
        PolyLine(flat, strokeColor=colour, strokeWidth=1.9, **round_ends),
    )


def _labels(sheet: RoundSheet, frame: Frame) -> list[tuple[str, Color, tuple[float, float]]]:
    """Stops that would cover each other share one marker: `3-5, 9`."""
    clusters: list[tuple[tuple[float, float], Color, list[int]]] = []
    for index, trip in enumerate(sheet.trips):
        for stop in trip.stops:
            centre = frame(stop.position)
            near = next((c for c in clusters if math.dist(c[0], centre) < 9), None)
            if near is None:
                clusters.append((centre, TRIP_COLOURS[index % len(TRIP_COLOURS)], [stop.number]))
            else:
                near[2].append(stop.number)
    return [(_ranges(numbers), colour, centre) for centre, colour, numbers in clusters]


def _ranges(numbers: Sequence[int]) -> str:
    """`[3, 4, 5, 9]` as `3-5, 9`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _marker(label: str, colour: Color, centre: tuple[float, float]) -> Group:
    x, y = centre
    half = max(5.6, 2.1 * len(label) + 2.4)
    text = String(x, y - 2.3, label, fontName=BOLD, fontSize=6.6, fillColor=white, textAnchor="middle")
    if half == 5.6:
        return Group(Circle(x, y, half, fillColor=colour, strokeColor=white, strokeWidth=1), text)
    pill = _box(x - half, y - 5.4, 2 * half, 10.8, rx=5.4, ry=5.4, fillColor=colour, strokeColor=white, strokeWidth=1)
    return Group(pill, text)


def _base(centre: tuple[float, float]) -> Group:
    x, y = centre
    return Group(
        _box(x - 6.5, y - 6.5, 13, 13, rx=2, ry=2, fillColor=_INK, strokeColor=white, strokeWidth=1.2),
        String(x, y - 2.6, "BC", fontName=BOLD, fontSize=7, fillColor=white, textAnchor="middle"),
    )


def _scale_bar(frame: Frame, width: float) -> Group:
    """The longest round length that fits into a fifth of the map."""
    text, length = frame.bar(width / 5)
    return Group(
        _box(10, 9, length, 2.4, fillColor=_INK, strokeColor=None),
        String(10 + length + 4, 8, text, fontName=REGULAR, fontSize=7, fillColor=_INK),
    )
