"""
The engine's inner loops: numba over flat arrays, no objects, no clock, no log.

`columns` names every column, `evaluate` keeps a row (one vehicle's route) up to date, `scan` finds insertions, `ruin`
and `recreate` change a solution, `anneal` and `fleet` are the loops that Python calls. Formulas of single constraints
live in `routing/constraints/`.
"""
