"""Customers around one depot: what the Solomon and the Wang & Chen files hold, and the problem they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.formats.errors import InstanceFileError
from routing.formats.euclidean import choose_scale, euclidean
from routing.formats.instance import Fleet, Format, Instance, Rounding, one_depot
from routing.formats.lines import Line, Lines
from routing.model import Action, Shipment, Stop, Task, TimeWindow
from routing.objective import Objective


@dataclass(frozen=True, slots=True)
class Customer:
    """One row: a place, what it gets and gives, and when."""

    number: int
    x: float
    y: float
    delivery: int
    pickup: int
    ready: int
    due: int
    service: int

    @classmethod
    def read(cls, line: Line, with_pickup: bool) -> Customer:
        """Read `number x y delivery [pickup] ready due service`."""
        names = ["number", "x", "y", "delivery", *(["pickup"] if with_pickup else []), "ready", "due", "service"]
        line.expect(len(names), " ".join(names))
        number, delivery = line.natural(0, "number"), line.natural(3, "delivery")
        pickup = line.natural(4, "pickup") if with_pickup else 0
        ready, due, service = (line.natural(i - 3, names[i - 3]) for i in range(len(names), len(names) + 3))
        if ready > due:
            raise line.error(f"ready time {ready} is after due date {due}")
        return cls(number, line.real(1, "x"), line.real(2, "y"), delivery, pickup, ready, due, service)


def read_customers(lines: Lines, with_pickup: bool) -> list[Customer]:
    """Read the rows up to the end of the file; the first is the depot, numbers count up from 0."""
    customers: list[Customer] = []
    while lines:
        line = lines.take("a customer")
        customer = Customer.read(line, with_pickup)
        if customer.number != len(customers):
            raise line.error(f"expected customer {len(customers)}, found {customer.number}")
        customers.append(customer)
    if len(customers) < 2:
        raise InstanceFileError(lines.file, None, "the file ends before the first customer")
    return customers


def customer_instance(
    name: str, kind: Format, vehicles: tuple[int, int], customers: Sequence[Customer], rounding: Rounding
) -> Instance:
    """
    Make an instance of customers who are visited once, from one depot.

    Parameters
    ----------
    vehicles
        How many there are, and what each holds.
    """
    depot, *served = customers
    scale = choose_scale(max(c.due + c.service for c in customers), rounding)
    travel = euclidean(np.array([(c.x, c.y) for c in customers]), scale, rounding)
    stops = [Stop(c.number, (TimeWindow(c.ready * scale, c.due * scale),)) for c in served]
    shipments = [
        Shipment(
            delivery=c.number - 1,
            load=(c.delivery,),
            collected=(c.pickup,) if c.pickup else (),
            delivery_duration=c.service * scale,
            must_go=True,
        )
        for c in served
    ]
    fleet = Fleet(vehicles[0], (vehicles[1],), TimeWindow(depot.ready * scale, depot.due * scale))
    return Instance(
        name=name,
        format=kind,
        problem=one_depot(fleet, stops, shipments, travel),
        objective=Objective.DISTANCE if rounding is Rounding.DIMACS else Objective.HIER,
        scale=scale,
        nodes={Task(i, Action.DELIVER): c.number for i, c in enumerate(served)},
        lengths=(travel.lengths,),
    )
