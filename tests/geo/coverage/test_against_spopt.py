"""The same optimum as spopt on the same travel times; spopt solves its own models by CBC."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from geo.coverage.siting.lscp import lscp
from geo.coverage.siting.mclp import mclp
from geo.coverage.siting.p_center import p_center
from geo.coverage.siting.p_median import p_median
from geo.coverage.siting.problem import SitingProblem, siting_problem

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its imports
    pulp = pytest.importorskip("pulp")
    locate = pytest.importorskip("spopt.locate")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*PuLP:DeprecationWarning")]


def town(seed: int, places: int = 40, points: int = 15, fixed: int = 0) -> SitingProblem:
    rng = np.random.default_rng(seed)
    homes, desks = rng.random((places, 2)), rng.random((points, 2))
    seconds = np.rint(3600 * np.linalg.norm(homes[:, None] - desks[None, :], axis=2)).astype(int)
    return siting_problem(rng.integers(1, 5000, places), seconds, range(fixed, points), fixed=range(fixed))


def optimum(model: type[Any], problem: SitingProblem, **asked: Any) -> float:
    """What spopt finds; existing points are its predefined facilities."""
    standing = np.isin(np.arange(problem.seconds.shape[1]), problem.fixed).astype(int)
    given = {"predefined_facilities_arr": standing} if problem.fixed.size else {}
    made = model.from_cost_matrix(problem.seconds.astype(float), **asked, **given)
    solved = made.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=0), results=False)
    return float(pulp.value(solved.problem.objective))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("fixed", [0, 3])
def test_all_four_models_have_the_optimum_of_spopt(seed: int, fixed: int) -> None:
    problem, k = town(seed, fixed=fixed), 4
    people = problem.people.astype(float)
    far = int(problem.seconds.min(axis=1).max()) + 100
    assert mclp(problem, 700, k=k).value == pytest.approx(
        optimum(locate.MCLP, problem, weights=people, service_radius=700, p_facilities=k + fixed)
    )
    assert lscp(problem, far).value + fixed == optimum(locate.LSCP, problem, service_radius=far)
    assert p_median(problem, k).value == pytest.approx(
        optimum(locate.PMedian, problem, weights=people, p_facilities=k + fixed)
    )
    assert p_center(problem, k).value == pytest.approx(optimum(locate.PCenter, problem, p_facilities=k + fixed))
