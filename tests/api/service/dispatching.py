"""A dispatcher at the console of a service: a network, a day's file with bad rows, and a browser that is watched."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.api.service.day_inputs import DAY, day_inputs
from tests.api.service.running import PASSWORD, Service, served
from tests.browser import heard_page
from tests.pages import built_pages

BAD = {0: ("pieces", "hai"), 3: ("ready_at", "sáng nay"), 6: ("kind", "thư"), 9: ("due_on", "31/02/2026")}
"""Of the day's rows: what their file has instead."""
SEARCH = 240_000
"""Milliseconds: a first search may have to compile the engine."""


@contextmanager
def opened_morning(folder: Path, **settings: Any) -> Iterator[tuple[Service, str]]:
    """Serve the pages with a network and nothing else; gives the service and its address. `settings`: of it."""
    url, pages = f"sqlite:///{folder / 'service.db'}", built_pages()
    with Service.opened(url, folder, static=pages, workers=1, **settings) as service:
        files = [("files", ("network.json", json.dumps(day_inputs()["network"]).encode()))]
        taken = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
        assert taken.status_code == 200, taken.text
        with served(service.app) as address:
            yield service, address


def import_all(service: Service) -> None:
    """The day's shipments, without the page."""
    file = ("shipments.json", json.dumps({"shipments": day_inputs()["shipments"]}).encode())
    answer = service.ask("POST", f"/api/v1/shipments/import?on={DAY}", by="head-dispatcher", files={"file": file})
    assert answer.status_code == 200, answer.text


def day_file(rows: Sequence[dict[str, str]]) -> bytes:
    """A CSV file of shipments."""
    text = StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def spoilt_rows(good: Sequence[dict[str, str]] = ()) -> list[dict[str, str]]:
    """Shipments, by default the day's: four have a cell that cannot be read, a fifth has the code of the second."""
    rows = [dict(row) for row in good or day_inputs()["shipments"]]
    for place, (column, cell) in BAD.items():
        rows[place][column] = cell
    rows[12]["code"] = rows[1]["code"]
    return rows


def plans_of(service: Service) -> list[dict[str, Any]]:
    """Of the day, the youngest first."""
    found: list[dict[str, Any]] = service.ask("GET", f"/api/v1/plans?day={DAY}", by="auditor").json()["plans"]
    return found


def waiting(service: Service) -> set[str]:
    """Codes of all shipments."""
    codes: set[str] = set()
    after: str | None = ""
    while after is not None:
        query = f"limit=200&after={after}" if after else "limit=200"
        page = service.ask("GET", f"/api/v1/shipments?{query}", by="head-dispatcher").json()
        codes |= {one["code"] for one in page["shipments"]}
        after = page["after"]
    return codes


@dataclass
class Dispatcher:
    """Somebody at the console, whose clicks are counted."""

    page: Page
    address: str
    clicks: int = 0
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, browser: Browser, address: str, size: tuple[int, int] = (1366, 768)) -> Dispatcher:
        page, complaints = heard_page(browser, size)
        return cls(page, address, complaints=complaints)

    def come(self, login: str = "head-dispatcher", password: str = PASSWORD, *, plan: str = "") -> None:
        """Open the page at the day and log in."""
        self.page.goto(f"{self.address}/#day={DAY}" + (f"&plan={plan}" if plan else ""))
        self.page.get_by_label("Tên đăng nhập").fill(login)
        self.page.get_by_label("Mật khẩu", exact=True).fill(password)
        self.page.keyboard.press("Enter")

    def click(self, name: str) -> None:
        """Press a button, and count it."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.clicks += 1

    def click_last(self, name: str) -> None:
        """Press the button of that name in the dialog, and count it."""
        self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()
        self.clicks += 1

    def drop(self, name: str, content: bytes) -> None:
        """Choose a file: one click and its dialog."""
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        self.page.get_by_label("Chọn tệp").set_input_files(file)  # type: ignore[arg-type]
        self.clicks += 1
