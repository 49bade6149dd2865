"""Maps of a study: where people live and how far their post is, now and after something has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.coverage.document import CoverageStudy
from api.coverage.exports.ground import Ground
from api.coverage.exports.labels import Mark, Names, place_names
from api.coverage.exports.legend import legend
from api.coverage.exports.marks import REACH, band, new_mark, place_mark, post_mark, radius_of
from api.coverage.exports.pictures import Area, Label, Line, Picture, Room, Shape, box, clipped
from api.coverage.exports.wording import Wording
from api.plans.schemas import Position
from api.reports.framing import Frame, fit_frame

WIDTH, _HEIGHT = 516, 356
"""Points of paper, without the legend: the width of an A4 page between its margins."""
_MARGIN = 12
_PAPER, _EDGE, _INK = "#f6f4ee", "#c9c4b6", "#20302b"


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
    """Draw a map with its legend below; nothing of the map lies outside its sheet."""
    signs = legend(study, ground, wording, changed=bool(sight.new), width=WIDTH)
    sheet: Room = (0, signs.height, WIDTH, signs.height + _HEIGHT)
    frame = _frame(study, sight, ground, sheet)
    names = _names(study, sight, frame, sheet)
    picture = Picture(WIDTH, sheet[3], note=_unnamed(names.left_out, wording))
    picture.add(Area(box(*sheet), _PAPER))
    picture.add(*_ground(ground, frame, sheet))
    picture.add(Area(box(*sheet), None, _EDGE))
    largest = _largest(study)
    for place in sorted(study.places, key=lambda one: -one.people):
        found, at = band(study, sight.seconds[place.place_id]), frame(place.position)
        picture.add(place_mark(study, found, at, radius_of(place, largest)))
    picture.add(*(post_mark(frame(at)) for at in sight.posts))
    picture.add(*(new_mark(frame(at)) for at in sight.new))
    picture.add(*names.shapes)
    picture.add(*_scale(frame, sheet))
    picture.add(*signs.shapes)
    return picture


def _frame(study: CoverageStudy, sight: Sight, ground: Ground, sheet: Room) -> Frame:
    """All places, posts and outlines; of roads what lies there."""
    seen = [place.position for place in study.places] + [*sight.posts, *sight.new]
    seen += [spot for outline in ground.outlines for spot in outline]
    low = fit_frame(seen, WIDTH, _HEIGHT, _MARGIN)
    return Frame(low.west, low.south, low.shrink, low.scale, low.left, low.bottom + sheet[1])


def _largest(study: CoverageStudy) -> int:
    return max((place.people for place in study.places), default=1) or 1


def _ground(ground: Ground, frame: Frame, sheet: Room) -> Iterator[Line]:
    for paths, style in ground.layers():
        for path in paths:
            drawn = Line(tuple(frame(at) for at in path), style.colour, style.width, style.dashed)
            yield from clipped(drawn, sheet)


def _names(study: CoverageStudy, sight: Sight, frame: Frame, sheet: Room) -> Names:
    """Names beside their places, the largest first where two have as little choice."""
    named, largest = set(sight.named), _largest(study)
    marks = [
        Mark(frame(one.position), radius_of(one, largest) * REACH, one.name if one.place_id in named else "")
        for one in sorted(study.places, key=lambda one: -one.people)
    ]
    marks += [Mark(frame(at), 3) for at in sight.posts] + [Mark(frame(at), 6) for at in sight.new]
    left, bottom, right, top = sheet
    scale: Room = (left + 4, bottom + 4, left + 16 + WIDTH / 4, bottom + 20)
    return place_names(marks, (left + 2, bottom + 2, right - 2, top - 2), [scale])


_MOST_UNNAMED = 12


def _unnamed(names: Sequence[str], wording: Wording) -> str:
    """Who stands on the map without a name."""
    if not names:
        return ""
    shown, others = ", ".join(names[:_MOST_UNNAMED]), len(names) - _MOST_UNNAMED
    more = wording.text(f" và {others} nơi khác", f" and {others} more") if others > 0 else ""
    return wording.text(f"Trên bản đồ không đủ chỗ ghi tên: {shown}{more}; có trong bảng.",
                        f"No room on the map for the names of {shown}{more}; the table has them.")  # fmt: skip


def _scale(frame: Frame, sheet: Room) -> list[Shape]:
    text, length = frame.bar(WIDTH / 5)
    y = sheet[1] + 9
    return [Area(box(10, y, 10 + length, y + 2.4), _INK), Label((14 + length, y - 1), text, 7, _INK)]
