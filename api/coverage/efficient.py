"""
Cost against people: choices of remedies that no other choice beats, at most one remedy a place.

All corners of the convex frontier are found, exactly: between two neighbours the programme asks for the choice that
lies furthest above the line that joins them, until there is none (Aneja and Nair). Each corner is efficient: nothing
reaches as many people for less. Choices below that line between two corners exist too; they are worse value.

References
----------
.. [1] Aneja, Nair (1979). Bicriteria transportation problem. Management Science 25(1).
       https://doi.org/10.1287/mnsc.25.1.73
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model


@dataclass(frozen=True, slots=True)
class Option:
    """One remedy for one place."""

    place: int
    """At most one option of a place is chosen."""
    dong: int
    """A year; below 0 = it saves."""
    reaches: frozenset[int]
    """Places that it brings within the limit."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An efficient choice."""

    dong: int
    people: int
    """Brought within the limit."""
    options: tuple[int, ...]
    """Ascending."""


def efficient_choices(options: Sequence[Option], people: Sequence[int]) -> list[Chosen]:
    """
    Find the corners of the convex frontier, the cheapest first.

    Parameters
    ----------
    people
        By place.
    """
    programme = _Programme(options, people)
    everybody, all_money = sum(people) + 1, sum(abs(option.dong) for option in options) + 1
    cheapest = programme.best(1, everybody)
    widest = programme.best(all_money, 1)
    return _between(programme, cheapest, widest) if cheapest != widest else [cheapest]


def best_within(options: Sequence[Option], people: Sequence[int], dong: int) -> Chosen:
    """
    Find the choice that reaches most people for at most so much; of those the cheapest.

    It need not be a corner of the frontier: between two corners there may be better ones for a budget.

    Parameters
    ----------
    people
        By place.
    dong
        From 0.
    """
    programme = _Programme(options, people)
    programme.limit(dong)
    return programme.best(sum(abs(option.dong) for option in options) + 1, 1)


def _between(programme: _Programme, low: Chosen, high: Chosen) -> list[Chosen]:
    """Corners from one choice to another, both of them included."""
    corners, open_pairs = [low, high], [(low, high)]
    while open_pairs:
        left, right = open_pairs.pop()
        a_person, a_dong = right.dong - left.dong, right.people - left.people
        if a_person <= 0 or a_dong <= 0:
            continue
        found = programme.best(a_person, a_dong)
        if a_person * (found.people - left.people) > a_dong * (found.dong - left.dong):
            corners.append(found)
            open_pairs += [(left, found), (found, right)]
    return sorted(corners, key=lambda one: (one.dong, one.people))


class _Programme:
    """Which options to choose; asked again and again with other weights."""

    def __init__(self, options: Sequence[Option], people: Sequence[int]) -> None:
        self._options, self._people = options, people
        self._model = cp_model.CpModel()
        self._taken = [self._model.new_bool_var(f"option {number}") for number in range(len(options))]
        of_place: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        reaching: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        for option, variable in zip(options, self._taken, strict=True):
            of_place[option.place].append(variable)
            for place in sorted(option.reaches):
                reaching[place].append(variable)
        for variables in of_place.values():
            self._model.add_at_most_one(variables)
        self._reached = {place: self._model.new_bool_var(f"place {place}") for place in sorted(reaching)}
        for place, variable in self._reached.items():
            self._model.add_bool_or(*reaching[place], variable.negated())

    def limit(self, dong: int) -> None:
        """Spend no more from now on."""
        self._model.add(self._spent(1) <= dong)

    def best(self, a_person: int, a_dong: int) -> Chosen:
        """The choice with the most of people times `a_person` less đồng times `a_dong`."""
        gain = sum(a_person * self._people[place] * variable for place, variable in self._reached.items())
        self._model.maximize(gain - self._spent(a_dong))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        status = solver.solve(self._model)
        if status != cp_model.OPTIMAL:
            raise RuntimeError(f"the choice of remedies was not solved: {solver.status_name(status)}")
        chosen = tuple(number for number, taken in enumerate(self._taken) if solver.boolean_value(taken))
        return self._told(chosen)

    def _spent(self, a_dong: int) -> cp_model.LinearExpr:
        return cp_model.LinearExpr.weighted_sum(self._taken, [a_dong * option.dong for option in self._options])

    def _told(self, chosen: tuple[int, ...]) -> Chosen:
        reached = frozenset[int]().union(*(self._options[number].reaches for number in chosen))
        dong = sum(self._options[number].dong for number in chosen)
        return Chosen(dong, sum(self._people[place] for place in reached), chosen)
