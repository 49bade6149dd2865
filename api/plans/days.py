"""
Days made ready for editing, kept in memory.

Reading a day, loading its roads and measuring its ways takes seconds; an edit takes milliseconds. So the few days that
people work on stay ready, by the hash of their inputs, and so do the plans being edited, by plan and version. Both are
bounded, the one used longest ago goes first, and both can be made again from the database at any time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Generic, TypeVar

from api.plans.backdrop import Backdrop, backdrop_of
from api.plans.editing import EditingSession, open_session
from api.plans.planning import PreparedDay
from api.plans.schemas import Plan
from api.plans.snapshots import Snapshot, prepare_snapshot, with_seed

MOST_DAYS = 4
"""A province's day takes some tens of megabytes: its roads, and the ways between all of its places."""
MOST_SESSIONS = 16

Item = TypeVar("Item")


class Kept(Generic[Item]):
    """Things that are dear to make: each is made once, by the first who asks, while others wait for it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[Hashable, Item] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Item]) -> Item:
        """Find a thing, or make it; what `make` raises is raised, and the next one tries again."""
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._items:
                    return self._items[key]
            item = make()
            self.put(key, item)
            return item

    def put(self, key: Hashable, item: Item) -> None:
        with self._lock:
            self._items[key] = item
            self._items.move_to_end(key)
            self._making.pop(key, None)
            while len(self._items) > self._most:
                self._items.popitem(last=False)


class Days:
    """
    What editing needs, ready.

    Parameters
    ----------
    on_ready
        Called when a day was made ready: a process that serves can settle its memory then.
    """

    def __init__(self, data_folder: Path, on_ready: Callable[[], object] | None = None) -> None:
        self._data_folder = data_folder
        self.on_ready = on_ready
        self._days: Kept[PreparedDay] = Kept(MOST_DAYS)
        self._sessions: Kept[EditingSession] = Kept(MOST_SESSIONS)
        self._backdrops: Kept[Backdrop] = Kept(MOST_DAYS)

    def prepared(self, snapshot: Snapshot, seed: int) -> PreparedDay:
        """
        Make a day ready, or find it so.

        Raises
        ------
        InputError
            When its inputs cannot be used.
        """
        return with_seed(self._days.get(snapshot.sha256, lambda: self._made(snapshot)), seed)

    def _made(self, snapshot: Snapshot) -> PreparedDay:
        made = prepare_snapshot(snapshot, self._data_folder)
        if self.on_ready is not None:
            self.on_ready()
        return made

    def backdrop(self, snapshot: Snapshot) -> Backdrop:
        """
        Places and roads of a day, to draw its plans on.

        Raises
        ------
        InputError
            When its inputs cannot be used.
        """
        return self._backdrops.get(snapshot.sha256, lambda: backdrop_of(snapshot, self._data_folder))

    def session(self, plan_id: str, version: int, open_plan: Callable[[], tuple[Plan, Snapshot]]) -> EditingSession:
        """
        Open a plan for editing, or find it open.

        Parameters
        ----------
        open_plan
            Reads the plan and its inputs, when they are needed.
        """

        def make() -> EditingSession:
            plan, snapshot = open_plan()
            return open_session(plan, self.prepared(snapshot, plan.seed))

        return self._sessions.get((plan_id, version), make)

    def remember(self, plan_id: str, version: int, session: EditingSession) -> None:
        """Keep an edited plan open as its next version."""
        self._sessions.put((plan_id, version), session)
