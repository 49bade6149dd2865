"""
Solomon (100 customers) and Gehring & Homberger (200 to 1,000): deliveries from one depot within time windows.

References
----------
.. [1] Solomon (1987). Algorithms for the vehicle routing and scheduling problems with time window constraints.
   Operations Research 35(2). doi:10.1287/opre.35.2.254
.. [2] Gehring & Homberger (1999). A parallel hybrid evolutionary metaheuristic for the vehicle routing problem with
   time windows. EUROGEN99.
"""

from __future__ import annotations

from routing.formats.customers import customer_instance, read_customers
from routing.formats.instance import Format, Instance, Rounding
from routing.formats.lines import Lines


def read_solomon(file: str, text: str, rounding: Rounding = Rounding.EXACT) -> Instance:
    """
    Read name, `VEHICLE` section and `CUSTOMER` section.

    Parameters
    ----------
    file
        Name of the file, for messages.
    """
    lines = Lines(file, text)
    name = " ".join(lines.take("the name").words)
    lines.skip_to("VEHICLE")
    lines.skip_to("NUMBER")
    fleet = lines.take("the number of vehicles").expect(2, "number of vehicles, capacity")
    vehicles = fleet.natural(0, "number of vehicles"), fleet.natural(1, "capacity")
    lines.skip_to("CUSTOMER")
    lines.skip_to("CUST")
    customers = read_customers(lines, with_pickup=False)
    return customer_instance(name, Format.SOLOMON, vehicles, customers, rounding)
