"""What can happen on a running day. Vehicles are named by their type, of which there is one each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.model import IntMatrix, Shipment, Stop


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened."""

    at: int
    """Seconds after local midnight."""


@dataclass(frozen=True, slots=True)
class Departed(Event):
    """A vehicle left its base with its next trip."""

    vehicle: int
    loaded: frozenset[int] | None = None
    """Shipments that it took from the base; None = those that its plan says."""


@dataclass(frozen=True, slots=True)
class Arrived(Event):
    """A vehicle stands at the door of its next stop."""

    vehicle: int
    stop: int


@dataclass(frozen=True, slots=True)
class Served(Event):
    """
    Everything that had not failed was done in the next visit; it counts as arrived if nobody said so before.

    A plan may hold two visits in a row at one stop, with different promises: each is served with an event of its own.
    """

    vehicle: int
    stop: int


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """One shipment could not be handed over at the stop where the vehicle stands: it is not tried again today."""

    vehicle: int
    shipment: int


@dataclass(frozen=True, slots=True)
class Returned(Event):
    """A vehicle is back at its base and unloads everything, what it could not deliver too."""

    vehicle: int


@dataclass(frozen=True, slots=True)
class Rested(Event):
    """A driver has taken a break."""

    vehicle: int
    rest: int
    """Position among the vehicle type's breaks."""


@dataclass(frozen=True, slots=True)
class Late(Event):
    """A vehicle is held up."""

    vehicle: int
    until: int
    """It reaches nothing, and leaves from nowhere, before."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place that the matrices do not have yet: it gets their next row."""

    distances: tuple[npt.NDArray[np.int32], ...]
    """By profile, shape (2, locations), metres: from the place to each location, and from each location to it."""
    durations: tuple[npt.NDArray[np.int32], ...]
    """The same in seconds."""


@dataclass(frozen=True, slots=True)
class BrokenDown(Event):
    """A vehicle drives no more today."""

    vehicle: int
    stop: Stop | None = None
    """Where others may take over what is aboard; None = it stays aboard."""
    place: Place | None = None
    """The location of the stop, when the matrices do not have it yet."""


@dataclass(frozen=True, slots=True)
class NewPickup(Event):
    """Something more is to be carried: mostly a pickup, but any shipment will do."""

    shipment: Shipment
    """Its stops may be the new one, whose number is the number of stops so far."""
    stop: Stop | None = None
    """A new door; None = the shipment names doors that are known."""
    place: Place | None = None
    """The location of the new door, when the matrices do not have it yet."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadClosed(Event):
    """Ways have become longer, or shorter again."""

    distances: tuple[IntMatrix, ...]
    """As in `Problem`, from now on."""
    durations: tuple[IntMatrix, ...]


@dataclass(frozen=True, slots=True)
class LineLate(Event):
    """A line reaches a base late."""

    shipments: frozenset[int]
    """What it brings."""
    until: int
    """When that can be loaded."""


@dataclass(frozen=True, slots=True)
class Cancelled(Event):
    """Nobody wants a shipment moved any more today: it stays where it is, or goes home with whoever has it."""

    shipment: int


@dataclass(frozen=True, slots=True)
class WindowsChanged(Event):
    """A shipment that is still to be done is wanted at other times: its promise is void."""

    shipment: int
    stop: Stop
    """The same door with the new windows."""
