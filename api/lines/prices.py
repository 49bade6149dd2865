"""What a van and its driver cost."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low

from api.network.columns import COURIERS
from api.network.model import Network
from api.network.rows import Vehicle
from api.tables.columns import By


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a van; the median of each over the network's van couriers, else the defaults of the table `couriers`."""

    fixed_dong: int
    """A day."""
    dong_per_km: int
    dong_per_hour: int
    couriers: int
    """Whose prices they are; 0 = defaults."""

    def cost(self, vans: int, distance: int, duration: int) -> int:
        """đồng of a day, rounded up."""
        parts = 3600 * self.dong_per_km * distance + 1000 * self.dong_per_hour * duration
        return vans * self.fixed_dong + -(-parts // 3_600_000)


def van_prices(network: Network) -> Prices:
    """Choose the prices of a van and its driver."""
    vans = [courier for courier in network.couriers if courier.vehicle is Vehicle.VAN]

    def price(name: str) -> int:
        return median_low(getattr(courier, name) for courier in vans) if vans else _default(name)

    return Prices(price("fixed_dong"), price("dong_per_km"), price("dong_per_hour"), len(vans))


def _default(name: str) -> int:
    default = next(column.default for column in COURIERS.columns if column.name == name)
    return int(default.defaults[Vehicle.VAN.value] if isinstance(default, By) else default)
