"""Change the sequence of a row: insert, remove, copy. Tracks are brought up to date by `evaluate`."""

from __future__ import annotations

from routing.kernel.columns import (
    END,
    FIXED_POSITIONS,
    LENGTH,
    RELOAD,
    REQUEST,
    ROW_COLUMNS,
    START,
    State,
    Tables,
)
from routing.kernel.jit import inner, leaf


@leaf
def insert(state: State, row: int, position: int, n: int) -> None:
    """Put a node or a mark at a position; what was there moves back."""
    length = state.row_fact[row, LENGTH]
    for p in range(length, position, -1):
        state.sequence[row, p] = state.sequence[row, p - 1]
    state.sequence[row, position] = n
    state.row_fact[row, LENGTH] = length + 1


@inner
def copy_row(state: State, source: int, target: int) -> None:
    """Make one row like another, tracks included."""
    length = state.row_fact[source, LENGTH]
    for p in range(length):
        state.sequence[target, p] = state.sequence[source, p]
    for channel in range(state.track.shape[0]):
        for p in range(length):
            state.track[channel, target, p] = state.track[channel, source, p]
    for fact in range(ROW_COLUMNS):
        state.row_fact[target, fact] = state.row_fact[source, fact]


@inner
def sweep_out(tables: Tables, state: State, vehicle: int, row: int) -> None:
    """Close the gaps of a row: drop nodes of requests that it lost, and trips that became empty."""
    fixed = tables.vehicle[vehicle, FIXED_POSITIONS]
    sequence, kept = state.sequence, fixed
    for p in range(fixed, state.row_fact[row, LENGTH]):
        n = sequence[row, p]
        if n >= 0:
            if state.vehicle_of[tables.node[n, REQUEST]] != vehicle:
                continue
        elif sequence[row, kept - 1] < 0 and kept > 1 and n == END:
            kept -= 1  # the last trip became empty: its reload goes
        elif n == RELOAD and sequence[row, kept - 1] < 0:
            continue  # so does that of an empty trip before others
        sequence[row, kept] = n
        kept += 1
    state.row_fact[row, LENGTH] = kept


@leaf
def clear(state: State, row: int) -> None:
    """An idle vehicle's row."""
    state.sequence[row, 0] = START
    state.sequence[row, 1] = END
    state.row_fact[row, LENGTH] = 2
