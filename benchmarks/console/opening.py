"""How soon the console can be worked with: rounds are drawn, and a press of a stop is answered."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

PIXELS = """(() => {
  // Read what the map has drawn in the frame that draws it, as afterwards nothing can be read any more.
  let pen = null
  const get = HTMLCanvasElement.prototype.getContext
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    const made = get.call(this, kind, ...more)
    if (kind === 'webgl2' && this.isConnected) pen = made
    return made
  }
  const draw = WebGL2RenderingContext.prototype.drawElements
  let looks = false
  WebGL2RenderingContext.prototype.drawElements = function (...given) {
    draw.apply(this, given)
    if (this !== pen || looks) return
    looks = true
    queueMicrotask(() => {
      looks = false
      look(this)
    })
  }
  function look(gl) {
    if (!window.benchColors) return
    const wanted = new Set(window.benchColors.map((one) => {
      const [red, green, blue] = one.match(/[0-9]+/g)
      return +red + 256 * green + 65536 * blue
    }))
    const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight]
    const read = new Uint8Array(width * height * 4)
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, read)
    if (new Uint32Array(read.buffer).every((pixel) => !wanted.has(pixel & 0xffffff))) return
    document.documentElement.dataset.drawnAt = performance.now()
    WebGL2RenderingContext.prototype.drawElements = draw
  }
})()"""
"""Milliseconds from the navigation to the first pixel of the map in the colour of a round."""
NOT_DRAWN = """for (const name of ['clear', 'drawArrays', 'drawElements'])
  WebGL2RenderingContext.prototype[name] = () => undefined"""
"""What a graphics card does beside the page is left out; without one, the processor that runs the page does it too."""
LISTED = """() => {
  const now = performance.now()
  window.benchColors = [...document.querySelectorAll('[data-courier] .color')].map((one) => one.style.background)
  return now
}"""
"""What time it is; the colours of the rounds are kept, as the list gives way to the round that is pressed."""
NOW = "performance.now()"


def openings(page: Page, runs: int) -> Iterator[tuple[float, float, float]]:
    """Of each opening, milliseconds from the navigation: the list is there, a stop has answered, rounds are drawn."""
    page.add_init_script(PIXELS)
    for _ in range(runs):
        listed, answered = _opened(page)
        page.locator("html[data-drawn-at]").wait_for()
        yield listed, answered, float(page.locator("html").get_attribute("data-drawn-at") or "")


def openings_not_drawn(page: Page, runs: int) -> Iterator[tuple[float, float]]:
    """The same, and from now on nothing is drawn on the map: the list is there, a stop has answered."""
    page.add_init_script(NOT_DRAWN)
    for _ in range(runs):
        yield _opened(page)


def _opened(page: Page) -> tuple[float, float]:
    page.reload()
    page.locator("[data-courier]").first.wait_for()
    listed = float(page.evaluate(LISTED))
    _press(page, "[data-courier]", "[data-stop='2']")
    _press(page, "[data-stop='2']", "[data-stop='2'][aria-expanded=true]")
    return listed, float(page.evaluate(NOW))


def _press(page: Page, what: str, answer: str) -> None:
    """As a hand does, which does not wait for a page to stand still."""
    box = page.locator(what).first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 60, box["y"] + 10)
    page.locator(answer).wait_for()
