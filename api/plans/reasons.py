"""Why a shipment stays behind, and what would help, in words."""

from __future__ import annotations

from collections.abc import Callable

from api.network.model import Network
from api.plans.problems import COST_UNITS_PER_DONG, PlanGroup
from api.plans.relief import Sentence, relief, site_name
from api.plans.schemas import UnassignedReason, UnassignedShipment, Words
from api.plans.tasks import Left, NotToday
from routing.solution import Constraint, Reason, Unassigned


def explain_left(left: Left, network: Network) -> UnassignedShipment:
    """Say why no task was made of a shipment today."""
    detail, help_ = _NOT_TODAY[left.why]
    where = site_name(network, left.where)
    reason = UnassignedReason(
        constraint=left.why.value,
        detail=Words(vi=detail[0].format(where=where), en=detail[1].format(where=where)),
        would_help=_words(help_),
    )
    return UnassignedShipment(shipment=left.shipment.code, must_go=False, reasons=(reason,))


def explain_unassigned(group: PlanGroup, unassigned: Unassigned, network: Network) -> UnassignedShipment:
    """
    Say why the search left a shipment behind, and what would have helped.

    What was tried and helps is told; only when nothing was found, general advice.
    """
    work = group.works[unassigned.shipment]
    is_solved = any(reason.relaxation is not None for reason in unassigned.reasons)
    return UnassignedShipment(
        shipment=work.shipment.code,
        must_go=group.problem.shipments[unassigned.shipment].must_go,
        reasons=tuple(
            UnassignedReason(
                constraint=reason.constraint.value,
                detail=_detail(group, reason),
                would_help=_words(_advice(reason)) if not is_solved else _relief(group, network, reason, unassigned),
            )
            for reason in unassigned.reasons
        ),
    )


def _detail(group: PlanGroup, reason: Reason) -> Words:
    if reason.constraint is Constraint.COST and reason.amount == 0:
        return Words(vi=_NO_TIME[0], en=_NO_TIME[1])
    say, _ = _BOUND[reason.constraint]
    vi, en = say(reason.amount)
    if reason.vehicle_type is not None and reason.constraint is not Constraint.FLEET:
        courier = group.couriers[reason.vehicle_type]
        vi = f"{vi} (gần được nhất: {courier.name}, {courier.courier_id})"
        en = f"{en} (closest: {courier.name}, {courier.courier_id})"
    return Words(vi=vi, en=en)


def _advice(reason: Reason) -> Sentence | None:
    if reason.constraint is Constraint.COST and reason.amount == 0:
        return "lập lại kế hoạch với thời gian tìm lâu hơn", "plan again with more time to search"
    return _BOUND[reason.constraint][1]


def _relief(group: PlanGroup, network: Network, reason: Reason, unassigned: Unassigned) -> Words | None:
    return None if reason.relaxation is None else relief(group, network, reason.relaxation, unassigned.shipment)


def bound_words(constraint: Constraint, amount: int) -> Words:
    """Say by how much a constraint is broken, or would be."""
    vi, en = _BOUND[constraint][0](amount)
    return Words(vi=vi, en=en)


def _words(sentence: Sentence | None) -> Words | None:
    return None if sentence is None else Words(vi=sentence[0], en=sentence[1])


def _fixed(vi: str, en: str) -> Callable[[int], Sentence]:
    return lambda _amount: (vi, en)


def _minutes(vi: str, en: str) -> Callable[[int], Sentence]:
    """Sentences with `{}` for an amount of seconds, said in minutes."""

    def say(amount: int) -> Sentence:
        minutes = -(-amount // 60)
        return vi.format(f"{minutes} phút"), en.format(f"{minutes} min")

    return say


def _dong(vi: str, en: str) -> Callable[[int], Sentence]:
    """Sentences with `{}` for an amount of cost units, said in đồng."""
    number = _number(vi, en)
    return lambda amount: number(-(-amount // COST_UNITS_PER_DONG))


def _number(vi: str, en: str) -> Callable[[int], Sentence]:
    return lambda amount: (vi.format(f"{amount:,}".replace(",", ".")), en.format(f"{amount:,}"))


_NOT_TODAY: dict[NotToday, tuple[Sentence, Sentence | None]] = {
    NotToday.NOT_READY: (
        ("chưa sẵn sàng trong ngày: {where}", "not ready on this day: {where}"),
        ("lập kế hoạch cho ngày sau", "plan it on a later day"),
    ),
    NotToday.AT_DESTINATION: (
        ("đã nằm ở nơi đến: {where}", "it lies at its destination already: {where}"),
        ("xác nhận đã giao", "confirm that it was handed over"),
    ),
    NotToday.LIES_ELSEWHERE: (
        ("đang nằm ở {where}, chờ đường thư chuyển tiếp", "it lies at {where} and waits for a line"),
        ("chuyển bằng đường thư tới bưu cục phát của nơi đến", "send it by a line to the base of its destination"),
    ),
    NotToday.OTHER_PROVINCE: (
        ("đang nằm ở {where}, nơi đến ngoài tỉnh", "it lies at {where} and goes to another province"),
        ("chuyển bằng đường thư liên tỉnh", "send it by a line between provinces"),
    ),
    NotToday.NO_BASE: (
        ("không bưu cục phát nào phục vụ xã {where}", "no base serves commune {where}"),
        ("thêm xã này vào bảng areas", "add this commune to the sheet areas"),
    ),
    NotToday.NO_COURIER: (
        ("{where} không có bưu tá trong ngày", "{where} has no courier on this day"),
        ("gọi bưu tá dự phòng", "call a reserve courier"),
    ),
    NotToday.CLOSED: (
        (
            "{where} đóng cửa trong ngày, hoặc không mở vào giờ đã hẹn",
            "{where} is closed, or not open at the agreed times",
        ),
        ("hẹn giờ khác hoặc ngày khác", "agree on other times, or another day"),
    ),
}

_NO_TIME = ("không có gì cấm, nhưng chưa kịp tìm được chỗ", "nothing forbids it, but there was no time to place it")
_MORE_HANDS = ("thêm một bưu tá hoặc gọi bưu tá dự phòng", "another courier, or a reserve one")
_DATA = ("kiểm tra dữ liệu mạng lưới", "check the network's data")

_BOUND: dict[Constraint, tuple[Callable[[int], Sentence], Sentence | None]] = {
    Constraint.STRUCTURE: (_fixed("dữ liệu không hợp lệ", "the data is not valid"), _DATA),
    Constraint.FLEET: (
        _fixed("mọi bưu tá chở được đều đã kín chuyến", "every courier who could carry it has a full round"),
        _MORE_HANDS,
    ),
    Constraint.TRIPS: (
        _fixed("bưu tá đã hết số lượt trong ngày", "the courier has no trip left today"),
        ("cho phép thêm một lượt", "allow another trip"),
    ),
    Constraint.TIMELINE: (_minutes("thiếu {} thời gian", "{} of time are missing"), _MORE_HANDS),
    Constraint.REACHABILITY: (
        _fixed("không có đường đi tới nơi này", "no road leads there"),
        ("bổ sung đường hoặc phà, kiểm tra tọa độ", "add the road or ferry, check the coordinates"),
    ),
    Constraint.CAPACITY: (
        _number("vượt sức chở {} (bì, gam hoặc đồng)", "{} over capacity (pieces, grams or đồng)"),
        ("xe lớn hơn, thêm một lượt, hoặc nộp tiền giữa ngày", "a larger vehicle, another trip, or handing in cash"),
    ),
    Constraint.TIME_WINDOWS: (
        _minutes("đến muộn {} so với giờ mở cửa hoặc giờ hẹn", "{} too late for the opening hours or the agreed time"),
        ("giờ mở cửa dài hơn, hoặc thêm một bưu tá", "longer hours, or another courier"),
    ),
    Constraint.DEPOT_HOURS: (
        _minutes("về bưu cục muộn {}", "{} too late back at the base"),
        ("bưu cục mở cửa muộn hơn", "the base staying open longer"),
    ),
    Constraint.SHIFT: (
        _minutes("quá ca làm việc {}", "{} past the end of the shift"),
        ("cho làm thêm giờ, thêm một bưu tá hoặc gọi dự phòng", "overtime, another courier, or a reserve one"),
    ),
    Constraint.BREAKS: (
        _minutes("không còn chỗ cho giờ nghỉ, thiếu {}", "no room for the break, {} are missing"),
        ("giờ nghỉ linh hoạt hơn", "a wider window for the break"),
    ),
    Constraint.RELEASE: (
        _minutes("có tại bưu cục muộn {} so với chuyến", "at the base {} too late for the round"),
        ("một lượt đi muộn hơn", "a later trip"),
    ),
    Constraint.LATEST_RETURN: (
        _minutes("về muộn {} so với giờ chốt của đường thư", "back {} after the cut-off of its line"),
        ("chuyến ngắn hơn, hoặc giờ chốt muộn hơn", "a shorter round, or a later cut-off"),
    ),
    Constraint.RIDE_TIME: (_minutes("nằm trên xe quá lâu {}", "{} too long aboard"), _MORE_HANDS),
    Constraint.PRECEDENCE: (_fixed("không lấy được trước khi phát", "cannot be fetched before it is due"), _MORE_HANDS),
    Constraint.SKILLS: (
        _fixed("không bưu tá nào có kỹ năng cần thiết", "no courier has the skill it needs"),
        ("thêm kỹ năng (ví dụ id_check) cho một bưu tá", "give a courier the skill (id_check for example)"),
    ),
    Constraint.DEPOT: (_fixed("nằm ở bưu cục phát khác", "it lies at another base"), _MORE_HANDS),
    Constraint.LOCKS: (_fixed("chuyến đã khóa", "the round is locked"), ("mở khóa chuyến", "unlock the round")),
    Constraint.MAX_DISTANCE: (
        _number("quá quãng đường cho phép {} m", "{} m over the allowed distance"),
        _MORE_HANDS,
    ),
    Constraint.MAX_DURATION: (_minutes("quá thời gian cho phép {}", "{} over the allowed duration"), _MORE_HANDS),
    Constraint.COST: (
        _dong("chở hôm nay đắt hơn để lại {} đồng", "carrying it today costs {} đồng more than leaving it behind"),
        (
            "để đến ngày sau, hoặc tăng giá may_go_dong trong settings.toml",
            "another day, or a higher may_go_dong in settings.toml",
        ),
    ),
}
