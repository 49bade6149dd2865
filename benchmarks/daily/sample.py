"""A made-up day of one base: stops around a town, lunch, several trips. No real place."""

from __future__ import annotations

import numpy as np

from routing.model import FOREVER, Break, Depot, Preferences, Problem, Shipment, Stop, TimeWindow, VehicleType

HOUR = 3600


def sample_day(shipments: int, stops: int, couriers: int, *, seed: int = 0, waves: bool = True) -> Problem:
    """
    Make up a day that looks like a base's.

    Parameters
    ----------
    shipments, stops, couriers
        How many; shipments fall on stops at random.
    waves
        A quarter of the deliveries arrive at 10:30, and a quarter of the collections must be back by then.
    """
    rng = np.random.default_rng(seed)
    places = np.vstack([[0.0, 0.0], rng.normal(0, 6000, (stops, 2))])
    air = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))
    distance = (1.32 * air).astype(np.int32)
    duration = (distance / 8.3).astype(np.int32)
    office_hours = (TimeWindow(7 * HOUR + 1800, 11 * HOUR + 1800), TimeWindow(13 * HOUR + 1800, 17 * HOUR))
    doors = tuple(Stop(k + 1, office_hours, setup_duration=120, zone=k % (2 * couriers)) for k in range(stops))
    made = [_shipment(rng, stops, waves=waves) for _ in range(shipments)]
    courier = VehicleType(
        capacity=(60, 40_000),
        tw_early=7 * HOUR,
        tw_late=17 * HOUR + 1800,
        max_overtime=HOUR,
        breaks=(Break(HOUR, 11 * HOUR, 13 * HOUR + 1800),),
        max_trips=3,
        reload_duration=600,
        fixed_cost=100_000 * 18_000,
        unit_distance_cost=1_500 * 18,
        unit_duration_cost=30_000 * 5,
        unit_overtime_cost=45_000 * 5,
    )
    fleet = tuple(courier for _ in range(couriers))
    depot = Depot(0, 6 * HOUR, 19 * HOUR)
    return Problem(doors, tuple(made), fleet, (depot,), (distance,), (duration,), preferences=Preferences())


def _shipment(rng: np.random.Generator, stops: int, *, waves: bool) -> Shipment:
    stop, kind = int(rng.integers(stops)), rng.random()
    load = (1, int(rng.integers(50, 900)))
    late = waves and rng.random() < 0.25
    must = bool(rng.random() < 0.7)
    penalty = 0 if must else 40_000 * 18_000
    if kind < 0.6:
        release = (10 * HOUR + 1800) if late else 0
        return Shipment(delivery=stop, load=load, delivery_duration=60, release=release, must_go=must, penalty=penalty)
    if kind < 0.95:
        back = 10 * HOUR + 1800 if late else FOREVER
        return Shipment(pickup=stop, load=load, pickup_duration=90, must_go=must, penalty=penalty, latest_return=back)
    other = (stop + 1) % stops
    return Shipment(
        pickup=stop, delivery=other, load=load, pickup_duration=90, delivery_duration=60, must_go=must, penalty=penalty
    )
