"""
Skills: a vehicle type has everything that the shipment needs.

Asked once, before a search: the table of requests by vehicle types of the site-dependent problem (Cordeau & Laporte
2001, *A tabu search algorithm for the site dependent vehicle routing problem with time windows*).
"""

from __future__ import annotations

from routing.model import Problem, Shipment


def has_skills(problem: Problem, shipment: Shipment, kind: int) -> bool:
    """Whether a vehicle type has all that a shipment needs."""
    return shipment.skills <= problem.vehicle_types[kind].skills
