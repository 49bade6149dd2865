"""
How a day goes on. `routing.dispatch` is the door.

`events` (what can happen), `day` (what has happened and what is planned), `happening` (an event makes a new day),
`remaining` (what is still to be done, as a problem), `standing` (what of the plan still holds, and the cheapest places
for what has none), `changes` (what a new plan changes, for whom and why).
"""
