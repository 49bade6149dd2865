"""Small location problems, and their answers by trying every choice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import networkx as nx
from hypothesis import strategies as st

from geo.coverage.siting.problem import SitingProblem, siting_problem
from geo.matrix import UNREACHABLE

LIMIT = 10


@st.composite
def problems(draw: st.DrawFn, *, connected: bool = False, priced: bool = False) -> SitingProblem:
    """Up to 6 places, 5 candidates and 2 existing points; without capacities or with them."""
    places, points = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    time = st.integers(0, 20) if connected else st.one_of(st.integers(0, 20), st.just(UNREACHABLE))
    seconds = draw(st.lists(st.lists(time, min_size=points, max_size=points), min_size=places, max_size=places))
    people = draw(st.lists(st.integers(0, 9), min_size=places, max_size=places).filter(any))
    order = draw(st.permutations(range(points)))
    fixed = draw(st.integers(0, min(2, points - 1)))
    capacity = draw(st.none() | st.lists(st.integers(0, 15), min_size=points, max_size=points))
    cost = draw(st.lists(st.integers(0, 5), min_size=points, max_size=points)) if priced else None
    return siting_problem(people, seconds, order[fixed:], fixed=order[:fixed], capacity=capacity, cost=cost)


def choices(problem: SitingProblem, k: int) -> Iterator[tuple[int, ...]]:
    """Every set of at most k candidates."""
    for size in range(k + 1):
        yield from itertools.combinations(problem.candidates.tolist(), size)


def served(problem: SitingProblem, opened: tuple[int, ...], limit: int) -> int:
    """People within the limit, by networkx or by looking at each place."""
    return flow(problem, opened, limit)[0]


def flow(problem: SitingProblem, opened: tuple[int, ...], limit: int) -> tuple[int, int]:
    """People served, and the seconds summed over them, at least."""
    points = [*problem.fixed.tolist(), *opened]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(("from", "to"))
    for place, people in enumerate(problem.people.tolist()):
        graph.add_edge("from", f"place {place}", capacity=people, weight=0)
        for point in points:
            seconds = int(problem.seconds[place, point])
            if seconds <= limit and seconds != UNREACHABLE:
                graph.add_edge(f"place {place}", f"point {point}", capacity=people, weight=seconds)
    for point in points:
        room = int(problem.people.sum()) if problem.capacity is None else int(problem.capacity[point])
        graph.add_edge(f"point {point}", "to", capacity=room, weight=0)
    flows = nx.max_flow_min_cost(graph, "from", "to")
    return sum(flows["from"].values()), int(nx.cost_of_flow(graph, flows))
