"""A plan as a workbook: what it comes to, its rounds, its stops, and what has no round and why. Nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from api.network.model import Network
from api.plans.export import position_of
from api.plans.schemas import Plan, PlannedRoute, PlannedStop
from api.reports.sheets import Sheet, Title, report_workbook
from api.shipments.model import Shipment, ShipmentList
from geo.units import load_communes
from routing.model import Action

_COUNT: Final = "#,##0"
_KM: Final = "#,##0.0"
_CLOCK: Final = "hh:mm"
_STATUS: Final = {
    "draft": "BẢN NHÁP, chưa ban hành / DRAFT, not published",
    "published": "Đã ban hành / published",
    "withdrawn": "ĐÃ RÚT / WITHDRAWN",
}
_ROUNDS: Final = (
    Title("Mã bưu tá", "Courier"),
    Title("Họ tên bưu tá", "Name"),
    Title("Bưu cục", "Base"),
    Title("Phương tiện", "Vehicle"),
    Title("Rời bưu cục", "Departs", _CLOCK),
    Title("Về bưu cục", "Returns", _CLOCK),
    Title("Số lượt", "Trips", _COUNT),
    Title("Điểm dừng", "Stops", _COUNT),
    Title("Bưu gửi", "Shipments", _COUNT),
    Title("Quãng đường (km)", "Distance (km)", _KM),
    Title("Chi phí (đ)", "Cost (đ)", _COUNT),
    Title("Trong đó làm thêm (đ)", "Of it overtime (đ)", _COUNT),
)
_STOPS: Final = (
    Title("Mã bưu tá", "Courier"),
    Title("Lượt", "Trip", _COUNT),
    Title("Điểm dừng", "Stop", _COUNT),
    Title("Nơi dừng", "Place"),
    Title("Kinh độ", "Longitude", "0.00000"),
    Title("Vĩ độ", "Latitude", "0.00000"),
    Title("Đến", "Arrives", _CLOCK),
    Title("Bắt đầu", "Starts", _CLOCK),
    Title("Rời", "Leaves", _CLOCK),
    Title("Còn dư (phút)", "Slack (min)", _COUNT),
    Title("Mã bưu gửi", "Shipment"),
    Title("Việc", "Task"),
    Title("Loại", "Kind"),
    Title("Số bì", "Pieces", _COUNT),
    Title("Hạn phát", "Due"),
    Title("Khóa", "Locked"),
)
_LEFT: Final = (
    Title("Mã bưu gửi", "Shipment"),
    Title("Phải đi hôm nay", "Must go today"),
    Title("Loại", "Kind"),
    Title("Hạn phát", "Due"),
    Title("Ràng buộc", "Constraint"),
    Title("Vì sao", "Why (Vietnamese)"),
    Title("Cách khắc phục", "What would help (Vietnamese)"),
    Title("Vì sao (tiếng Anh)", "Why"),
    Title("Cách khắc phục (tiếng Anh)", "What would help"),
)


def plan_workbook(plan: Plan, network: Network, shipments: ShipmentList) -> bytes:
    """
    Write a plan as a workbook; clock times are local.

    Parameters
    ----------
    network
        In force on the plan's day.
    """
    by_code = {shipment.code: shipment for shipment in shipments.shipments}
    about = Sheet("Kế hoạch", (Title("Mục", "Item"), Title("Giá trị", "Value", _COUNT)), _facts(plan))
    return report_workbook(
        [
            about,
            Sheet("Chuyến", _ROUNDS, _rounds(plan, network)),
            Sheet("Điểm dừng", _STOPS, _stops(plan, network, by_code)),
            Sheet("Chưa xếp", _LEFT, _left(plan, by_code)),
        ]
    )


def _facts(plan: Plan) -> Iterator[list[Any]]:
    totals = plan.totals
    roads = "TỔNG HỢP, chỉ là ước lượng / SYNTHETIC, estimates only" if plan.network.roads.synthetic else "thật / real"
    yield ["Mạng lưới / Network", plan.network.name]
    yield ["Ngày / Day", plan.network.valid_on]
    yield ["Tình trạng / Status", _STATUS[plan.status.value]]
    yield ["Phiên bản / Version", plan.version]
    yield ["Mạng đường / Roads", roads]
    yield ["Bưu tá có chuyến / Couriers", totals.couriers]
    yield ["Số lượt / Trips", totals.trips]
    yield ["Điểm dừng / Stops", totals.stops]
    yield ["Đã xếp / Carried", totals.carried]
    yield ["Chưa xếp / Unassigned", totals.unassigned]
    yield ["Sẽ trễ hạn / Late", totals.must_go_unassigned]
    yield ["Quãng đường (m) / Distance (m)", totals.distance]
    yield ["Giờ làm việc (giây) / Working time (s)", totals.duration]
    yield ["Chi phí kể cả phạt (đ) / Cost with penalties (đ)", totals.cost.total]
    yield ["Phần mềm / Software", plan.software]


def _rounds(plan: Plan, network: Network) -> Iterator[list[Any]]:
    names = {courier.courier_id: courier.name for courier in network.couriers}
    for route in plan.routes:
        stops = [stop for trip in route.trips for stop in trip.stops]
        yield [
            route.courier_id, names[route.courier_id], network.site(route.base_id).name, route.vehicle,
            _local(route.trips[0].departs), _local(route.trips[-1].returns), len(route.trips), len(stops),
            len({task.shipment for stop in stops for task in stop.tasks}), _metres(route) / 1000,
            route.cost.total, route.cost.overtime,
        ]  # fmt: skip


def _stops(plan: Plan, network: Network, by_code: dict[str, Shipment]) -> Iterator[list[Any]]:
    communes = {unit.code: unit.name for unit in load_communes(plan.network.valid_on)}
    for route in plan.routes:
        number = 0
        for trip_number, trip in enumerate(route.trips, 1):
            for stop in trip.stops:
                number += 1
                place = _place(stop, network, by_code, communes)
                times = [_local(stop.arrives), _local(stop.starts), _local(stop.leaves), stop.slack // 60]
                head = [route.courier_id, trip_number, number, place, *position_of(stop, network), *times]
                for task in stop.tasks:
                    known, does = (
                        by_code[task.shipment],
                        "thu / collect" if _collects(task.action) else "phát / deliver",
                    )
                    tail = [task.shipment, does, known.kind.value, known.pieces, known.due_on]
                    yield [*head, *tail, "x" if stop.locked else None]


def _left(plan: Plan, by_code: dict[str, Shipment]) -> Iterator[list[Any]]:
    for left in plan.unassigned:
        known, must = by_code[left.shipment], "x" if left.must_go else None
        for reason in left.reasons:
            help_ = reason.would_help
            yield [
                left.shipment, must, known.kind.value, known.due_on, reason.constraint,
                reason.detail.vi, help_.vi if help_ else None, reason.detail.en, help_.en if help_ else None,
            ]  # fmt: skip


def _place(stop: PlannedStop, network: Network, by_code: dict[str, Shipment], communes: dict[str, str]) -> str:
    """A site's name; of a citizen's door the commune alone."""
    if stop.site_id is not None:
        return network.site(stop.site_id).name
    if not stop.tasks:  # in a re-planned day: driven, and nothing could be handed over there
        return ""
    task = stop.tasks[0]
    shipment = by_code[task.shipment]
    end = shipment.origin if _collects(task.action) else shipment.dest
    return communes.get(end.commune_code, "")


def _collects(action: Action) -> bool:
    return action is Action.COLLECT


def _metres(route: PlannedRoute) -> int:
    return sum(trip.distance for trip in route.trips)


def _local(moment: datetime) -> datetime | date:
    """As the clock on the wall shows it: workbooks know no zones."""
    return moment.replace(tzinfo=None)
