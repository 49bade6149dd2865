"""
Whole ways of shipments over rounds, lines and desks: how early they can arrive, and how late each leg may be.

A timetable lists every departure of a span of days. Searched backwards, it tells for each departure how early any
other place is reached by it; all shipments are then answered by looking up. Times are seconds after midnight of day 0;
whoever builds the timetable turns dates, working days and opening hours into them.

References
----------
.. [1] Dibbelt, Pajor, Strasser, Wagner (2013). Intriguingly Simple and Fast Transit Routing. SEA. Profiles by one scan
       over connections. https://doi.org/10.1007/978-3-642-38527-8_6
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY = 86_400
"""Seconds."""
NEVER = 2**62
"""Arrival of a shipment that nothing carries to its destination."""

_NONE = -1
_BLOCK = 256  # destinations that are searched for together: memory is departures x this x 12 bytes

Times = NDArray[np.int64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Service:
    """
    Something that carries shipments from one place to another at the same hours of several days.

    A collect round goes from an address or desk to the base, a line from site to site, a deliver round from the base to
    an address or desk. Hours are seconds after midnight of the day of departure; they may lie beyond 86,400.

    Raises
    ------
    ValueError
        When it joins a place with itself, or arrives no later than its cut-off.
    """

    origin: int
    destination: int
    cut_off: int
    """Latest hand-in at the origin."""
    arrives: int
    days: tuple[int, ...]
    """Days of departure."""
    handling: int = 0
    """Seconds at the destination before a shipment can go on."""

    def __post_init__(self) -> None:
        if min(self.origin, self.destination) < 0 or self.origin == self.destination:
            raise ValueError(f"a service joins two places, got {self.origin} and {self.destination}")
        if self.arrives <= self.cut_off or self.handling < 0:
            raise ValueError(
                f"a service arrives after its cut-off {self.cut_off}, and handling takes some time or none, "
                f"got {self.arrives} and {self.handling}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """Every departure of some services, c of them, by place of origin, then by cut-off."""

    service: Rows
    """Shape (c,): which service departs."""
    origin: Rows
    destination: Rows
    cut_off: Times
    arrives: Times
    onward: Rows
    """Shape (c,): the first departure from the destination that is still caught; -1 = none."""
    first: Rows
    """Shape (places + 1,): the departures from place p are first[p] ... first[p + 1] - 1."""
    counts_as: Rows
    """Shape (places,): the destination that is reached where a shipment comes to a place: mostly the place itself."""

    @property
    def size(self) -> int:
        return int(self.service.size)

    def next_from(self, places: ArrayLike, times: ArrayLike) -> Rows:
        """The first departure from each place whose cut-off is not before a time; -1 = none."""
        at, since = np.asarray(places, dtype=np.int64), np.asarray(times, dtype=np.int64)
        return _first_since(self.first, self.cut_off, at, since)


def timetable(services: Sequence[Service], num_places: int, counts_as: Mapping[int, int] | None = None) -> Timetable:
    """
    List every departure.

    Parameters
    ----------
    counts_as
        Places where a shipment has come to another one's door, and that one: two places are one site where it matters
        for going on how a shipment came.

    Raises
    ------
    ValueError
        When a service names a place that does not exist.
    """
    for service in services:
        if max(service.origin, service.destination) >= num_places:
            raise ValueError(f"places lie in 0 ... {num_places - 1}, got {service.origin} and {service.destination}")
    counts = np.array([len(service.days) for service in services], dtype=np.int64)
    which = np.repeat(np.arange(len(services)), counts)
    midnight = DAY * np.array([day for service in services for day in service.days], dtype=np.int64)
    columns = np.array(
        [(s.origin, s.destination, s.cut_off, s.arrives, s.handling) for s in services], dtype=np.int64
    ).reshape(-1, 5)
    origin, destination, cut_off, arrives, handling = columns[which].T
    cut_off, arrives = cut_off + midnight, arrives + midnight
    order = np.lexsort((which, arrives, cut_off, origin))
    first = np.concatenate(([0], np.cumsum(np.bincount(origin, minlength=num_places))))
    ready = (arrives + handling)[order]
    doors = np.arange(num_places)
    for place, door in (counts_as or {}).items():
        doors[place] = door
    return Timetable(
        service=which[order],
        origin=origin[order],
        destination=destination[order],
        cut_off=cut_off[order],
        arrives=arrives[order],
        onward=_first_since(first, cut_off[order], destination[order], ready),
        first=first,
        counts_as=doors,
    )


def _first_since(first: Rows, cut_off: Times, places: Rows, times: Times) -> Rows:
    """Binary search within the rows of each place, for all at once."""
    low, end = first[places].copy(), first[places + 1]
    high = end.copy()
    while np.any(low < high):
        middle = (low + high) // 2
        open_ = low < high
        late = open_ & (cut_off[np.minimum(middle, max(cut_off.size - 1, 0))] < times) if cut_off.size else open_
        low[late] = middle[late] + 1
        high[open_ & ~late] = middle[open_ & ~late]
    return np.where(low < end, low, _NONE)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Shipments to be carried, s of them."""

    origin: Rows
    """Shape (s,): the place where each lies."""
    destination: Rows
    ready: Times
    """From when on it can be handed in."""
    due: Times
    """By when it should have arrived."""


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """
    The earliest way of each shipment, and how late each part of it may be.

    The legs of shipment i are rows first_leg[i] ... first_leg[i + 1] - 1; none where it is at its destination already,
    or nothing carries it there.
    """

    arrival: Times
    """Shape (s,): earliest; `NEVER` where nothing carries it there."""
    latest_start: Times
    """Shape (s,): latest hand-in that still arrives by the due time; that of the earliest way where none does."""
    first_leg: Rows
    """Shape (s + 1,)."""
    departure: Rows
    """By leg: row of the timetable."""
    latest: Rows
    """By leg: the last departure from its place that still arrives by the due time; `departure` where none does."""
    alternatives: Rows
    """
    Shape (s, k): departures from where the shipment lies, the earliest arrival first, each next one handed in later and
    arriving later; -1 = no further one.
    """
    alternative_arrivals: Times
    """Shape (s, k); `NEVER` where there is none."""
    due: Times

    @property
    def slack(self) -> Times:
        """Shape (s,): seconds between earliest arrival and due time, negative = late; -`NEVER` = never arrives."""
        return np.where(self.arrival == NEVER, -NEVER, self.due - self.arrival)


def plan_journeys(table: Timetable, demand: Demand, *, alternatives: int = 3) -> Journeys:
    """
    Find the earliest way of every shipment, and for each leg the latest departure that keeps the due time.

    Among equally early ways the one that is handed in later is taken at each place, which is never a way about; but on
    that way the first departure is taken that arrives as early: mail does not lie about, and a delay then costs less.

    Parameters
    ----------
    table
        Every departure of the days in question.
    demand
        The shipments.
    alternatives
        Departures to list for each shipment, 1 at least.
    """
    count = demand.origin.size
    arrival, latest_start = np.full(count, NEVER), demand.ready.copy()
    options, option_arrivals = np.full((count, alternatives), _NONE), np.full((count, alternatives), NEVER)
    legs: list[tuple[Rows, Rows, Rows]] = []
    wanted, column = np.unique(demand.destination, return_inverse=True)
    for begin in range(0, wanted.size, _BLOCK):
        profile = _Profile(table, wanted[begin : begin + _BLOCK])
        rows = np.flatnonzero((column >= begin) & (column < begin + _BLOCK))
        at, goal = _Stand(rows, demand), column[rows] - begin
        start = table.next_from(at.origin, at.ready)
        arrival[rows] = np.where(at.is_there, at.ready, profile.arrival(start, goal))
        late = profile.last_in_time(start, goal, at.due)
        latest_start[rows] = np.where(at.is_there | (late == _NONE), at.ready, np.append(table.cut_off, NEVER)[late])
        options[rows], option_arrivals[rows] = profile.options(np.where(at.is_there, _NONE, start), goal, alternatives)
        legs += profile.legs(rows, np.where(at.is_there, _NONE, start), goal, at.due)
    shipment, departure, latest = (np.concatenate(column) for column in zip(*legs, strict=True)) if legs else _EMPTY
    order = np.argsort(shipment, kind="stable")
    first_leg = np.concatenate(([0], np.cumsum(np.bincount(shipment, minlength=count))))
    return Journeys(
        arrival, latest_start, first_leg, departure[order], latest[order], options, option_arrivals, demand.due
    )


_EMPTY = (np.zeros(0, dtype=np.int64),) * 3


class _Stand:
    """Where some of the shipments stand."""

    def __init__(self, rows: Rows, demand: Demand) -> None:
        self.origin, self.ready, self.due = demand.origin[rows], demand.ready[rows], demand.due[rows]
        self.is_there = self.origin == demand.destination[rows]


class _Profile:
    """For every departure and some destinations: the earliest arrival by it or a later one, and by which."""

    def __init__(self, table: Timetable, destinations: Rows) -> None:
        self._table = table
        shape = table.size + 1, destinations.size  # the last row: no departure at all
        self._arrival = np.full(shape, NEVER)
        self._choice = np.full(shape, _NONE, dtype=np.int32)
        self._destinations = destinations
        goal = np.full(table.first.size - 1, _NONE)
        goal[destinations] = np.arange(destinations.size)
        later = np.arange(1, table.size + 1)
        later[later == table.first[table.origin + 1]] = _NONE
        # Behind each column stands what there is where nothing departs: `_NONE` points there.
        self._handed_in_later = np.append(table.next_from(table.origin, table.cut_off + 1), _NONE)
        self._onward = np.append(table.onward, _NONE)
        self._last = np.append(table.first[table.origin + 1] - 1, _NONE)
        ends = goal[table.counts_as[table.destination]]
        for row in np.argsort(table.cut_off, kind="stable")[::-1].tolist():
            there = self._arrival[table.onward[row]].copy()
            if ends[row] != _NONE:
                there[ends[row]] = table.arrives[row]
            after = later[row]
            better = there < self._arrival[after]
            np.minimum(there, self._arrival[after], out=self._arrival[row])
            self._choice[row] = np.where(better, row, self._choice[after])

    def arrival(self, start: Rows, goal: Rows) -> Times:
        """Earliest arrival by a departure or a later one."""
        arrival: Times = self._arrival[start, goal]
        return arrival

    def last_in_time(self, start: Rows, goal: Rows, due: Times) -> Rows:
        """The last departure from the same place that arrives by a time; the best one where none does."""
        low, high = start.copy(), np.where(start == _NONE, start, self._last[start])
        in_time = self.arrival(start, goal) <= due
        while np.any(low < high):  # arrivals never fall from a departure to the next
            middle = (low + high + 1) // 2
            good = self._arrival[middle, goal] <= due
            low = np.where((low < high) & good, middle, low)
            high = np.where((low < high) & ~good, middle - 1, high)
        return np.where(in_time, low, self._first_as_early(start, goal))

    def _first_as_early(self, start: Rows, goal: Rows) -> Rows:
        """The first departure to where the chosen one goes that arrives as early; -1 = none."""
        chosen, first = self._choice[start, goal].astype(np.int64), np.full(start.size, _NONE)
        some = np.flatnonzero(chosen != _NONE)
        first[some] = start[some]
        while some.size:
            best = self._arrival[start[some], goal[some]]
            is_same = self._table.destination[first[some]] == self._table.destination[chosen[some]]
            is_as_early = self._arrival_by(first[some], goal[some]) == best
            some = some[(first[some] < chosen[some]) & ~(is_same & is_as_early)]
            first[some] += 1
        return first

    def _arrival_by(self, rows: Rows, goal: Rows) -> Times:
        """Earliest arrival by departures themselves."""
        table = self._table
        at_end = table.counts_as[table.destination[rows]] == self._destinations[goal]
        return np.where(at_end, table.arrives[rows], self._arrival[table.onward[rows], goal])

    def options(self, start: Rows, goal: Rows, count: int) -> tuple[Rows, Times]:
        """The best departure, then each next one that is handed in later and arrives later."""
        rows, arrivals = np.full((start.size, count), _NONE), np.full((start.size, count), NEVER)
        for place in range(count):
            chosen = self._choice[start, goal].astype(np.int64)
            rows[:, place], arrivals[:, place] = chosen, self._arrival[chosen, goal]
            start = self._handed_in_later[chosen]
        return rows, arrivals

    def legs(self, shipments: Rows, start: Rows, goal: Rows, due: Times) -> Iterable[tuple[Rows, Rows, Rows]]:
        """Yield, leg after leg: shipments, the departures they take, and the last ones that keep the due time."""
        while True:
            going = self._choice[start, goal] != _NONE
            shipments, start, goal, due = shipments[going], start[going], goal[going], due[going]
            if not shipments.size:
                return
            taken = self._first_as_early(start, goal)
            yield shipments, taken, self.last_in_time(start, goal, due)
            left = self._table.counts_as[self._table.destination[taken]] != self._destinations[goal]
            shipments, goal, due, start = shipments[left], goal[left], due[left], self._onward[taken[left]]
