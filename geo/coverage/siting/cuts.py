"""
How long the ways are, told to a program by cuts: one unknown a place, and rows that hold it up.

For any time D, whoever has no open point within D needs D, and every open point nearer than that saves at most what it
is nearer: way >= D - sum of (D - time to the point) over the open points within D. For one choice of points, the row
with the right D is exact; so the few rows that matter are found choice by choice.

References
----------
.. [1] Cornuejols, Fisher, Nemhauser (1977). Location of bank accounts to optimize float. Management Science 23(8).
       https://doi.org/10.1287/mnsc.23.8.789
.. [2] Duran-Mateluna, Ales, Elloumi (2023). An efficient Benders decomposition for the p-median problem. EJOR 308(1).
       https://doi.org/10.1016/j.ejor.2022.11.033
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coverage.siting.covering import serve_everybody
from geo.coverage.siting.problem import SitingProblem, Whole
from geo.coverage.siting.program import Columns, Program

_NEVER = np.iinfo(np.int64).max
_ENOUGH = 1 - 1e-9  # of an open point
_TOLERANCE = 1e-7  # of a way: less is no violation


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The ways of those whom a new point can help, in a program."""

    program: Program
    is_open: Columns
    """Unknowns, one a candidate."""
    way: Columns
    """Unknowns, one a place: seconds."""
    place: NDArray[np.intp]
    """Of the problem."""
    seconds: Whole
    """Shape (places here, candidates): no more than to an existing point; never = no way."""
    standing: Whole
    """Shape (places here,): to the nearest existing point; never = no way."""
    settled: int
    """Seconds summed over the people whom no new point helps."""

    def cut(self, share: NDArray[np.float64], ways: NDArray[np.float64] | None) -> int:
        """
        Add the rows that hold the ways up where candidates are open by these shares.

        Parameters
        ----------
        share
            Shape (candidates,), 0 ... 1; halves occur while the program is relaxed.
        ways
            Shape (places here,): what the program took them for; None = add every row.

        Returns
        -------
        rows
            How many were added: those by which the program was wrong.
        """
        order = np.argsort(self.seconds, axis=1, kind="stable")
        times = np.take_along_axis(self.seconds, order, axis=1)
        filled = (np.cumsum(share[order], axis=1) < _ENOUGH).sum(axis=1)
        at = np.arange(self.place.size)
        needed = np.where(filled < times.shape[1], times[at, np.minimum(filled, times.shape[1] - 1)], _NEVER)
        longest = np.where(self.standing < _NEVER, self.standing, np.where(times < _NEVER, times, 0).max(axis=1))
        needed = np.minimum(needed, longest)
        saved = np.maximum(needed[:, None] - self.seconds, 0)
        if ways is None:
            wrong = at
        else:
            wrong = np.flatnonzero(needed - saved @ share > ways + _TOLERANCE * np.maximum(needed, 1))
        rows = self.program.rows(wrong.size, lower=needed[wrong])
        self.program.put(rows, self.way[wrong])
        row, candidate = np.nonzero(saved[wrong])
        self.program.put(rows[row], self.is_open[candidate], saved[wrong][row, candidate])
        return int(wrong.size)


def tell_ways(program: Program, is_open: Columns, problem: SitingProblem) -> Ways:
    """Let a program count the seconds of all people, first without any cut; everybody reaches an open point."""
    serve_everybody(program, is_open, problem, problem.reached())
    times = np.where(problem.reached(), problem.seconds.astype(np.int64), _NEVER)
    standing = times[:, problem.fixed].min(axis=1, initial=_NEVER)
    seconds = times[:, problem.candidates]
    helped = (seconds < standing[:, None]).any(axis=1)
    place = np.flatnonzero((problem.people > 0) & helped)
    settled = np.flatnonzero((problem.people > 0) & ~helped)
    return Ways(
        program=program,
        is_open=is_open,
        way=program.columns(place.size, weight=problem.people[place], upper=np.inf),
        place=place,
        seconds=np.minimum(seconds, standing[:, None])[place],
        standing=standing[place],
        settled=int((problem.people[settled] * standing[settled]).sum()),
    )
