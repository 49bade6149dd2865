"""What the signs of a map mean, in lines below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from api.coverage.document import CoverageStudy
from api.coverage.exports.ground import FERRY, OUTLINE, Ground, Style
from api.coverage.exports.letters import text_width
from api.coverage.exports.marks import new_mark, place_mark, post_mark
from api.coverage.exports.pictures import Label, Line, Shape, Spot
from api.coverage.exports.wording import Wording

_SIZE, _QUIET = 7.2, "#5c6660"
_LEFT, _ROW, _SIGN, _BETWEEN = 6.0, 16.0, 14.0, 13.0
_FOOT = 10.0
"""Of the sentence below the signs."""


@dataclass(frozen=True, slots=True)
class Legend:
    """What is drawn from the lower edge of the paper upwards, and how high it is."""

    shapes: tuple[Shape, ...]
    height: float


@dataclass(frozen=True, slots=True)
class _Entry:
    sign: Callable[[Spot], Shape]
    """Drawn around a spot."""
    text: str

    @property
    def width(self) -> float:
        return _SIGN + text_width(self.text, _SIZE)


def legend(study: CoverageStudy, ground: Ground, wording: Wording, *, changed: bool, width: float) -> Legend:
    """
    Write the legend of a map.

    Parameters
    ----------
    changed
        Whether the map shows where something changes.
    width
        Of the paper, points.
    """
    how = wording.means(study.main_means)
    told = wording.text(f"Màu: thời gian tới điểm gần nhất, {how}. Dấu lớn hơn: đông dân hơn.",
                        f"Colour: the way to the nearest post, {how}. Larger: more people.")  # fmt: skip
    shapes: list[Shape] = [Label((_LEFT, _FOOT), told, 6.6, _QUIET)]
    rows = _rows(_entries(study, ground, wording, changed=changed), width)
    for number, row in enumerate(reversed(rows)):
        x, y = _LEFT, _FOOT + _ROW * (number + 0.9)
        for entry in row:
            shapes += [entry.sign((x + 5, y + 2.5)), Label((x + _SIGN, y), entry.text, _SIZE)]
            x += entry.width + _BETWEEN
    return Legend(tuple(shapes), _FOOT + _ROW * (len(rows) + 0.9))


def _rows(entries: Iterable[_Entry], width: float) -> list[list[_Entry]]:
    rows: list[list[_Entry]] = [[]]
    x = _LEFT
    for entry in entries:
        if x + entry.width > width:
            rows.append([])
            x = _LEFT
        rows[-1].append(entry)
        x += entry.width + _BETWEEN
    return rows


def _entries(study: CoverageStudy, ground: Ground, wording: Wording, *, changed: bool) -> Iterator[_Entry]:
    limits = sorted(study.limits_minutes)
    for number, limit in enumerate(limits):
        yield _Entry(_banded(study, number), wording.text(f"trong {limit} phút", f"within {limit} min"))
    beyond = wording.text(f"quá {limits[-1]} phút", f"beyond {limits[-1]} min")
    yield _Entry(_banded(study, len(limits)), beyond)
    yield _Entry(_banded(study, None), wording.text("không có đường tới", "no way"))
    yield _Entry(lambda at: post_mark(at, 3), wording.text("điểm phục vụ đang hoạt động", "post in force"))
    if changed:
        yield _Entry(new_mark, wording.text("nơi có thay đổi", "where something changes"))
    if ground.outlines:
        yield _Entry(_lined(OUTLINE), wording.text("ranh giới xã (ước lượng)", "commune (estimated)"))
    if ground.ferries:
        yield _Entry(_lined(FERRY), wording.text("phà", "ferry"))


def _banded(study: CoverageStudy, number: int | None) -> Callable[[Spot], Shape]:
    return lambda at: place_mark(study, number, at, 4.2)


def _lined(style: Style) -> Callable[[Spot], Shape]:
    return lambda at: Line(((at[0] - 6, at[1]), (at[0] + 6, at[1])), style.colour, max(style.width, 0.9), style.dashed)
