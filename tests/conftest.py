"""What every test may use, and the rule that nothing is skipped where it must run."""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("default"), max_examples=20)
settings.register_profile("soak", settings.get_profile("default"), derandomize=False, max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

REQUIRED = frozenset(os.environ.get("DUONGTHU_REQUIRE", "").replace(",", " ").split())
"""Markers whose tests must run here: a skip of one is a failure. Continuous integration names them all."""


ROUGHLY = {"long": 60.0, "browser": 8.0, "slow": 2.0}
"""Seconds of a test that bears a mark; of the first that it bears."""


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with real inputs, `data/` and `instances/`; it may not be published, so it lies outside."""
    named = os.environ.get("DUONGTHU_TEST_DATA")
    if not named:
        pytest.skip("real inputs: set DUONGTHU_TEST_DATA to the folder that holds data/ and instances/")
    folder = Path(named).resolve()
    if not (folder / "data").is_dir():
        pytest.fail(f"DUONGTHU_TEST_DATA names {folder}, which has no folder data/")
    return folder


SERVICES = frozenset({"service", "sqlite_service", "sqlite_service_of_module", "database_url", "empty_database_url"})
"""Fixtures that start a service or make a database: a thousand tests take them, a quarter of a second each."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Mark what needs a service, and begin with the files that take longest.

    One that began last would leave all workers but one idle.
    """
    for item in items:
        if not SERVICES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("service")
    seconds: defaultdict[Path, float] = defaultdict(float)
    for item in items:
        seconds[item.path] += next((s for mark, s in ROUGHLY.items() if item.get_closest_marker(mark)), 0.1)
    items.sort(key=lambda item: -seconds[item.path])


def pytest_collection_finish() -> None:
    """What is imported stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip of a required test into a failure."""
    report = yield
    missing = sorted(mark.name for mark in item.iter_markers() if mark.name in REQUIRED)
    if report.skipped and missing and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        named = ", ".join(missing)
        report.longrepr = f"{item.nodeid} must run here (DUONGTHU_REQUIRE: {named}) but was skipped: {report.longrepr}"
    return report
