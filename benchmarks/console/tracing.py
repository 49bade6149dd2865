"""What a page's main thread does, by Chromium's own profiler; and how soon what a hand did is on the screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

CATEGORY = "disabled-by-default-devtools.timeline"
TASK = "RunTask"
"""One turn of a thread's loop; nothing else of the page happens meanwhile."""
LEAST_US = 1000
"""Shorter tasks are no part of what is told."""
ANSWERS = """() => {
  window.benchAnswers = []
  if (window.benchListens) return
  window.benchListens = true
  const note = ({ timeStamp }) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => window.benchAnswers.push(performance.now() - timeStamp)),
    )
  for (const kind of ['pointermove', 'wheel', 'click', 'keydown']) addEventListener(kind, note, { capture: true })
}"""
"""From a hand's event to the begin of the frame after the one that it changed."""


@dataclass
class Profile:
    """Milliseconds, of everything that happened while a page was watched."""

    works: list[float] = field(default_factory=list)
    """Of each task of the main thread by processor time: script, style, layout, paint; no waiting for who draws."""
    walls: list[float] = field(default_factory=list)
    """Of the same tasks by the clock: with the waiting for software that draws, and for a busy machine."""
    answers: list[float] = field(default_factory=list)
    """From each event to the next frame, by the clock."""


@contextmanager
def watched(page: Page, profile: Profile) -> Iterator[None]:
    """Add to a profile what the page does meanwhile."""
    browser = page.context.browser
    assert browser is not None
    page.evaluate(ANSWERS)
    browser.start_tracing(page=page, categories=[CATEGORY])
    try:
        yield
    finally:
        trace = browser.stop_tracing()
    profile.answers += page.evaluate("window.benchAnswers")
    for task in _main_tasks(json.loads(trace)["traceEvents"]):
        profile.works.append(task.get("tdur", 0) / 1000)
        profile.walls.append(task["dur"] / 1000)


def _main_tasks(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of the renderer that worked most: a browser keeps another one ready for the next page."""
    names = ((event, event["args"]["name"]) for event in events if event["name"] == "thread_name")
    spent = {_thread(event): 0.0 for event, name in names if name == "CrRendererMain"}
    tasks = [event for event in events if event["name"] == TASK and event["ph"] == "X" and _thread(event) in spent]
    for task in tasks:
        spent[_thread(task)] += task["dur"]
    busiest = max(spent, key=lambda thread: spent[thread])
    return (task for task in tasks if _thread(task) == busiest and task["dur"] >= LEAST_US)


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]
