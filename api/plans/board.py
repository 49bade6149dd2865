"""
The plan that is on show, while better ones may still be found.

One thread publishes, any number of threads read or wait. Every publication counts one up, whether it brings a better
plan or only says that the search is over.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from api.network.model import Network
from api.plans.schemas import Plan
from api.shipments.model import ShipmentList
from geo.roads import Roads


class BoardState(StrEnum):
    SOLVING = "solving"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Publication:
    """What the board showed at one moment."""

    plan: Plan
    state: BoardState
    version: int
    """Counts publications from 1."""
    seconds: float
    """Spent searching so far."""


class PlanBoard:
    """
    Holds the current plan with the inputs it was made from.

    Parameters
    ----------
    plan
        The first plan to show: publication 1.
    network, shipments, roads
        What the plan was made from; they never change on one board.
    state
        `DONE` for a finished plan that nobody improves.
    seconds
        Spent on the first plan.
    """

    def __init__(
        self,
        plan: Plan,
        network: Network,
        shipments: ShipmentList,
        roads: Roads,
        *,
        state: BoardState = BoardState.DONE,
        seconds: float = 0.0,
    ) -> None:
        self.network = network
        self.shipments = shipments
        self.roads = roads
        self._latest = Publication(plan, state, 1, seconds)
        self._changed = threading.Condition()

    @property
    def latest(self) -> Publication:
        """Plan, state, version and seconds of one moment, never mixed."""
        with self._changed:
            return self._latest

    @property
    def current(self) -> Plan:
        return self.latest.plan

    @property
    def version(self) -> int:
        return self.latest.version

    @property
    def day(self) -> date:
        """The day that the plan is for."""
        return self.current.network.valid_on

    def publish(self, plan: Plan, state: BoardState, seconds: float) -> Publication:
        """Show a plan and wake everybody who waits."""
        with self._changed:
            self._latest = Publication(plan, state, self._latest.version + 1, seconds)
            self._changed.notify_all()
            return self._latest

    def wait_for(self, version: int, timeout: float) -> Publication | None:
        """
        Wait until a publication later than `version` is there.

        Parameters
        ----------
        version
            The last one that the caller has seen; 0 = none.
        timeout
            Seconds.

        Returns
        -------
        publication
            The latest one; None when nothing new came in time.
        """
        with self._changed:
            news = self._changed.wait_for(lambda: self._latest.version > version, timeout)
            return self._latest if news else None

    def subscribe(self, *, timeout: float = 15.0) -> Iterator[Publication | None]:
        """
        Iterate over publications, the current one first, up to and including the one that says `DONE`.

        A None comes after each `timeout` seconds of silence, so that the caller can keep a connection alive or end it.
        """
        seen = 0
        while True:
            news = self.wait_for(seen, timeout)
            yield news
            if news is not None:
                if news.state is BoardState.DONE:
                    return
                seen = news.version
