"""The roads of a network: an extract, a built file, or made up over its places."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from api.errors import InputError, RowError
from api.network.model import Network
from api.network.reader import BUILT_SUFFIX
from geo.errors import ExtractError, RoadFileError
from geo.osm import read_roads
from geo.profiles import SpeedTable, default_speed_table
from geo.report import RoadProgress
from geo.roads import Roads
from geo.synthetic import synthetic_roads
from geo.units import load_communes


def load_roads(
    network: Network,
    day: date | None = None,
    *,
    every_day: bool = False,
    settlements: bool = False,
    on_progress: RoadProgress | None = None,
) -> Roads:
    """
    Load the roads that a network names, else make some up over its communes and sites.

    Parameters
    ----------
    day
        Whose communes the made-up roads reach; None = `network.valid_on`.
    every_day
        Let them reach the sites of all days, not of this one alone: for a span in which the network changes.
    settlements
        Let them reach the settlements in force too: for questions of who lives far from what.

    Raises
    ------
    InputError
        When the road file cannot be used.
    ValueError
        When no day is known.
    """
    speeds = speeds_of(network)
    if network.roads is None:
        places = _places(network, day, every_day=every_day, settlements=settlements)
        return synthetic_roads(places, speeds=speeds)
    try:
        if network.roads.suffix == BUILT_SUFFIX:
            return Roads.load(network.roads)
        return read_roads(network.roads, table=speeds, on_progress=on_progress)
    except (ExtractError, RoadFileError, OSError) as error:
        raise InputError([_unusable(network.roads, error)]) from error


def speeds_of(network: Network) -> SpeedTable:
    """The usual speeds, with the province's own."""
    own = {vehicle.value: dict(by_class) for vehicle, by_class in network.settings.speeds.items()}
    return default_speed_table().with_class_speeds(own)


def _places(
    network: Network, day: date | None, *, every_day: bool, settlements: bool
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Communes in force, sites and perhaps settlements, each point once, in a fixed order."""
    on = day or network.valid_on
    if on is None:
        raise ValueError("made-up roads need a day: which communes are there depends on it")
    in_force = network.on(on)
    communes = load_communes(on).by_code
    served = dict.fromkeys(code for code in (area.commune_code for area in in_force.areas) if code in communes)
    points = [(communes[code].lon, communes[code].lat) for code in served]
    points += [(site.lon, site.lat) for site in (network if every_day else in_force).sites]
    points += [(place.lon, place.lat) for place in in_force.settlements if settlements]
    return np.array(sorted(set(points)), dtype=np.float64).reshape(-1, 2)


def _unusable(path: Path, error: Exception) -> RowError:
    return RowError(
        file=path.name,
        row=None,
        column=None,
        code="bad_roads",
        message_vi=f"không dùng được tệp đường: {error}",
        message_en=f"the road file cannot be used: {error}",
    )
