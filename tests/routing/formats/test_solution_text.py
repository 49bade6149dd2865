"""Plain solution text: written, read back, and timed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.formats import InstanceFileError, solution_text
from routing.formats.li_lim import read_li_lim
from routing.formats.solomon import read_solomon
from routing.formats.solution_text import SolutionText
from tests.routing.formats.samples import LI_LIM, SOLOMON

routes = st.lists(st.lists(st.integers(1, 10**6), min_size=1).map(tuple)).map(tuple)
costs = st.none() | st.integers(0, 10**9).map(lambda cents: cents / 100)


@given(routes, costs)
def test_what_is_written_is_read_back(routes: tuple[tuple[int, ...], ...], cost: float | None) -> None:
    text = SolutionText(routes, cost)
    assert solution_text.read("a.sol", solution_text.render(text)) == text


def test_the_usual_spellings_are_read() -> None:
    text = "# from a list\n\nRoute 0 : 5 3 7\nroute #2:1\t2\nRoute #3:\nCOST: 12\n"
    assert solution_text.read("a.sol", text) == SolutionText(((5, 3, 7), (1, 2)), 12.0)


def test_another_line_is_named() -> None:
    with pytest.raises(InstanceFileError, match=r"^a\.sol, line 2: expected `Route"):
        solution_text.read("a.sol", "Route #1: 5\nRoute #2: 5 x\n")


def test_timed_routes_are_written_with_the_files_own_numbers() -> None:
    instance = read_solomon("square.txt", SOLOMON)
    solution = solution_text.time_routes(instance, [(2, 1), (3,)])
    assert solution_text.write(instance, solution) == "Route #1: 2 1\nRoute #2: 3\nCost 14.83\n"  # 3+4+5, 2*sqrt(2)


def test_what_no_route_visits_is_left_behind() -> None:
    instance = read_li_lim("pairs.txt", LI_LIM)
    solution = solution_text.time_routes(instance, [(1, 3)])
    assert [u.shipment for u in solution.unassigned] == [1]


@pytest.mark.parametrize(
    ("routes", "reason"),
    [
        ([(9,)], "node 9 does not exist"),
        ([(1, 2, 1)], "node 1 does not exist or was visited before"),
        ([(1,), (3, 1)], "route 2: node 1"),
        ([(1, 2)], "route 1 breaks time_windows"),
        ([(1, 2, 3)], "route 1 breaks capacity by 5"),
    ],
)
def test_routes_that_cannot_be_driven_say_why(routes: list[tuple[int, ...]], reason: str) -> None:
    late = SOLOMON.replace("10    10     20    1", "10     1      5    1")  # customer 2 closes before 1 is done
    text = SOLOMON if "capacity" in reason else late
    with pytest.raises(ValueError, match=reason):
        solution_text.time_routes(read_solomon("square.txt", text), routes)
