"""
What the checker knows. `routing.checker` is the door.

`facts` (what follows from the matrices and the stated order), then the rules: `structure`, `permits` (who may carry
what, where), `cargo` (loads), `clock` (times), `rest` (breaks); `slack` and `recount` recompute what a solution says
of itself. Nothing here is shared with `scheduling` or with an engine.
"""
