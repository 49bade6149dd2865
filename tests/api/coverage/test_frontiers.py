"""Where points reach most people in An Giang: as many as spopt finds, and never fewer as k grows."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from api.coverage.assumptions import Assumptions
from api.coverage.document import Means
from api.coverage.frontiers import siting
from api.coverage.situation import Situation, read_situation
from api.demo.provinces import DEFAULT_DAY, write_province
from api.network.reader import read_network
from api.plans.roads import load_roads
from geo.coverage.siting.frontier import frontier
from geo.coverage.siting.problem import SitingProblem
from tests.api.coverage.line_province import line_lab

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its imports
    pulp = pytest.importorskip("pulp")
    locate = pytest.importorskip("spopt.locate")

LIMIT = 1_800


@pytest.fixture(scope="module")
def an_giang(tmp_path_factory: pytest.TempPathFactory) -> Situation:
    network = read_network(write_province("an-giang", tmp_path_factory.mktemp("an-giang"))[0])
    return read_situation(network, load_roads(network, DEFAULT_DAY, settlements=True), DEFAULT_DAY)


def optimum(problem: SitingProblem, k: int) -> int:
    """People within the limit by spopt, today's points standing."""
    standing = np.isin(np.arange(problem.seconds.shape[1]), problem.fixed).astype(int)
    asked: dict[str, Any] = {"service_radius": LIMIT, "p_facilities": k + problem.fixed.size}
    made = locate.MCLP.from_cost_matrix(
        problem.seconds.astype(float), problem.people.astype(float), predefined_facilities_arr=standing, **asked
    )
    made.problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=0))
    people: int = round(pulp.value(made.problem.objective))
    return people


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*PuLP:DeprecationWarning")
@pytest.mark.parametrize("means", list(Means))
def test_an_giang_has_the_optimum_of_spopt(an_giang: Situation, means: Means) -> None:
    problem, _ = siting(an_giang, Assumptions(), means)
    found = frontier(problem, LIMIT, problem.candidates.size)
    people = found.people().tolist()
    assert len(people) == 24
    assert people == sorted(people)
    assert (np.array(people) >= found.greedy).all()
    assert [people[k - 1] for k in (1, 9, 24)] == [optimum(problem, k) for k in (1, 9, 24)]


def test_points_that_are_open_too_seldom_do_not_stand() -> None:
    situation = line_lab().situation
    posts = [siting(situation, Assumptions(least_days=days), Means.WALK)[0].fixed.size for days in (5, 6, 7)]
    assert posts == [2, 1, 1]  # the base is open every day, the culture post from Monday to Friday
