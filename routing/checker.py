"""
Proves an answer: plain Python that believes nothing a solution says and shares no code with what made it.

To add a constraint, write one small function in `routing/checking/` and add one line to a table here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from routing.checking import cargo, clock, permits, rest, slack, structure
from routing.checking.facts import RouteFacts, Violation
from routing.checking.recount import stated_total
from routing.model import Problem
from routing.objective import Objective
from routing.solution import Constraint, Route, Solution

__all__ = ["Violation", "check", "check_route", "feasible"]

WholeRule = Callable[[Problem, Solution], Iterator[Violation]]
RouteRule = Callable[[RouteFacts], Iterator[Violation]]

RULES_OF_SOLUTIONS: tuple[tuple[Constraint, WholeRule], ...] = (
    (Constraint.STRUCTURE, structure.completeness),
    (Constraint.PRECEDENCE, structure.precedence),
    (Constraint.FLEET, structure.fleet),
    (Constraint.LOCKS, structure.frozen_parts),
)
"""What is asked of a solution as a whole."""

RULES_OF_ROUTES: tuple[tuple[Constraint, RouteRule], ...] = (
    (Constraint.STRUCTURE, structure.tasks_at_their_stops),
    (Constraint.STRUCTURE, cargo.stated_loads),
    (Constraint.STRUCTURE, permits.stated_distance),
    (Constraint.REACHABILITY, permits.reachability),
    (Constraint.TIMELINE, clock.timeline),
    (Constraint.TIME_WINDOWS, clock.time_windows),
    (Constraint.TRIPS, clock.trips),
    (Constraint.DEPOT_HOURS, clock.depot_hours),
    (Constraint.SHIFT, clock.shift),
    (Constraint.BREAKS, rest.breaks),
    (Constraint.RELEASE, clock.release),
    (Constraint.LATEST_RETURN, clock.latest_return),
    (Constraint.RIDE_TIME, clock.ride_time),
    (Constraint.MAX_DURATION, clock.max_duration),
    (Constraint.MAX_DISTANCE, permits.max_distance),
    (Constraint.CAPACITY, cargo.capacity),
    (Constraint.SKILLS, permits.skills),
    (Constraint.DEPOT, permits.depot),
    (Constraint.LOCKS, permits.allowed_types),
)
"""What is asked of each route."""


def check(
    problem: Problem, solution: Solution, *, objective: Objective | None = None, total: int | None = None
) -> tuple[Violation, ...]:
    """
    Find everything that is wrong with a solution.

    Parameters
    ----------
    problem
        What was asked.
    solution
        What was answered.
    objective, total
        When both are given: what the solution is said to score.

    Returns
    -------
    violations
        Empty = proved.
    """
    violations = tuple(structure.nonsense(problem, solution))
    if violations:  # nothing else can be computed
        return violations
    violations = tuple(_broken_rules(problem, solution))
    if not violations:
        violations = tuple(v for facts in _routes(problem, solution) for v in slack.stated_slack(facts))
    if objective is not None and total is not None:
        violations += tuple(stated_total(problem, solution, objective, total))
    return violations


def check_route(problem: Problem, route: Route) -> tuple[Violation, ...]:
    """
    Find every rule on single routes that one route breaks; what is stated of slack is left aside.

    Cheap: for whoever changes a few routes of many and knows what the others break.

    Returns
    -------
    violations
        `Violation.route` is 0.
    """
    alone = Solution(routes=(route,))
    if violations := tuple(structure.nonsense(problem, alone)):
        return violations
    facts = RouteFacts(problem, 0, route)
    return tuple(violation for _, rule in RULES_OF_ROUTES for violation in rule(facts))


def feasible(problem: Problem, solution: Solution) -> bool:
    """Whether nothing at all is wrong with a solution."""
    return not check(problem, solution)


def _routes(problem: Problem, solution: Solution) -> list[RouteFacts]:
    return [RouteFacts(problem, number, route) for number, route in enumerate(solution.routes)]


def _broken_rules(problem: Problem, solution: Solution) -> Iterator[Violation]:
    for _, rule in RULES_OF_SOLUTIONS:
        yield from rule(problem, solution)
    for facts in _routes(problem, solution):
        for _, route_rule in RULES_OF_ROUTES:
            yield from route_rule(facts)
