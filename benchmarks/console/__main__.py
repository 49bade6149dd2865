"""`python -m benchmarks.console`: how soon a console of 2,000 stops and 60 rounds answers, and what keeps it busy."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright

from api.commands.serve import settle
from api.plans.schemas import Plan
from api.plans.snapshots import Snapshot
from benchmarks.console.day import SCALE, longest_first, planned_day, with_everybody
from benchmarks.console.dragging import in_the_list, on_the_timeline
from benchmarks.console.gestures import REST, all_gestures
from benchmarks.console.opening import openings, openings_not_drawn
from benchmarks.console.tracing import Profile, watched
from benchmarks.machine import machine
from benchmarks.tables import table_head, table_row
from routing.stopping import StoppingCriterion
from tests.api.service.dispatching import Dispatcher, opened_morning
from tests.api.service.made_plans import best_of, store_plan
from tests.browser import find_chromium, launch_arguments

PATIENCE = 120_000
LONG_MS = 50
"""A task of the main thread that is longer is felt."""


@contextmanager
def opened_console(snapshot: Snapshot, plan: Plan) -> Iterator[Page]:
    """The console in a browser, with a plan of the service that may be changed."""
    with (
        TemporaryDirectory() as name,
        opened_morning(Path(name)) as (service, address),
        sync_playwright() as started,
    ):
        service.runtime.days.on_ready = settle  # as the server does
        plan_id = store_plan(service, snapshot, best_of(plan), "planner")
        browser = started.chromium.launch(executable_path=find_chromium(), args=launch_arguments())
        dispatcher = Dispatcher.at(browser, address)
        dispatcher.page.set_default_timeout(PATIENCE)
        dispatcher.come(plan=plan_id)
        ready(dispatcher.page)
        yield dispatcher.page
        browser.close()
        assert dispatcher.complaints == []


def ready(page: Page) -> None:
    """The plan can be changed, the map is drawn."""
    tools = page.get_by_role("toolbar", name="Sửa kế hoạch")
    expect(tools).to_have_attribute("aria-busy", "false", timeout=PATIENCE)
    page.locator("section.map canvas[data-ready]").wait_for()
    page.wait_for_timeout(4 * REST)


def opening_rows(page: Page, runs: int) -> Iterator[Sequence[str]]:
    names = ("the list is there", "a press of a stop is answered", "rounds are drawn on the map")
    for name, times in zip(names, zip(*openings(page, runs), strict=True), strict=True):
        yield name, told(times), "3000"
    for name, times in zip(names, zip(*openings_not_drawn(page, runs), strict=True), strict=False):
        yield f"{name}; the map not drawn", told(times), "3000"


def gesture_rows(page: Page, runs: int) -> Iterator[Sequence[str]]:
    for name, gesture in all_gestures(page):
        profile = Profile()
        for _ in range(runs):
            with watched(page, profile):
                gesture(page)
                page.wait_for_timeout(REST)
        longer = sum(work > LONG_MS for work in profile.works)
        yield name, told(profile.works), str(longer), told(profile.walls), told(profile.answers)


def drag_rows(page: Page, plan: Plan, runs: int) -> Iterator[Sequence[str]]:
    longest = [route.courier_id for route in longest_first(plan)]
    for name, drag, rounds in (("in the list", in_the_list, 6), ("on the timeline", on_the_timeline, 2)):
        times = [time for courier_id in longest[: rounds * runs] for time in drag(page, courier_id)]
        yield name, str(len(times)), told(times), "100"


def told(times: Sequence[float]) -> str:
    """Median, 95th percentile and worst, milliseconds."""
    return " / ".join(f"{value:.0f}" for value in np.percentile(times, [50, 95, 100]))


def table(names: Sequence[str], rows: Iterator[Sequence[str]]) -> None:
    print("\n" + "\n".join(table_head(names)))
    for row in rows:
        print(table_row(row), flush=True)


def main() -> None:
    """Print tables of milliseconds: median / 95th percentile / worst."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="Of each gesture.")
    parser.add_argument("--iterations", type=int, default=60, help="Of the search that makes the plan.")
    options = parser.parse_args()
    snapshot, found = planned_day(StoppingCriterion(iterations=options.iterations), SCALE)
    measure(snapshot, with_everybody(snapshot, found), options.runs)


def measure(snapshot: Snapshot, plan: Plan, runs: int) -> None:
    """Print what was measured."""
    print(f"{machine()}; load {os.getloadavg()[0]:.1f}; {plan.totals.stops} stops, {plan.totals.couriers} rounds")
    with opened_console(snapshot, plan) as page:
        table(("dragged: from the move to the feedback", "places", "ms", "asked, p95"), drag_rows(page, plan, runs))
        names = ("", "a task's work, ms", f"over {LONG_MS}", "the same by the clock", "until the next frame")
        table(names, gesture_rows(page, runs))
        table(("opened", "ms", "asked"), opening_rows(page, runs))
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
