"""The ground of the console in a real browser: a file of tiles under the rounds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.service.dispatching import Dispatcher, opened_morning
from tests.api.service.made_plans import put_plan
from tests.api.service.made_tiles import plain_png, pmtiles
from tests.api.service.running import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RED = (200, 40, 40)


@contextmanager
def opened_plan(browser: Browser, folder: Path, **settings: Any) -> Iterator[tuple[Service, Dispatcher]]:
    """A dispatcher with the day's plan on the screen."""
    with opened_morning(folder, **settings) as (service, address):
        plan_id = put_plan(service)
        found = Dispatcher.at(browser, address)
        found.come(plan=plan_id)
        yield service, found
        found.page.context.close()
        assert found.complaints == []


def share_of(page: Page, color: tuple[int, int, int]) -> float:
    """How much of the map has about that colour, by a picture of it."""
    png = page.locator(".maplibregl-canvas").screenshot()
    script = """async ([bytes, [r, g, b]]) => {
      const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }))
      const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
      pen.drawImage(picture, 0, 0)
      const { data } = pen.getImageData(0, 0, picture.width, picture.height)
      let same = 0
      for (let at = 0; at < data.length; at += 4)
        same += Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 30
      return (same * 4) / data.length
    }"""
    return float(page.evaluate(script, [list(png), list(color)]))


def wait_for_share(page: Page, color: tuple[int, int, int], least: float) -> None:
    for _ in range(100):
        if share_of(page, color) >= least:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"only {share_of(page, color):.2f} of the map is {color}")


def test_a_file_of_tiles_lies_under_the_rounds_and_says_whose_it_is(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "land.pmtiles"
    path.write_bytes(pmtiles(plain_png(*RED), attribution="<a href='x'>© Tỉnh An Giang</a>"))
    with opened_plan(browser, tmp_path, basemap=str(path)) as (_, dispatcher):
        page = dispatcher.page
        expect(page.get_by_text("Bản đồ nền: © Tỉnh An Giang")).to_be_visible()
        wait_for_share(page, RED, 0.5)
        assert share_of(page, RED) < 0.999  # rounds and names lie above it
