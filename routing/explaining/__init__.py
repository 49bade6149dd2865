"""
How reasons are found. `routing.explain` is the door.

Where: `gaps` and `places` (most promising first), `attempts` (a shipment tried there), `fleet` (tried alone).
Whether: `excerpt` (what one route touches), `trial` and `chains` (the verdict), `permits` (whatever the clock says).
What would help: `causes` (which changes could), `relaxing` (what a change means), `least` (how much of it),
`effort` (what it asks of people), `bounds` (all refusals of one shipment, and the best change for each constraint).
"""
