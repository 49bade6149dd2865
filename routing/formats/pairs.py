"""Pickups and their deliveries around one depot: what the Li & Lim and the Sartori & Buriol files hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from routing.formats.lines import Line, Lines
from routing.model import Action, Shipment, Stop, Task, TimeWindow


@dataclass(frozen=True, slots=True)
class Node:
    """One row: a place, what is taken aboard (negative: handed over), when, and its other end."""

    line: Line
    number: int
    x: float
    y: float
    demand: int
    window: TimeWindow
    """In the instance's own unit."""
    service: int
    pickup: int
    """Node where the goods of this delivery are picked up; 0 = this is a pickup."""
    delivery: int
    """Node where the goods of this pickup are delivered; 0 = this is a delivery."""

    @classmethod
    def read(cls, line: Line) -> Node:
        """Read `number x y demand early late service pickup delivery`."""
        line.expect(9, "number x y demand early late service pickup delivery")
        early, late = line.natural(4, "early"), line.natural(5, "late")
        if early > late:
            raise line.error(f"the window opens at {early} and closes at {late}")
        return cls(
            line=line,
            number=line.natural(0, "number"),
            x=line.real(1, "x"),
            y=line.real(2, "y"),
            demand=line.integer(3, "demand"),
            window=TimeWindow(early, late),
            service=line.natural(6, "service"),
            pickup=line.natural(7, "pickup"),
            delivery=line.natural(8, "delivery"),
        )


def read_node(lines: Lines, number: int) -> Node:
    """Read the row of the node with a given number."""
    line = lines.take(f"node {number}")
    node = Node.read(line)
    if node.number != number:
        raise line.error(f"expected node {number}, found {node.number}")
    return node


def pair_up(nodes: Sequence[Node]) -> Iterable[tuple[Node, Node]]:
    """Yield every pickup with its delivery; each node but the depot (the first) belongs to one pair."""
    for node in nodes[1:]:
        partner = node.pickup or node.delivery
        if bool(node.pickup) == bool(node.delivery) or partner >= len(nodes):
            raise node.line.error(f"node {node.number} needs one partner among the nodes 1 to {len(nodes) - 1}")
        other = nodes[partner]
        if (other.pickup, other.delivery) != ((0, node.number) if node.pickup else (node.number, 0)):
            raise node.line.error(f"node {node.number} names {partner} as its partner, but not the other way round")
        if node.demand != -other.demand or (node.demand < 0) != bool(node.pickup):
            raise node.line.error(f"node {node.number} takes aboard {node.demand}, its partner {other.demand}")
        if node.delivery:
            yield node, other


def stops_of(nodes: Sequence[Node], scale: int) -> list[Stop]:
    """Make a stop of every node but the depot: node n is stop n - 1, at location n."""
    return [Stop(n.number, (TimeWindow(n.window.early * scale, n.window.late * scale),)) for n in nodes[1:]]


def shipments_of(nodes: Sequence[Node], scale: int) -> tuple[list[Shipment], dict[Task, int]]:
    """Make a shipment of every pair, and say which node each of its tasks is."""
    shipments: list[Shipment] = []
    numbers: dict[Task, int] = {}
    for pickup, delivery in pair_up(nodes):
        numbers[Task(len(shipments), Action.COLLECT)] = pickup.number
        numbers[Task(len(shipments), Action.DELIVER)] = delivery.number
        shipment = Shipment(
            pickup=pickup.number - 1,
            delivery=delivery.number - 1,
            load=(pickup.demand,),
            pickup_duration=pickup.service * scale,
            delivery_duration=delivery.service * scale,
            must_go=True,
        )
        shipments.append(shipment)
    return shipments, numbers
