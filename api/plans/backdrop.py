"""What stands around the rounds of a plan, for whoever draws it: its places, its hours and its roads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path

from api.network.model import Network
from api.plans.map_roads import road_map
from api.plans.places import places
from api.plans.roads import load_roads
from api.plans.snapshots import Snapshot, as_read
from api.plans.times import day_times
from api.shipments.model import ShipmentList
from geo.roads import Roads


class Backdrop:
    """
    Places, hours and roads as JSON, each written once, when it is first asked for.

    Parameters
    ----------
    load
        Gives the roads; it may take a second.
    """

    def __init__(self, network: Network, shipments: ShipmentList, day: date, load: Callable[[], Roads]) -> None:
        self.network, self.shipments, self.day, self._load = network, shipments, day, load

    @cached_property
    def places(self) -> bytes:
        """A `Places`."""
        return places(self.network, self.shipments, self.day).model_dump_json().encode()

    @cached_property
    def times(self) -> bytes:
        """A `DayTimes`; takes a second, since it looks for every shipment's way."""
        return day_times(self.network, self.shipments, self.day).model_dump_json().encode()

    @cached_property
    def road_map(self) -> bytes:
        """A `RoadMap`."""
        return road_map(self._load()).model_dump_json().encode()


def backdrop_of(snapshot: Snapshot, data_folder: Path) -> Backdrop:
    """
    Draw from the inputs of a stored plan.

    Raises
    ------
    InputError
        When they cannot be used.
    """

    def load() -> Roads:
        with as_read(snapshot, data_folder) as read:  # a road file can be read only while this is open
            return load_roads(read.network, snapshot.day)

    with as_read(snapshot, data_folder) as read:
        return Backdrop(read.network, read.shipments, snapshot.day, load)
