"""
Li & Lim: paired pickups and deliveries within time windows, on a plane.

References
----------
.. [1] Li & Lim (2003). A metaheuristic for the pickup and delivery problem with time windows. International Journal
   on Artificial Intelligence Tools 12(2). doi:10.1142/S0218213003001186
"""

from __future__ import annotations

from pathlib import PurePath

import numpy as np

from routing.formats.errors import InstanceFileError
from routing.formats.euclidean import choose_scale, euclidean
from routing.formats.instance import Fleet, Format, Instance, Rounding, one_depot
from routing.formats.lines import Lines
from routing.formats.pairs import Node, read_node, shipments_of, stops_of
from routing.model import TimeWindow
from routing.objective import Objective

UNIT_SPEEDS = (0, 1)
"""The field ignores the speed of the first line: most files say 1, some 0, and all of them mean 1."""


def read_li_lim(file: str, text: str, rounding: Rounding = Rounding.EXACT) -> Instance:
    """
    Read `vehicles capacity speed`, then one row a node, the depot first.

    Parameters
    ----------
    file
        Name of the file, for messages; the instance is named after it.
    """
    lines = Lines(file, text)
    first = lines.take("the number of vehicles").expect(3, "number of vehicles, capacity, speed")
    number, capacity = first.natural(0, "number of vehicles"), first.natural(1, "capacity")
    if first.integer(2, "speed") not in UNIT_SPEEDS:
        raise first.error(f"the speed must be 1: travel time is distance, found {first.words[2]}")
    nodes: list[Node] = []
    while lines or not nodes:
        nodes.append(read_node(lines, len(nodes)))
    if len(nodes) < 3:
        raise InstanceFileError(file, None, "the file ends before the first pickup and its delivery")
    depot = nodes[0].window
    scale = choose_scale(max(n.window.late + n.service for n in nodes), rounding)
    travel = euclidean(np.array([(n.x, n.y) for n in nodes]), scale, rounding)
    fleet = Fleet(number, (capacity,), TimeWindow(depot.early * scale, depot.late * scale))
    shipments, numbers = shipments_of(nodes, scale)
    return Instance(
        name=PurePath(file).stem,
        format=Format.LI_LIM,
        problem=one_depot(fleet, stops_of(nodes, scale), shipments, travel),
        objective=Objective.DISTANCE if rounding is Rounding.DIMACS else Objective.HIER,
        scale=scale,
        nodes=numbers,
        lengths=(travel.lengths,),
    )
