"""What a dispatcher's hands do to the console, over and over."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import FloatRect, Locator, Page

Gesture = Callable[[Page], None]
STEP = 40
"""Milliseconds between two steps of a hand."""
REST = 500
"""Milliseconds after each gesture: what it began is over."""


def _box(where: Locator) -> FloatRect:
    box = where.bounding_box()
    assert box is not None
    return box


def _middle(page: Page, selector: str) -> tuple[float, float]:
    box = _box(page.locator(selector).first)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _show(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def hover_rounds(page: Page) -> None:
    """Over the names of the list, each a round that the map brings forward."""
    for number in range(8):
        box = _box(page.locator("[data-courier]").nth(number))
        page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2)
        page.wait_for_timeout(3 * STEP)


def choose_rounds(page: Page) -> None:
    """Open rounds of the list, and a stop of each."""
    for number in range(4):
        page.locator("[data-courier]").nth(number).click()
        page.locator("[data-stop='2']").click()
        page.wait_for_timeout(REST)
        page.keyboard.press("Escape")
        page.locator("[data-courier]").first.wait_for()
        page.wait_for_timeout(REST)


def pan_map(page: Page) -> None:
    x, y = _middle(page, "section.map canvas")
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(x - 10 * step, y - 5 * step)
        page.wait_for_timeout(STEP)
    page.mouse.up()


def zoom_map(page: Page) -> None:
    page.mouse.move(*_middle(page, "section.map canvas"))
    for way in (-1, 1):
        for _ in range(10):
            page.mouse.wheel(0, 80 * way)
            page.wait_for_timeout(STEP)
        page.wait_for_timeout(REST)


def hover_map(page: Page) -> None:
    """Over the middle of the map, where rounds lie."""
    x, y = _middle(page, "section.map canvas")
    for step in range(30):
        page.mouse.move(x - 150 + 10 * step, y - 60 + 4 * step)
        page.wait_for_timeout(STEP)


def _scroll(page: Page, selector: str, dx: int = 0, dy: int = 120) -> None:
    page.mouse.move(*_middle(page, selector))
    for way in (1, -1):
        for _ in range(20):
            page.mouse.wheel(dx * way, dy * way)
            page.wait_for_timeout(STEP)


def scroll_list(page: Page) -> None:
    _scroll(page, "#panel-content")


def scroll_table(page: Page) -> None:
    _scroll(page, "section.view .scroll", dy=360)


def scroll_timeline(page: Page) -> None:
    _scroll(page, "section.timeline .scroll")


def zoom_timeline(page: Page) -> None:
    page.mouse.move(*_middle(page, "section.timeline .scroll"))
    page.keyboard.down("Control")
    for way in (-1, 1):
        for _ in range(12):
            page.mouse.wheel(0, 60 * way)
            page.wait_for_timeout(STEP)
    page.keyboard.up("Control")


def hover_timeline(page: Page) -> None:
    x, y = _middle(page, "section.timeline .scroll")
    for step in range(30):
        page.mouse.move(x - 300 + 20 * step, y - 150 + 10 * step)
        page.wait_for_timeout(STEP)


def open_table(page: Page) -> None:
    for name, there in (("Bảng", "[data-row]"), ("Dòng thời gian", "[data-timeline]")) * 2:
        _show(page, name)
        page.locator(there).first.wait_for()
        page.wait_for_timeout(REST)


def all_gestures(page: Page) -> Iterator[tuple[str, Gesture]]:
    """Each with what it is called, the page brought to where it can be made."""
    yield "a round of the list pointed at", hover_rounds
    yield "a round and a stop of it chosen, and left", choose_rounds
    yield "the map pointed at", hover_map
    yield "the map dragged", pan_map
    yield "the map zoomed", zoom_map
    yield "the list scrolled", scroll_list
    yield "table and timeline opened", open_table
    yield "the timeline pointed at", hover_timeline
    yield "the timeline scrolled", scroll_timeline
    yield "the timeline zoomed", zoom_timeline
    _show(page, "Bảng")
    page.locator("[data-row]").first.wait_for()
    yield "the table scrolled", scroll_table
    _show(page, "Bản đồ")
