"""
One stream of the search: a solution in the kernel's arrays, and the few things that Python does with it.

Every call of the kernel lasts some milliseconds and lets other threads run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.encoding import Encoded
from routing.kernel import columns as c
from routing.kernel import timing
from routing.kernel.anneal import ANNEAL, CONSTRUCT, DONE, PREPARE, REDUCE, work
from routing.kernel.chance import seeds
from routing.kernel.columns import Search, State
from routing.sequences import Sequences, without

MEAN_REMOVED = 10
LONGEST_STRING = 10
DROPS_IN_A_THOUSAND = 5
"""Iterations that take out a whole route, where vehicles cost something."""
TAILS_IN_A_THOUSAND = 667
"""Iterations that exchange the tails of two routes: they cost little, and few of them find a place."""
VEHICLES_IN_A_THOUSAND = 20
"""Iterations that give a route to a vehicle of another class, where there are several."""
FEW_REQUESTS = 10
"""Up to so many, strings are the whole and one string is hardly a change: then chance must do more."""
EMPTIED, PASSED_OVER = 150, 150
"""In a thousand, with few requests: iterations that take out everything, vehicles that a request does not look at."""
GENEROUS, GENEROUS_WITH_FEW = 10, 150
"""Iterations in a thousand that insert what does not seem worth it."""


class Run:
    """A solution under work, and the best one so far."""

    def __init__(self, encoded: Encoded, seed: int) -> None:
        self._encoded = encoded
        # Regions close vehicles for one run only: the rest of the tables is shared.
        self._tables = encoded.tables._replace(vehicle=encoded.tables.vehicle.copy())
        self._state = _new_state(encoded, seed)
        self._search = _new_search(encoded)
        counter = self._search.counter
        counter[c.MEAN_REMOVED], counter[c.LONGEST_STRING] = MEAN_REMOVED, LONGEST_STRING
        counter[c.DROP_RATE] = DROPS_IN_A_THOUSAND if (self._tables.kind[:, c.FIXED] > 0).any() else 0
        counter[c.TAIL_RATE] = TAILS_IN_A_THOUSAND
        if encoded.tables.kind[:, c.ALIKE].max(initial=0) > 0:
            counter[c.VEHICLE_RATE] = VEHICLES_IN_A_THOUSAND
        if len(encoded.lots) <= FEW_REQUESTS:
            counter[c.EMPTY_RATE], counter[c.PASS_RATE] = EMPTIED, PASSED_OVER
        counter[c.GENEROUS_RATE] = GENEROUS_WITH_FEW if len(encoded.lots) <= FEW_REQUESTS else GENEROUS
        self.write([list(encoded.begun.get(v, ())) for v in range(len(encoded.vehicle_types))])

    # -- what the kernel does ----------------------------------------------------------------------------------------

    def construct(self) -> None:
        """Insert everything that is left behind, once."""
        self._work(CONSTRUCT, 1)

    def anneal(self, iterations: int, temperature: float) -> None:
        """Change the solution so many times; the temperature is in the unit of the total."""
        self._work(ANNEAL, iterations, temperature)

    def reduce(self, iterations: int, temperature: float) -> bool:
        """Try to get by with fewer vehicles; False = no vehicle is left that could stay at home."""
        return self._work(REDUCE, iterations, temperature) != DONE

    def _work(self, task: int, iterations: int, temperature: float = 0.0) -> int:
        return int(work(self._tables, self._state, self._search, task, iterations, temperature))

    # -- what there is -----------------------------------------------------------------------------------------------

    @property
    def best_total(self) -> int:
        return int(self._search.counter[c.BEST])

    @property
    def excess(self) -> int:
        """By how much the solution under work is dearer than the best one."""
        return int(self._search.counter[c.TOTAL] - self._search.counter[c.BEST])

    @property
    def vehicles(self) -> int:
        """Vehicles of the best solution."""
        return int((self._search.best_length > 2).sum())

    @property
    def price_of_node(self) -> float:
        """What a node of the solution under work costs on average, vehicles and what is left behind aside."""
        rows = self._state.row_fact[self._state.current]
        driving = rows[rows[:, c.LENGTH] > 2]
        fixed = self._tables.kind[self._tables.vehicle[rows[:, c.LENGTH] > 2, c.KIND], c.FIXED]
        nodes = int(driving[:, c.NODES].sum())
        return float((driving[:, c.COST] - fixed).sum()) / nodes if nodes else 1.0

    def best(self) -> Sequences:
        search = self._search
        return [search.best_sequence[v, 1 : n - 1].tolist() for v, n in enumerate(search.best_length.tolist())]

    def current(self) -> Sequences:
        rows, lengths = self._state.current, self._state.row_fact[:, c.LENGTH]
        return [self._state.sequence[row, 1 : lengths[row] - 1].tolist() for row in rows.tolist()]

    def costs(self) -> list[int]:
        """Cost of the row of each vehicle in the solution under work."""
        return [int(cost) for cost in self._state.row_fact[self._state.current, c.COST]]

    # -- what Python changes -----------------------------------------------------------------------------------------

    def write(self, sequences: Sequence[Sequence[int]], *, as_best: bool = False) -> None:
        """
        Work on another solution. Rows that cannot be driven lose requests from their end until they can.

        Parameters
        ----------
        as_best
            Forget what was better.
        """
        if as_best:
            self._search.counter[c.BEST] = 2**62
        rows = [list(sequence) for sequence in sequences]
        while (vehicle := self._written(rows)) >= 0:
            fixed = len(self._encoded.begun.get(vehicle, ()))
            if len(rows[vehicle]) <= fixed:
                raise UndrivableError(vehicle)
            rows[vehicle] = self._shortened(rows[vehicle], fixed)

    def limit_vehicles(self, most: int) -> None:
        """Allow no more vehicles to drive than this."""
        self._search.counter[c.LIMIT] = most

    def close(self, vehicles: Sequence[int]) -> None:
        """Leave these vehicles' routes as they are from now on, and open all others."""
        table = self._tables.vehicle
        table[:, c.CLOSED] = self._encoded.tables.vehicle[:, c.CLOSED]
        table[list(vehicles), c.CLOSED] = 1

    def _written(self, rows: Sequences) -> int:
        state = self._state
        state.vehicle_of[:] = -1
        for vehicle, sequence in enumerate(rows):
            row = state.current[vehicle]
            whole = [c.START, *sequence, c.END]
            state.sequence[row, : len(whole)] = whole
            state.row_fact[row, c.LENGTH] = len(whole)
            nodes = [n for n in sequence if n >= 0]
            requests = self._tables.node[nodes, c.REQUEST]
            state.vehicle_of[requests[requests >= 0]] = vehicle
        return self._work(PREPARE, 0)

    def _shortened(self, sequence: list[int], fixed: int) -> list[int]:
        """Without its last request."""
        last = max(p for p in range(fixed, len(sequence)) if sequence[p] >= 0)
        gone = int(self._tables.node[sequence[last], c.REQUEST])
        return without(self._tables.node, sequence, {gone}, fixed)


class UndrivableError(Exception):
    """The frozen part of a vehicle's route cannot be driven."""


def _new_state(encoded: Encoded, seed: int) -> State:
    tables, positions = encoded.tables, encoded.most_positions
    vehicles, requests = len(encoded.vehicle_types), len(tables.request)
    rows = 2 * vehicles + c.SPARE_ROWS
    channels = int(tables.parameter[c.FIRST_CHANNEL_LEAVE] + tables.parameter[c.STATES])
    points = 3 * positions + 4
    exact = bool(tables.parameter[c.IS_TIMED] or tables.parameter[c.HAS_RIDES])
    windows = positions * int(tables.node[:, c.NUM_WINDOWS].max(initial=1))
    return State(
        sequence=np.zeros((rows, positions), np.int32),
        track=np.zeros((channels, rows, positions), np.int64),
        row_fact=np.zeros((rows, c.ROW_COLUMNS), np.int64),
        current=np.arange(vehicles, dtype=np.int64) * 2,
        vehicle_of=np.full(requests, -1, np.int64),
        longest=np.zeros(1, np.int64),
        work=np.zeros(256 + 128 * (positions + 1), np.int64),
        chain=np.zeros((points, timing.CHAIN_WIDTH), np.int64),
        ride=np.zeros((positions, 3), np.int64),
        answer=np.zeros(timing.out_size(points), np.int64),
        scratch=np.zeros(timing.scratch_size(points, windows, positions) if exact else 1, np.int64),
        random=seeds(seed),
    )


def _new_search(encoded: Encoded) -> Search:
    vehicles, requests = len(encoded.vehicle_types), len(encoded.tables.request)
    classes = int(encoded.tables.kind[:, c.ALIKE].max(initial=-1)) + 1
    search = Search(
        counter=np.zeros(c.COUNTERS, np.int64),
        absent=np.zeros(requests + 1, np.int64),
        kept_absent=np.zeros(requests + 1, np.int64),
        moved=np.zeros((3, requests + 1), np.int64),
        touched=np.zeros((2, vehicles + 1), np.int64),
        seen=np.zeros(vehicles, np.int64),
        candidate=np.zeros(vehicles + classes + 1, np.int64),
        least=np.full(vehicles, -c.TOO_LATE, np.int64),
        refused=np.zeros(16, np.int64),
        idle=np.full(classes, -1, np.int64),
        key=np.zeros(requests + 1, np.float64),
        absences=np.zeros(requests + 1, np.int64),
        best_sequence=np.zeros((vehicles, encoded.most_positions), np.int32),
        best_length=np.full(vehicles, 2, np.int64),
        string=np.zeros(encoded.most_positions, np.int64),
    )
    search.counter[c.BEST], search.counter[c.LIMIT] = 2**62, vehicles
    return search
