"""
Wang & Chen: every customer gets something from the depot and gives something for it, in one visit.

References
----------
.. [1] Wang & Chen (2012). A genetic algorithm for the simultaneous delivery and pickup problems with time window.
   Computers & Industrial Engineering 62(1). doi:10.1016/j.cie.2011.08.018
"""

from __future__ import annotations

from routing.formats.customers import customer_instance, read_customers
from routing.formats.instance import Format, Instance, Rounding
from routing.formats.lines import Lines


def read_wang_chen(file: str, text: str, rounding: Rounding = Rounding.EXACT) -> Instance:
    """
    Read name, the line of customers, vehicles and capacity, and the customers.

    Parameters
    ----------
    file
        Name of the file, for messages.
    """
    lines = Lines(file, text)
    name = " ".join(lines.take("the name").words)
    lines.skip_to("NUMBER")
    sizes = lines.take("the number of vehicles").expect(3, "number of customers, number of vehicles, capacity")
    promised = sizes.natural(0, "number of customers")
    vehicles = sizes.natural(1, "number of vehicles"), sizes.natural(2, "capacity")
    lines.skip_to("CUST")
    customers = read_customers(lines, with_pickup=True)
    if len(customers) - 1 != promised:
        raise sizes.error(f"{promised} customers are promised, the file holds {len(customers) - 1}")
    return customer_instance(name, Format.WANG_CHEN, vehicles, customers, rounding)
