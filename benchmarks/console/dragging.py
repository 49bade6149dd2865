"""A stop that a hand drags, from the pointer's move over a new place to the frame with what that would cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playwright.sync_api import Page

FEEDBACK = """() => {
  const found = (window.benchFeedback = [])
  let moved = 0
  let asked = null
  addEventListener('pointermove', (event) => (moved = event.timeStamp), { capture: true })
  const look = () => {
    const card = document.querySelector('[data-held]')
    if (!card) return
    const told = card.querySelector('dl, .bad') !== null
    if (!told) asked = moved
    if (!told || asked === null) return
    const since = asked
    asked = null
    requestAnimationFrame(() => requestAnimationFrame(() => found.push(performance.now() - since)))
  }
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true })
}"""
"""Until the frame after the one that the feedback is drawn in has begun."""
PAUSE = 300
"""Milliseconds that a hand rests over a place: it reads."""
Point = tuple[float, float]


def dragged(page: Page, begin: Point, places: Sequence[Point]) -> list[float]:
    """Milliseconds of each feedback; what is held goes back to where it was."""
    page.evaluate(FEEDBACK)
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(begin[0] + 8, begin[1] + 8, steps=3)
    page.wait_for_timeout(PAUSE)
    for place in places:
        page.mouse.move(*place)
        page.wait_for_timeout(PAUSE)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.locator("[data-held]").wait_for(state="detached")
    return list(page.evaluate("window.benchFeedback"))


def in_the_list(page: Page, courier_id: str) -> list[float]:
    """Over the other stops of its round."""
    _choose(page, courier_id)
    first, *others = (_row(page, number) for number in range(1, 9))
    times = dragged(page, first, [point for point in others if point[1] < _bottom(page)])
    page.keyboard.press("Escape")
    return times


def on_the_timeline(page: Page, courier_id: str) -> list[float]:
    """Over many rounds; a mark of its own is looked for under the pointer."""
    _choose(page, courier_id)
    page.keyboard.press("2")
    name = page.locator(f"[data-lane='{courier_id}']")
    name.wait_for()
    lane, field = name.bounding_box(), page.locator("section.timeline .scroll").bounding_box()
    assert lane is not None
    assert field is not None
    y = lane["y"] + lane["height"] / 2
    begin = next(point for point in _along(field["x"], field["x"] + field["width"], y) if _grabs(page, point))
    lines = range(20)
    places = [(field["x"] + 300 + 13 * n, field["y"] + 20 + n * (field["height"] - 80) / len(lines)) for n in lines]
    times = dragged(page, begin, places)
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    return times


def _along(left: float, right: float, y: float) -> Iterator[Point]:
    return ((left + 4 * step, y) for step in range(int(right - left) // 4))


def _grabs(page: Page, point: Point) -> bool:
    page.mouse.move(*point)
    return page.locator("section.timeline .scroll.grabs").count() > 0


def _choose(page: Page, courier_id: str) -> None:
    page.locator(f"[data-courier='{courier_id}']").click()
    page.locator("[data-stop='1']").wait_for()


def _row(page: Page, number: int) -> Point:
    box = page.locator(f"[data-stop='{number}']").bounding_box()
    assert box is not None
    return box["x"] + 100, box["y"] + 10


def _bottom(page: Page) -> float:
    box = page.locator("#panel-content").bounding_box()
    assert box is not None
    return box["y"] + box["height"] - 60
