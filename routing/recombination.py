"""
The routes of all runs joined: each request once, by whichever run carried it best.

A search meets thousands of good routes and keeps one set of them; a better set often lies among the others. Runs put
their routes into a `RoutePool`, `recombine` chooses from it by set partitioning [1]_ [2]_ [3]_:

1. The linear relaxation (HiGHS) prices each request. No better answer holds a route whose reduced cost exceeds the gap
   between relaxation and incumbent, so most of the pool falls away.
2. Where vehicles weigh more than metres that gap is a part of a vehicle, and nothing falls away. Hence two branches,
   fewer routes than the incumbent and at least as many [4]_: in each the gap is a matter of metres.
3. CP-SAT makes the sum of reduced costs small. On partitions it equals the cost less a constant, but all numbers are
   below the gap, whatever the weights of the objective. What it finds is added up again in the true costs.

References
----------
.. [1] Foster, B. A. and Ryan, D. M. (1976). An integer programming approach to the vehicle scheduling problem.
       Operational Research Quarterly 27(2). 10.1057/jors.1976.63
.. [2] Rochat, Y. and Taillard, É. D. (1995). Probabilistic diversification and intensification in local search for
       vehicle routing. Journal of Heuristics 1(1). 10.1007/BF02430370
.. [3] Subramanian, A., Uchoa, E. and Ochi, L. S. (2013). A hybrid algorithm for a class of vehicle routing problems.
       Computers & Operations Research 40(10). 10.1016/j.cor.2013.01.013
.. [4] Desrochers, M., Desrosiers, J. and Solomon, M. (1992). A new optimization algorithm for the vehicle routing
       problem with time windows. Operations Research 40(2). 10.1287/opre.40.2.342
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, vstack

from routing.route_pool import PooledRoute, excess_of

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Members = npt.NDArray[np.integer[Any]]

POLL = 0.02
"""Seconds between two looks at the clock and at `cancel`."""

FIRST_COLUMNS = 1_000
"""Most columns of the first attempt; each further one has twice as many."""

PLAIN_COLUMNS = 2_500
"""Columns of the first look into a large pool."""

FIRST_SHARE = 0.5
"""Of the limits, most that the first look takes."""

OWN_SHARE = 0.7
"""Of the limits, most that the incumbent's own branch takes when there is another."""

RELAXED_SHARE = 0.7
"""Of the seconds left, most that one linear program takes."""

BUILD = 5e-5
"""Seconds to hand one column to CP-SAT, with room to spare; nothing is begun that the clock could not stop."""

LARGEST = 2**60
"""No sum of costs may pass it, so that int64 holds them."""


@dataclass(frozen=True, slots=True)
class Recombined:
    """A better choice of routes."""

    routes: tuple[PooledRoute, ...]
    left: tuple[int, ...]
    """Requests that no route carries."""
    cost: int
    """Of the routes and of what is left."""
    proven: bool
    """Whether no choice from this pool is cheaper."""


def recombine(
    pool: Sequence[PooledRoute],
    num_requests: int,
    left_cost: Sequence[int],
    available: Sequence[int],
    *,
    incumbent: Iterable[int],
    incumbent_cost: int | None = None,
    seconds: float | None = None,
    deterministic_limit: float | None = None,
    seed: int = 0,
    workers: int = 1,
    cancel: Callable[[], bool] | None = None,
) -> Recombined | None:
    """
    Choose routes so that each request is in exactly one of them or left, at least cost.

    With `workers` 1, the same seed and no end by `seconds` or `cancel`, the answer repeats.

    Parameters
    ----------
    pool
        A snapshot. Routes of equal kind and members should not repeat.
    left_cost
        Cost of leaving each request, at least 0.
    available
        Most routes of each kind.
    incumbent
        Keys of the routes driven now; requests outside them are left.
    incumbent_cost
        What the incumbent costs when its own routes are dearer than those that the pool knows by the same keys.
    seconds
        Wall-clock limit. None = none.
    deterministic_limit
        Limit of CP-SAT in its own machine-independent time, near a second each. None = none.
    cancel
        Asked every `POLL` seconds, from another thread too; true ends the search. A linear program that is being
        solved is then abandoned: its thread ends by itself, no later than `seconds` would have ended it.

    Returns
    -------
    better
        None when nothing strictly cheaper than the incumbent was found.

    Raises
    ------
    ValueError
        When the incumbent is no choice from this pool, or costs are negative or too large to add up.
    """
    limits = _Limits(seconds, deterministic_limit, cancel)
    table = _table(pool, num_requests, left_cost, available)
    best = table.answer(_columns_of(pool, num_requests, available, list(incumbent)))
    beaten = best.cost if incumbent_cost is None else incumbent_cost
    search = _Search(limits, seed, workers, best)
    search.run(table)
    if search.best.cost >= beaten:
        return None
    chosen = search.best.columns
    routes = tuple(pool[column] for column in chosen if column < len(pool))
    left = tuple(int(column) - len(pool) for column in chosen if column >= len(pool))
    return Recombined(routes, left, search.best.cost, search.proven)


@dataclass(frozen=True, slots=True)
class _Answer:
    columns: IntArray
    """In order."""
    cost: int


@dataclass(frozen=True, slots=True)
class _Table:
    """Columns to choose from: a pooled route each, then one "left" for each request."""

    number: IntArray
    """Of each column, in the whole table."""
    costs: IntArray
    """Left requests at their squeezed cost (see `_squeezed`)."""
    true_costs: tuple[int, ...]
    """By number."""
    carried: csc_array
    """One row a request."""
    used: csr_array
    """Row k: routes of kind k; then the number of routes, and its negative."""
    room: IntArray
    """Upper limit of each row of `used`."""

    def answer(self, numbers: IntArray) -> _Answer:
        """Numbers of chosen columns, added up in the true costs."""
        return _Answer(np.sort(numbers), sum(self.true_costs[number] for number in numbers))

    def positions(self, answer: _Answer) -> npt.NDArray[np.bool_]:
        """Which columns an answer takes."""
        return np.isin(self.number, answer.columns)

    def squeezed_cost(self, answer: _Answer) -> int:
        """In `costs`; of an answer that need not fit the limits of this branch."""
        return int(self.costs[self.positions(answer)].sum())

    def allows(self, answer: _Answer) -> bool:
        taken = self.positions(answer)
        return len(answer.columns) == taken.sum() and bool((self.used @ taken.astype(np.int64) <= self.room).all())

    def only(self, keep: npt.NDArray[np.bool_]) -> _Table:
        columns = np.flatnonzero(keep)
        return replace(
            self,
            number=self.number[columns],
            costs=self.costs[columns],
            carried=self.carried[:, columns],
            used=self.used[:, columns],
        )

    def plain(self, most: int, best: _Answer) -> _Table:
        """About `most` columns that look cheap for their requests, and those of `best`."""
        sizes = np.diff(self.carried.indptr)
        excess = excess_of(self.costs.astype(float), sizes, self.carried.indices)
        keep = self.positions(best)
        keep[np.argsort(excess, kind="stable")[:most]] = True
        return self.only(keep)

    def branch(self, least: int, most: int) -> _Table:
        """Only answers of `least` to `most` routes."""
        return replace(self, room=np.concatenate([self.room[:-2], [most, -least]]))


@dataclass(frozen=True, slots=True)
class _Relaxed:
    """A branch and what its linear relaxation tells."""

    table: _Table
    bound: float
    """No answer of the branch costs less; inf when there is none."""
    request_price: FloatArray
    limit_price: FloatArray
    """Of each row of `used`, at most 0."""
    num_routes: float
    """In the fractional answer."""

    @property
    def reduced(self) -> FloatArray:
        table = self.table
        return np.asarray(table.costs - table.carried.T @ self.request_price - table.used.T @ self.limit_price)

    def promising(self, best: _Answer) -> npt.NDArray[np.bool_]:
        """The columns that an answer cheaper than `best` may hold, and those of `best` (reduced cost fixing)."""
        cost = self.table.squeezed_cost(best)
        tolerance = 0.5 + 1e-9 * cost
        keep: npt.NDArray[np.bool_] = self.reduced <= cost - self.bound + tolerance
        return keep | self.table.positions(best)

    def cheapest(self, most: int, best: _Answer) -> _Relaxed:
        """The `most` columns of least reduced cost, and those of `best`."""
        keep = self.table.positions(best)
        keep[np.argsort(self.reduced, kind="stable")[:most]] = True
        return replace(self, table=self.table.only(keep))


class _Limits:
    def __init__(self, seconds: float | None, deterministic: float | None, cancel: Callable[[], bool] | None) -> None:
        self._ends = inf if seconds is None else time.monotonic() + seconds
        self._cancel = cancel
        self.deterministic = inf if deterministic is None else deterministic
        self._whole: _Limits | None = None

    @property
    def remaining(self) -> float:
        """Seconds, at least 0."""
        return max(0.0, self._ends - time.monotonic())

    @property
    def is_over(self) -> bool:
        return self.remaining <= 0 or self.deterministic <= 0 or (self._cancel is not None and self._cancel())

    def part(self, share: float) -> _Limits:
        """Of what is left."""
        seconds = None if self._ends == inf else self.remaining * share
        part = _Limits(seconds, self.deterministic * share, self._cancel)
        part._whole = self
        return part

    def spend(self, deterministic: float) -> None:
        """Here and in the whole of which this is a part."""
        self.deterministic -= deterministic
        if self._whole is not None:
            self._whole.spend(deterministic)


class _Search:
    """Relax, branch by the number of routes, solve the branches."""

    def __init__(self, limits: _Limits, seed: int, workers: int, best: _Answer) -> None:
        self._limits, self._seed, self._workers = limits, seed, workers
        self.best = best
        self.proven = True

    def run(self, table: _Table) -> None:
        """A large table waits for a first look at its plain part: the relaxation of the whole takes seconds."""
        if len(table.number) > 2 * PLAIN_COLUMNS:
            first = _Search(self._limits.part(FIRST_SHARE), self._seed, self._workers, self.best)
            first.run(table.plain(PLAIN_COLUMNS, self.best))
            self.best = first.best
        self._run(table)

    def _run(self, table: _Table) -> None:
        root = self._relax(table)
        if not self._may_improve(root):
            return
        table = table.only(root.promising(self.best))
        *first, last = self._branches(table, root)
        for narrowed, share in [*((branch, OWN_SHARE) for branch in first), (last, 1.0)]:
            branch = self._relax(narrowed)
            if self._may_improve(branch):
                self._solve(branch, share)

    def _may_improve(self, branch: _Relaxed) -> bool:
        if self._limits.is_over:
            self.proven = False
            return False
        return branch.bound < branch.table.squeezed_cost(self.best) - 0.5

    def _branches(self, table: _Table, root: _Relaxed) -> list[_Table]:
        """Split where the relaxation has another number of routes than the incumbent, whose branch comes first."""
        most, least = int(table.room[-2]), -int(table.room[-1])
        now = int((self.best.columns < len(table.true_costs) - table.carried.shape[0]).sum())
        if abs(root.num_routes - now) < 1e-6:
            return [table]
        if root.num_routes < now:
            return [table.branch(now, most), table.branch(least, now - 1)]
        return [table.branch(least, now), table.branch(now + 1, most)]

    def _relax(self, table: _Table) -> _Relaxed:
        unit = max(1.0, float(np.median(table.costs)) / 1000)  # HiGHS' tolerances are absolute
        limit = RELAXED_SHARE * self._limits.remaining
        options = {} if limit == inf else {"time_limit": max(POLL, limit)}
        solve: Any = linprog  # its hints know no sparse matrices
        found = _awaited(
            lambda: solve(
                table.costs / unit, A_eq=table.carried.astype(float), b_eq=np.ones(table.carried.shape[0]),
                A_ub=table.used.astype(float), b_ub=table.room, method="highs-ds", options=options,
            ),
            self._limits,
        )  # fmt: skip
        if found is not None and found.status == 2:
            return _relaxed(table, inf)
        if found is None or found.status != 0:
            return _relaxed(table, 0.0)
        prices = found.eqlin.marginals * unit, found.ineqlin.marginals * unit
        relaxed = _Relaxed(table, 0.0, *prices, num_routes=float((table.used @ found.x)[-2]))
        constant = prices[0].sum() + prices[1] @ table.room
        return replace(relaxed, bound=float(constant + np.minimum(relaxed.reduced, 0).sum()))

    def _solve(self, branch: _Relaxed, share: float) -> None:
        """Ever more of the promising columns, cheapest first: a better answer makes fewer of them promising."""
        limits = self._limits.part(share)
        most = FIRST_COLUMNS
        while self._may_improve(branch):
            branch = replace(branch, table=branch.table.only(branch.promising(self.best)))
            whole = len(branch.table.number) <= most
            if limits.remaining < BUILD * min(most, len(branch.table.number)):
                self.proven = False
                break
            status = self._choose(branch if whole else branch.cheapest(most, self.best), limits)
            if whole or status not in (cp_model.OPTIMAL, cp_model.INFEASIBLE):
                self.proven &= status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
                break
            most *= 2

    def _choose(self, branch: _Relaxed, limits: _Limits) -> int:
        model, choices = _program(branch, self.best)
        solver = cp_model.CpSolver()
        _set_parameters(solver, self._seed, self._workers, limits)
        with _watched(solver, limits):
            status = solver.solve(model)
        limits.spend(solver.response_proto.deterministic_time)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            taken = np.array([solver.boolean_value(choice) for choice in choices])
            found = branch.table.answer(branch.table.number[taken])
            self.best = min(self.best, found, key=lambda answer: answer.cost)
        return int(status)


def _relaxed(table: _Table, bound: float) -> _Relaxed:
    """Without prices; a column dearer than the incumbent is still left out."""
    return _Relaxed(table, bound, np.zeros(table.carried.shape[0]), np.zeros(len(table.room)), inf)


def _program(branch: _Relaxed, best: _Answer) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """The branch for CP-SAT; its objective is the true one less a constant, in reduced costs and unused room."""
    table = branch.table
    request_price, limit_price = (np.rint(p).astype(np.int64) for p in (branch.request_price, branch.limit_price))
    reduced = table.costs - table.carried.T @ request_price - table.used.T @ limit_price
    target = table.squeezed_cost(best) - int(request_price.sum()) - int(limit_price @ table.room)
    model = cp_model.CpModel()
    choices = [model.new_bool_var("") for _ in reduced]
    by_row = table.carried.tocsr()
    for first, last in zip(by_row.indptr, by_row.indptr[1:], strict=False):
        model.add_exactly_one([choices[column] for column in by_row.indices[first:last]])
    slacks, slack_prices = _limited(model, choices, table, limit_price)
    prices = [*reduced.tolist(), *slack_prices]
    unit = 1 + sum(map(abs, prices)) // LARGEST  # coarser only for numbers that CP-SAT could not add up
    objective = cp_model.LinearExpr.weighted_sum([*choices, *slacks], [price // unit for price in prices])
    model.minimize(objective)
    if not table.allows(best):
        model.add(objective <= target // unit)
    for choice, taken in zip(choices, table.positions(best), strict=True):
        model.add_hint(choice, bool(taken))
    return model, choices


def _limited(
    model: cp_model.CpModel, choices: list[cp_model.IntVar], table: _Table, limit_price: IntArray
) -> tuple[list[cp_model.IntVar], list[int]]:
    """Keep the limits of each row of `used`; a row with a price gets a variable for its unused room."""
    slacks, prices = [], []
    used = table.used
    for row, (room, price) in enumerate(zip(table.room.tolist(), limit_price.tolist(), strict=True)):
        span = slice(used.indptr[row], used.indptr[row + 1])
        signs = used.data[span].tolist()
        taken = cp_model.LinearExpr.weighted_sum([choices[column] for column in used.indices[span]], signs)
        most = room - sum(sign for sign in signs if sign < 0)
        if price:
            slacks.append(model.new_int_var(0, max(0, most), ""))
            prices.append(-price)
            model.add(taken + slacks[-1] == room)
        elif room < sum(sign for sign in signs if sign > 0):
            model.add(taken <= room)
    return slacks, prices


def _set_parameters(solver: cp_model.CpSolver, seed: int, workers: int, limits: _Limits) -> None:
    solver.parameters.num_search_workers = workers
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.linearization_level = 2  # without the whole relaxation it searches ten times as long
    if limits.remaining < inf:
        solver.parameters.max_time_in_seconds = limits.remaining
    if limits.deterministic < inf:
        solver.parameters.max_deterministic_time = max(0.0, limits.deterministic)


@contextmanager
def _watched(solver: cp_model.CpSolver, limits: _Limits) -> Iterator[None]:
    """Stop a solver when the limits say so, even while it has no answer to call back with."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(POLL):
            if limits.is_over:
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _awaited(call: Callable[[], Any], limits: _Limits) -> Any:
    """
    The result of a call that cannot be stopped; None, and the call left to itself, when the limits say so.

    Whoever ends the process waits for it: HiGHS' own threads abort a process that ends around them.
    """
    results: list[Any] = []
    if limits.is_over:
        return None
    worker = threading.Thread(target=lambda: results.append(call()))
    worker.start()
    while worker.is_alive() and not limits.is_over:
        worker.join(POLL)
    return results[0] if results else None


def _table(
    pool: Sequence[PooledRoute], num_requests: int, left_cost: Sequence[int], available: Sequence[int]
) -> _Table:
    sizes = np.array([len(route.members) for route in pool] + [1] * num_requests)
    members = np.concatenate([*(route.members for route in pool), np.arange(num_requests)]).astype(np.int64)
    first_out = np.concatenate([[0], np.cumsum(sizes)])
    shape = num_requests, len(pool) + num_requests
    carried = csc_array((np.ones(len(members), np.int64), members, first_out), shape=shape)
    kinds = np.array([route.kind for route in pool], np.int64)
    routes = np.arange(len(pool))
    by_kind = csr_array((np.ones(len(pool), np.int64), (kinds, routes)), shape=(len(available), shape[1]))
    number = csr_array((np.ones(len(pool), np.int64), (np.zeros_like(routes), routes)), shape=(1, shape[1]))
    true_costs = (*(int(route.cost) for route in pool), *map(int, left_cost))
    costs = np.array(_squeezed(pool, true_costs), np.int64)
    room = np.array([*available, num_requests, 0], np.int64)
    return _Table(np.arange(shape[1]), costs, true_costs, carried, csr_array(vstack([by_kind, number, -number])), room)


def _squeezed(pool: Sequence[PooledRoute], costs: tuple[int, ...]) -> list[int]:
    """
    Costs with the same order of answers, but without needless size.

    Leaving a must-go request costs more than all routes together, by many powers of ten. One more than all routes and
    all cheaper requests together is enough, provided that all those prohibitive costs are alike.
    """
    routes, left = list(costs[: len(pool)]), costs[len(pool) :]
    if min(costs, default=0) < 0:
        raise ValueError(f"costs must be at least 0, got {min(costs)}")
    most = [0] * len(left)
    for route, cost in zip(pool, routes, strict=True):
        share = -(-cost // max(1, len(route.members)))
        for request in route.members.tolist():
            most[request] = max(most[request], share)
    reach = sum(most)
    for cost in sorted(left):
        if cost > reach:
            break
        reach += cost
    prohibitive = {cost for cost in left if cost > reach}
    if len(prohibitive) == 1:
        left = tuple(min(cost, reach + 1) for cost in left)
    if reach + sum(left) + sum(costs[: len(pool)]) // max(1, len(pool)) > LARGEST:
        raise ValueError(f"costs are too large to add up: {reach + sum(left):.3g} > {LARGEST:.3g}")
    return [*routes, *left]


def _columns_of(
    pool: Sequence[PooledRoute], num_requests: int, available: Sequence[int], keys: Sequence[int]
) -> IntArray:
    """The columns of an incumbent."""
    places = {route.key: place for place, route in enumerate(pool)}
    lost = [key for key in keys if key not in places]
    if lost:
        raise ValueError(f"routes of the incumbent must be in the pool, missing {lost}")
    chosen = [places[key] for key in keys]
    counts = np.zeros(num_requests, np.int64)
    np.add.at(counts, [request for place in chosen for request in pool[place].members.tolist()], 1)
    kinds = np.bincount([pool[place].kind for place in chosen], minlength=len(available))
    if (counts > 1).any() or (kinds > np.array(available)).any():
        raise ValueError("the incumbent must carry each request at most once and use available vehicles only")
    return np.array([*chosen, *(len(pool) + np.flatnonzero(counts == 0))], np.int64)
