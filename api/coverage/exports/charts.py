"""Charts of a study: people reached by number of points, and by money."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from api.coverage.document import CoverageStudy, Frontier
from api.coverage.exports.pictures import Disc, Label, Line, Picture, Shape
from api.coverage.exports.wording import Wording

WIDTH, HEIGHT = 516, 230
_LEFT, _RIGHT, _BOTTOM, _TOP = 58, 12, 40, 22
_INK, _QUIET, _GRID = "#20302b", "#5c6660", "#e2ded3"
EXACT, GREEDY = "#0d5c9a", "#b5460f"

Value = Callable[[float], str]


def frontier_chart(study: CoverageStudy, frontier: Frontier, wording: Wording) -> Picture:
    """People within the limit by k: exact as a line, greedy as dashes."""
    exact = [(step.k, step.exact_people) for step in frontier.steps]
    greedy = [(step.k, step.greedy_people) for step in frontier.steps]
    total = sum(place.people for place in study.places)
    axes = _Axes([*exact, *greedy, (frontier.steps[0].k, min(total, exact[-1][1]))])
    picture = axes.board(
        wording.text("Số điểm mở thêm (k)", "Points added (k)"),
        wording.text(f"Người trong {frontier.minutes} phút", f"People within {frontier.minutes} min"),
        lambda value: wording.number(value),
        lambda value: wording.number(value),
    )
    picture.add(*axes.line(exact, EXACT, dashed=False), *axes.line(greedy, GREEDY, dashed=True))
    picture.add(*_key(WIDTH - 8, ((wording.text("tối ưu", "exact"), EXACT, False),
                                  (wording.text("tham lam", "greedy"), GREEDY, True))))  # fmt: skip
    return picture


def efficient_chart(study: CoverageStudy, wording: Wording) -> Picture:
    """People within the main limit by added money a year: each step is the cheapest way to so many."""
    steps = [(step.added_dong / 1e6, step.people) for step in study.efficient]
    axes = _Axes(steps)
    picture = axes.board(
        wording.text("Chi thêm mỗi năm (triệu đồng)", "Added a year (million đồng)"),
        wording.text(f"Người trong {study.main_minutes} phút", f"People within {study.main_minutes} min"),
        lambda value: wording.number(value),
        lambda value: wording.number(value),
    )
    picture.add(*axes.line(steps, EXACT, dashed=False))
    return picture


class _Axes:
    """Where values lie on the picture."""

    def __init__(self, values: Sequence[tuple[float, float]]) -> None:
        across, up = [x for x, _ in values], [y for _, y in values]
        self.x = ticks(min(across), max(across))
        self.y = ticks(min(up), max(up))

    def at(self, x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _BOTTOM - _TOP
        return (
            _LEFT + wide * (x - self.x[0]) / (self.x[-1] - self.x[0]),
            _BOTTOM + high * (y - self.y[0]) / (self.y[-1] - self.y[0]),
        )

    def board(self, across: str, up: str, x_text: Value, y_text: Value) -> Picture:
        picture = Picture(WIDTH, HEIGHT)
        for y in self.y:
            left, height = self.at(self.x[0], y)
            picture.add(Line(((left, height), (WIDTH - _RIGHT, height)), _GRID, 0.6))
            picture.add(Label((left - 5, height - 2.4), y_text(y), 7, _QUIET, anchor="end"))
        for x in self.x:
            spot, height = self.at(x, self.y[0])
            picture.add(Line(((spot, height), (spot, height - 3)), _QUIET, 0.6))
            picture.add(Label((spot, height - 12), x_text(x), 7, _QUIET, anchor="middle"))
        picture.add(Label(((WIDTH + _LEFT) / 2, 8), across, 7.4, _INK, bold=True, anchor="middle"))
        picture.add(Label((4, HEIGHT - 12), up, 7.4, _INK, bold=True))
        return picture

    def line(self, values: Sequence[tuple[float, float]], colour: str, *, dashed: bool) -> list[Shape]:
        spots = tuple(self.at(x, y) for x, y in values)
        return [Line(spots, colour, 1.6, dashed), *(Disc(spot, 2.2, colour) for spot in spots)]


def ticks(low: float, high: float) -> list[float]:
    """Round values around a range, four to seven of them; a range of nothing becomes one of one."""
    if high <= low:
        high = low + 1
    rough = (high - low) / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
    step = max(step, 1)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [number * step for number in range(first, last + 1)]


def _key(right: float, lines: Sequence[tuple[str, str, bool]]) -> list[Shape]:
    found: list[Shape] = []
    for text, colour, dashed in reversed(lines):
        right -= 4.4 * len(text)
        found.append(Label((right, HEIGHT - 12), text, 7.4, _INK))
        found.append(Line(((right - 22, HEIGHT - 9.6), (right - 4, HEIGHT - 9.6)), colour, 1.6, dashed))
        right -= 34
    return found
