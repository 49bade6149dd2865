"""
Published best-known routes, proved again.

The routes are facts copied from public lists; each file of `published_routes/` names its source. The instances and
the values to agree with are real inputs, so these tests need them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from routing import checker
from routing.formats import read_instance, solution_text
from routing.objective import Objective
from tests.routing.formats.double_precision import lateness

PUBLISHED = Path(__file__).parents[1] / "data" / "published_routes"
NAMES = sorted(path.stem for path in PUBLISHED.glob("*.txt"))
CENT = 0.005

pytestmark = pytest.mark.real_data


def published_values(test_data: Path) -> dict[str, tuple[Path, int, str]]:
    """Return instance file, vehicles and cost of every value that is marked as re-checked."""
    values = {}
    for table in sorted((test_data / "instances").glob("*/bks.csv")):
        with table.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                if "re-checked: True ok" in row["source"]:
                    path = table.with_name(f"{row['instance']}.txt")
                    values[row["instance"]] = path, int(row["vehicles"]), row["cost"]
    return values


def test_every_re_checked_value_has_its_routes(test_data: Path) -> None:
    assert sorted(published_values(test_data)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_published_routes_are_feasible_and_cost_what_is_published(name: str, test_data: Path) -> None:
    path, vehicles, cost = published_values(test_data)[name]
    instance = read_instance(path)
    text = solution_text.read(name, (PUBLISHED / f"{name}.txt").read_text(encoding="utf-8"))
    solution = solution_text.time_routes(instance, text.routes)
    assert not solution.unassigned
    assert checker.check(instance.problem, solution, objective=Objective.HIER) == ()
    assert lateness(instance, solution) == 0
    assert len(solution.routes) == vehicles
    assert instance.cost(solution) == pytest.approx(float(cost), abs=CENT)
    assert text.cost == float(cost)
