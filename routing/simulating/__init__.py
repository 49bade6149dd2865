"""
The parts of the replay: what a plan asks of the courier, and how far reality strays from it.

`routing/simulation.py` is their door.
"""
