"""
Balance: a price for each second of the longest working time.

Min-max equity (Matl, Hartl & Vidal 2018, *Workload equity in vehicle routing problems: a survey and analysis*).
"""

from __future__ import annotations

from routing.kernel.columns import BALANCE, WORKING, State, Tables
from routing.kernel.jit import inner, leaf


@inner
def balance_cost(tables: Tables, state: State) -> int:
    """Price of the longest working time of all rows, which is noted in `state.longest`."""
    price = tables.parameter[BALANCE]
    if price == 0:
        return 0
    longest = 0
    for vehicle in range(state.current.shape[0]):
        longest = max(longest, state.row_fact[state.current[vehicle], WORKING])
    state.longest[0] = longest
    return price * longest


@leaf
def longer(tables: Tables, state: State, working: int) -> int:
    """What it costs that a row will work so long."""
    price = tables.parameter[BALANCE]
    return price * max(0, working - state.longest[0]) if price > 0 else 0
