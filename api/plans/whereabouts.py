"""Where the names of a plan lie in the problems of its day: couriers and shipments by plan group and number."""

from __future__ import annotations

from collections.abc import Sequence

from api.errors import NotFoundError
from api.plans.problems import PlanGroup

Position = tuple[int, int]
"""Plan group, and the number of a vehicle type or shipment in its problem."""


class Whereabouts:
    """Looks up couriers and shipments; made once a day, as they never change."""

    def __init__(self, groups: Sequence[PlanGroup]) -> None:
        self._couriers = {c.courier_id: (g, n) for g, group in enumerate(groups) for n, c in enumerate(group.couriers)}
        self._shipments = {w.shipment.code: (g, n) for g, group in enumerate(groups) for n, w in enumerate(group.works)}

    def courier(self, courier_id: str) -> Position:
        """
        Find a courier.

        Raises
        ------
        NotFoundError
            When nobody of that name works on this day.
        """
        if courier_id not in self._couriers:
            raise NotFoundError(
                f"Không có bưu tá {courier_id} trong ngày này.", f"There is no courier {courier_id} on this day."
            )
        return self._couriers[courier_id]

    def shipment(self, code: str) -> Position:
        """
        Find a shipment.

        Raises
        ------
        NotFoundError
            When it makes no task on this day.
        """
        if code not in self._shipments:
            raise NotFoundError(
                f"Bưu gửi {code} không có việc gì cho bưu tá trong ngày này.",
                f"Shipment {code} makes no task for a courier on this day.",
            )
        return self._shipments[code]
