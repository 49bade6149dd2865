"""
Sartori & Buriol: paired pickups and deliveries in real cities, with travel times on roads in whole minutes.

References
----------
.. [1] Sartori & Buriol (2020). A study on the pickup and delivery problem with time windows: Matheuristics and new
   instances. Computers & Operations Research 124. doi:10.1016/j.cor.2020.105065
"""

from __future__ import annotations

import numpy as np

from routing.formats.errors import InstanceFileError
from routing.formats.instance import Fleet, Format, Instance, Travel, one_depot
from routing.formats.lines import Line, Lines
from routing.formats.pairs import Node, read_node, shipments_of, stops_of
from routing.model import IntMatrix
from routing.objective import Objective


def read_sartori_buriol(file: str, text: str) -> Instance:
    """
    Read the header, `NODES` and `EDGES`; there are as many vehicles as pairs, for the file names no limit.

    Parameters
    ----------
    file
        Name of the file, for messages.
    """
    lines = Lines(file, text)
    header = _read_header(lines)
    size, capacity = (_header_number(file, header, key) for key in ("SIZE", "CAPACITY"))
    if size < 3:
        raise header["SIZE"].error("the file needs a depot, a pickup and its delivery at least")
    nodes: list[Node] = [read_node(lines, number) for number in range(size)]
    edges = lines.take("the section EDGES")
    if list(edges.words) != ["EDGES"]:
        raise edges.error(f"expected EDGES after {size} nodes, found {edges.words[0]!r}")
    minutes = np.stack([_minutes(lines.take(f"the row of node {i}"), size) for i in range(size)])
    end = lines.take("EOF")
    if list(end.words) != ["EOF"]:
        raise end.error("expected EOF")
    shipments, numbers = shipments_of(nodes, scale=1)
    fleet = Fleet(len(shipments), (capacity,), nodes[0].window)
    travel = Travel(minutes, minutes, minutes.astype(np.float64))
    return Instance(
        name=" ".join(header["NAME"].words[1:]) if "NAME" in header else file,
        format=Format.SARTORI_BURIOL,
        problem=one_depot(fleet, stops_of(nodes, scale=1), shipments, travel),
        objective=Objective.HIER,
        scale=1,
        nodes=numbers,
        lengths=(travel.lengths,),
    )


def _read_header(lines: Lines) -> dict[str, Line]:
    header: dict[str, Line] = {}
    while (line := lines.take("the section NODES")).words[0] != "NODES":
        header[line.words[0].rstrip(":")] = line
    return header


def _header_number(file: str, header: dict[str, Line], key: str) -> int:
    if key not in header:
        raise InstanceFileError(file, None, f"the header names no {key}")
    return header[key].expect(2, f"{key}: number").natural(1, key)


def _minutes(line: Line, size: int) -> IntMatrix:
    line.expect(size, "travel times in minutes")
    try:
        row = np.array(line.words, dtype=np.int32)
    except (ValueError, OverflowError):
        row = np.array([line.natural(i, "travel time") for i in range(size)], dtype=np.int32)
    if int(row.min()) < 0:
        raise line.error("travel times must not be negative")
    return row
