"""Maps of a study: where people live and how far their post is, now and after something has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from api.coverage.document import CoveragePlace, CoverageStudy
from api.coverage.exports.ground import Ground
from api.coverage.exports.pictures import Area, Disc, Label, Line, Picture, Shape, Spot, box, diamond, square, triangle
from api.coverage.exports.wording import Wording
from api.plans.schemas import Position
from api.reports.framing import Frame, fit_frame

WIDTH, HEIGHT = 516, 386
"""Points of paper: the width of an A4 page between its margins."""
_LEGEND, _MARGIN = 46, 14
_PAPER, _EDGE, _INK = "#f6f4ee", "#c9c4b6", "#20302b"
BANDS = ("#0f5c4d", "#5fa88f", "#e0a030", "#b5460f")
"""Near to far; told apart in grey too, and by their shape beyond the main limit."""
NO_WAY = "#ffffff"
_NO_WAY_EDGE = "#a3231a"
_POST, _NEW = "#0d2b45", "#f5b321"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a map shows."""

    seconds: Mapping[str, int | None]
    """By place: the way to its post; None = no way."""
    posts: Sequence[Position]
    new: Sequence[Position] = ()
    """Where something was added."""
    named: Sequence[str] = ()
    """Places whose names are written."""


def situation(study: CoverageStudy) -> Sight:
    """As it is."""
    seconds = {place.place_id: place.access[study.main_means].seconds for place in study.places}
    return Sight(seconds, [point.position for point in study.points], named=study.without_post)


def draw_map(study: CoverageStudy, sight: Sight, ground: Ground, wording: Wording) -> Picture:
    """Draw a map with its legend below."""
    picture = Picture(WIDTH, HEIGHT)
    seen = [place.position for place in study.places] + [*sight.posts]
    low = fit_frame(seen, WIDTH, HEIGHT - _LEGEND, _MARGIN)
    frame = Frame(low.west, low.south, low.shrink, low.scale, low.left, low.bottom + _LEGEND)
    picture.add(Area(box(0, _LEGEND, WIDTH, HEIGHT), _PAPER, _EDGE))
    picture.add(*_ground(ground, frame))
    largest = max((place.people for place in study.places), default=1) or 1
    for place in sorted(study.places, key=lambda one: -one.people):
        picture.add(_place(study, place, sight.seconds[place.place_id], frame(place.position), largest))
    picture.add(*(Area(square(frame(at), 2.4), _POST, "#ffffff", 0.5) for at in sight.posts))
    picture.add(*(Area(diamond(frame(at), 5), _NEW, _POST, 1.1) for at in sight.new))
    picture.add(*_names(study, sight, frame))
    picture.add(*_scale(frame, _LEGEND))
    picture.add(*_legend(study, sight, wording))
    return picture


def band(study: CoverageStudy, seconds: int | None) -> int | None:
    """Which limit a place keeps: 0 = the first, as many as there are limits = none; None = no way."""
    if seconds is None:
        return None
    return sum(seconds > minutes * 60 for minutes in sorted(study.limits_minutes))


def _place(study: CoverageStudy, place: CoveragePlace, seconds: int | None, at: Spot, largest: int) -> Shape:
    return _mark(study, band(study, seconds), at, 2.4 + 4.2 * sqrt(place.people / largest))


def _mark(study: CoverageStudy, found: int | None, at: Spot, radius: float) -> Shape:
    if found is None:
        return Area(diamond(at, radius * 1.3), NO_WAY, _NO_WAY_EDGE, 1.4)
    colour = BANDS[min(found, len(BANDS) - 1)]
    main = sorted(study.limits_minutes).index(study.main_minutes) if study.main_minutes in study.limits_minutes else 0
    return Disc(at, radius, colour) if found <= main else Area(triangle(at, radius * 1.25), colour, "#ffffff", 0.6)


def _ground(ground: Ground, frame: Frame) -> list[Shape]:
    styles = (
        (ground.outlines, "#b3ada0", 0.5, True), (ground.roads, "#ddd7c9", 0.4, False),
        (ground.main_roads, "#c3b798", 0.9, False), (ground.ferries, "#3f7fae", 0.9, True),
    )  # fmt: skip
    return [
        Line(tuple(frame(at) for at in path), colour, width, dashed)
        for paths, colour, width, dashed in styles
        for path in paths
    ]


def _names(study: CoverageStudy, sight: Sight, frame: Frame) -> list[Shape]:
    """Names that do not cover each other; the others stand in the tables."""
    places = {place.place_id: place for place in study.places}
    taken: list[tuple[float, float, float, float]] = []
    found: list[Shape] = []
    for name in sight.named:
        x, y = frame(places[name].position)
        half = 1.9 * len(places[name].name)
        room = (x - half, y + 5, x + half, y + 14)
        if any(room[0] < t[2] and room[2] > t[0] and room[1] < t[3] and room[3] > t[1] for t in taken):
            continue
        taken.append(room)
        found.append(Label((x, y + 7), places[name].name, 6.6, _INK, bold=True, anchor="middle", halo=True))
    return found


def _scale(frame: Frame, bottom: float) -> list[Shape]:
    text, length = frame.bar(WIDTH / 5)
    y = bottom + 9
    return [Area(box(10, y, 10 + length, y + 2.4), _INK), Label((14 + length, y - 1), text, 7, _INK)]


def _legend(study: CoverageStudy, sight: Sight, wording: Wording) -> list[Shape]:
    """Two lines: how far, and what the signs mean."""
    limits = sorted(study.limits_minutes)
    minutes = [wording.text(f"trong {limit} phút", f"within {limit} min") for limit in limits]
    minutes.append(wording.text(f"quá {limits[-1]} phút", f"beyond {limits[-1]} min"))
    found: list[Shape] = []
    x = 6.0
    for number, text in enumerate(minutes):
        found += [_mark(study, number, (x + 5, 32), 4.4), Label((x + 13, 29.5), text, 7.2)]
        x += 24 + 4.3 * len(text)
    found += [_mark(study, None, (x + 5, 32), 4.2)]
    found += [Label((x + 13, 29.5), wording.text("không có đường tới", "no way"), 7.2)]
    found += [Area(square((11, 14), 3), _POST, "#ffffff", 0.5)]
    found += [Label((19, 11.5), wording.text("điểm phục vụ đang hoạt động", "post in force"), 7.2)]
    if sight.new:
        found += [Area(diamond((171, 14), 5), _NEW, _POST, 1.1)]
        found += [Label((180, 11.5), wording.text("nơi có thay đổi", "where something changes"), 7.2)]
    how = wording.text(f"thời gian tới điểm gần nhất, {wording.means(study.main_means)}; dấu lớn hơn: đông dân hơn",
                       f"way to the nearest post, {wording.means(study.main_means)}; larger: more people")  # fmt: skip
    found += [Label((WIDTH - 4, 11.5), how, 6.6, "#5c6660", anchor="end")]
    return found
