"""
How a sequence of visits gets its times. `routing.schedule` is the door.

`admission` (what does not depend on the clock), `layout` (the chain of points), `timeline` and `frontier` (earliest
and latest times of a chain), `timing` (the cheapest of them), `slack` (how much later each service could begin).
"""
