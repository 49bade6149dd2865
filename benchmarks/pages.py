"""`python -m benchmarks.pages`: how soon the courier's page opens, how heavy it is, how fast it scans."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.machine import machine
from benchmarks.tables import spread, table_head, table_row
from tests.api.service.camera_film import write_film
from tests.api.service.courier_day import FAR, PAID, CourierDay, courier_day
from tests.api.service.courier_forty import FORTY, LOADED
from tests.api.service.courier_phone import CourierPhone
from tests.browser import find_chromium, launch_arguments

THROTTLE = 4
"""How much slower the page's own processor is made: a cheap phone's."""
SCANNER = re.compile(r"/(reader|zxing_reader)-")
SHOWN = """new MutationObserver((_, observer) => {
  if (!document.querySelector('[data-stop]')) return
  observer.disconnect()
  requestAnimationFrame(() => { document.documentElement.dataset.shownAt = performance.now() })
}).observe(document, { subtree: true, childList: true })"""
"""Milliseconds from the navigation to the frame with the list of stops."""
FRAMES = """(() => {
  window.frameTimes = []
  let began = null
  const draw = CanvasRenderingContext2D.prototype.drawImage
  CanvasRenderingContext2D.prototype.drawImage = function (...given) {
    began ??= performance.now()
    return draw.apply(this, given)
  }
  const later = window.setTimeout
  window.setTimeout = (work, pause, ...given) => {
    if (pause === 120 && began !== null) window.frameTimes.push(performance.now() - began)
    if (pause === 120) began = null
    return later(work, pause, ...given)
  }
})()"""
"""Milliseconds from a frame of the camera to what was read in it: the page then waits 120 ms for the next."""
WIRE = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .reduce((total, one) => total + one.transferSize, 0)"""


def opening(page: Page, runs: int) -> Iterator[float]:
    """Milliseconds of each opening."""
    page.add_init_script(SHOWN)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    for _ in range(runs):
        page.reload()
        yield float(page.locator("html[data-shown-at]").get_attribute("data-shown-at") or "")


def kept_files(address: str) -> dict[str, int]:
    """Bytes over the wire of everything that the service worker keeps, by path."""
    script = urlopen(f"{address}/sw.js").read().decode()
    named = max(re.findall(r"\[[^\[\]]*/assets/[^\[\]]*\]", script), key=len)
    paths = ["/courier", *re.findall(r"[\"'`](/[^\"'`]+)[\"'`]", named)]
    asked = (Request(address + path, headers={"Accept-Encoding": "gzip"}) for path in paths)
    return {path: len(urlopen(one).read()) for path, one in zip(paths, asked, strict=True)}


def measured_stops(browser: Browser, day: CourierDay, runs: int) -> tuple[int, list[float]]:
    """Bytes of the first load and milliseconds of the later ones, without a signal."""
    phone = CourierPhone.taken_up(browser)
    phone.page.goto(f"{day.address}/courier")
    phone.page.get_by_role("heading", name="Ghi danh điện thoại").wait_for()
    first = int(phone.page.evaluate(WIRE))
    phone.enrol(day.enrolment())
    phone.page.locator("nav").wait_for()
    phone.load(LOADED)
    phone.unsent(0)
    phone.lose_signal()
    phone.page.reload()
    found = list(opening(phone.page, runs))
    phone.context.close()
    return first, found


def measured_frames(browser: Browser, day: CourierDay, frames: int, throttle: int) -> list[float]:
    """Milliseconds of each frame of the fake camera."""
    phone = CourierPhone.taken_up(browser)
    phone.page.add_init_script(FRAMES)
    phone.enrol(day.enrolment())
    phone.page.context.new_cdp_session(phone.page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    phone.page.get_by_role("button", name="Quét bằng máy ảnh").click()
    while phone.page.evaluate("window.frameTimes.length") <= frames:
        phone.page.wait_for_timeout(200)
    found = [float(one) for one in phone.page.evaluate("window.frameTimes")][1:]  # the first one fetches the reader
    phone.context.close()
    return found


def rows(folder: Path, runs: int, frames: int) -> Iterator[Sequence[str]]:
    """Measure; a row a figure."""
    film = write_film(folder / "film.mjpeg", slip=PAID, parcel=FAR)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*launch_arguments(), *film])
        (folder / "day").mkdir()
        with courier_day(folder / "day", FORTY) as day:
            files = kept_files(day.address)
            scanner = sum(size for path, size in files.items() if SCANNER.search(path))
            first, opened = measured_stops(browser, day, runs)
            yield "first load, by the browser, kB", f"{first / 1000:.0f}", "600"
            yield "all that is kept for a day without a signal, without the scanner, kB", _kb(files, scanner), "600"
            yield "the scanner, kB", f"{scanner / 1000:.0f}", ""
            yield f"opened without a signal, 41 stops, processor / {THROTTLE}, ms", spread(opened, ".0f"), "1,500"
            for throttle in (1, THROTTLE):
                found = measured_frames(browser, day, frames, throttle)
                yield f"a frame read, processor / {throttle}, ms", spread(found, ".0f"), "300"
        browser.close()


def _kb(files: dict[str, int], scanner: int) -> str:
    return f"{(sum(files.values()) - scanner) / 1000:.0f}"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="Openings.")
    parser.add_argument("--frames", type=int, default=40, help="Of the camera.")
    options = parser.parse_args()
    print(f"{machine()}; load {os.getloadavg()[0]:.1f}. Sizes hang on no processor, times on how busy this one is.\n")
    print("\n".join(table_head(("", "median [range]", "asked"))))
    with TemporaryDirectory() as name:
        for row in rows(Path(name), options.runs, options.frames):
            print(table_row(row), flush=True)


if __name__ == "__main__":
    main()
