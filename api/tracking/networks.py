"""
The networks in use, kept by province and version.

Anybody with one valid code may ask on which days couriers come, and reading and checking a whole province takes a
second: it is done once a version.
"""

from __future__ import annotations

from typing import Final

from api.db.engine import Database
from api.network.model import Network
from api.network.store import read_network_at, require_version
from api.plans.days import Kept

MOST_NETWORKS: Final = 8
"""Kept in memory."""


class Networks:
    """Finds the network in use in a province, to look at its days: its roads are not read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._networks: Kept[Network] = Kept(MOST_NETWORKS)

    def of(self, province_id: str) -> Network:
        """
        Find the network in use.

        Raises
        ------
        NotFoundError
            When the province has none.
        InputError
            When its rows no longer pass the checks.
        """
        with self._database.read() as connection:
            version = require_version(connection, province_id, None)
        return self._networks.get((province_id, version), lambda: self._read(province_id, version))

    def _read(self, province_id: str, version: int) -> Network:
        with self._database.read() as connection:
            return read_network_at(connection, province_id, version)
