"""
JD Logistics: every customer gets and gives something in one visit; vehicles and metres are paid.

Loads have six decimals and money has three: both are scaled to integers. Times are whole minutes, distances metres.

References
----------
.. [1] Liu, Tang & Yao (2021). Memetic search for vehicle routing with simultaneous pickup-delivery and time windows.
   Swarm and Evolutionary Computation 66. doi:10.1016/j.swevo.2021.100927
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np

from routing.formats.errors import InstanceFileError
from routing.formats.instance import Fleet, Format, Instance, Pricing, Travel, one_depot
from routing.formats.lines import Line, Lines
from routing.model import Action, IntMatrix, Shipment, Stop, Task, TimeWindow
from routing.objective import Objective

MOST, SMALLEST = 10**12, -12
"""Amounts and money are less than this, and have no digit after this decimal place but zeros."""

FILLING = -1
"""Marks an arc that the file has not given yet."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One row of NODE_SECTION; loads still with their decimals."""

    delivery: Decimal
    pickup: Decimal
    window: TimeWindow
    service: int

    @classmethod
    def read(cls, line: Line, number: int) -> Customer:
        line.expect(6, "number,delivery,pickup,early,late,service")
        if line.natural(0, "number") != number:
            raise line.error(f"expected node {number}, found {line.words[0]}")
        early, late = line.natural(3, "early"), line.natural(4, "late")
        if early > late:
            raise line.error(f"the window opens at {early} and closes at {late}")
        window = TimeWindow(early, late)
        return cls(_decimal(line, 1, "delivery"), _decimal(line, 2, "pickup"), window, line.natural(5, "service"))


def read_jd_vrpspdtw(file: str, text: str) -> Instance:
    """
    Read the header, `NODE_SECTION` and `DISTANCETIME_SECTION`; every stop must go.

    Parameters
    ----------
    file
        Name of the file, for messages.
    """
    lines = Lines(file, text, separator=",")
    header = _read_header(lines)
    size = _value(file, header, "DIMENSION").natural(1, "DIMENSION")
    if size < 2:
        raise header["DIMENSION"].error("the file needs a depot and a customer at least")
    customers = [Customer.read(lines.take(f"node {i}"), i) for i in range(size)]
    lines.skip_to("DISTANCETIME_SECTION")
    travel = _read_travel(lines, size)
    money = [_decimal(_value(file, header, key), 1, key) for key in ("DISPATCHINGCOST", "UNITCOST")]
    capacity = _decimal(_value(file, header, "CAPACITY"), 1, "CAPACITY")
    per_money = _scale(money)
    per_load = _scale([capacity, *(c.delivery for c in customers), *(c.pickup for c in customers)])
    fleet = Fleet(
        number=_value(file, header, "VEHICLES").natural(1, "VEHICLES"),
        capacity=(int(capacity * per_load),),
        shift=customers[0].window,
        fixed_cost=int(money[0] * per_money),
        unit_distance_cost=int(money[1] * per_money),
    )
    stops = [Stop(i, (c.window,)) for i, c in enumerate(customers) if i]
    return Instance(
        name=header["NAME"].words[1] if "NAME" in header else file,
        format=Format.JD_VRPSPDTW,
        problem=one_depot(fleet, stops, _shipments(customers[1:], per_load), travel),
        objective=Objective.DAILY,
        scale=1,
        nodes={Task(i, Action.DELIVER): i + 1 for i in range(size - 1)},
        lengths=(travel.lengths,),
        pricing=Pricing(vehicle=float(money[0]), length=float(money[1])),
    )


def _shipments(customers: Sequence[Customer], per_load: int) -> list[Shipment]:
    return [
        Shipment(
            delivery=stop,
            load=(int(customer.delivery * per_load),),
            collected=(int(customer.pickup * per_load),),
            delivery_duration=customer.service,
            must_go=True,
        )
        for stop, customer in enumerate(customers)
    ]


def _read_header(lines: Lines) -> dict[str, Line]:
    header: dict[str, Line] = {}
    while (line := lines.take("NODE_SECTION")).words[0].strip() != "NODE_SECTION":
        key, colon, value = ",".join(line.words).partition(":")
        if not colon:
            raise line.error("expected KEY : value")
        header[key.strip()] = Line(line.file, line.number, [key.strip(), value.strip()])
    return header


def _value(file: str, header: Mapping[str, Line], key: str) -> Line:
    if key not in header:
        raise InstanceFileError(file, None, f"the header names no {key}")
    return header[key]


def _read_travel(lines: Lines, size: int) -> Travel:
    distances: IntMatrix = np.full((size, size), FILLING, dtype=np.int32)
    durations: IntMatrix = np.zeros((size, size), dtype=np.int32)
    np.fill_diagonal(distances, 0)
    for _ in range(size * (size - 1)):
        line = lines.take("the last arc").expect(4, "from,to,metres,minutes")
        start, end = line.natural(0, "from"), line.natural(1, "to")
        if start >= size or end >= size or start == end or distances[start, end] != FILLING:
            raise line.error(f"the arc {start},{end} is given twice, or joins nodes that do not exist")
        distances[start, end], durations[start, end] = line.natural(2, "metres"), line.natural(3, "minutes")
    return Travel(distances, durations, distances.astype(np.float64))


def _decimal(line: Line, index: int, what: str) -> Decimal:
    try:
        value = Decimal(line.words[index].strip())
    except InvalidOperation:
        raise line.error(f"{what} must be a number, found {line.words[index]!r}") from None
    if not value.is_finite() or value < 0:
        raise line.error(f"{what} must be finite and not negative, found {line.words[index]!r}")
    exponent = value.normalize().as_tuple().exponent
    if value >= MOST or (isinstance(exponent, int) and exponent < SMALLEST):
        raise line.error(f"{what} has more digits than can be counted, found {line.words[index]!r}")
    return value


def _scale(values: Sequence[Decimal]) -> int:
    """Smallest power of ten that makes whole numbers of all values."""
    decimals = 0
    for value in values:
        exponent = value.normalize().as_tuple().exponent
        assert isinstance(exponent, int), "finite decimals have a number as exponent"
        decimals = max(decimals, -exponent)
    return int(10**decimals)
