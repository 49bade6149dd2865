"""Why a shipment stays and what would have let it be carried, as a dispatcher reads it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from api.plans.problems import PlanGroup
from api.plans.reasons import explain_unassigned
from api.plans.schemas import UnassignedReason
from routing.explain import reasons
from routing.model import FOREVER, Depot, TimeWindow
from routing.solution import Change, Constraint, Reason, Relaxation, Solution, Unassigned
from tests.api.small_day import small_day

D2, R1, R2, R3 = 1, 2, 3, 4
"""Shipments of the group: at the one-stop desk, at homes; R2 agreed on two times and needs an identity check."""
LX_1, LX_2 = 0, 1
DESK, HOME = 1, 3
"""Stops."""


def group() -> PlanGroup:
    """The group of Long Xuyên, with hours for the base and a cut-off for D2."""
    found = next(group for group in small_day().prepare().groups if group.name == "BC-LX")
    problem = found.problem
    shipments = list(problem.shipments)
    shipments[D2] = replace(shipments[D2], latest_return=10 * 3600)
    hours = Depot(problem.depots[0].location, 6 * 3600, 19 * 3600)
    return replace(found, problem=replace(problem, depots=(hours,), shipments=tuple(shipments)))


def told(reason: Reason, shipment: int = R1) -> UnassignedReason:
    (only,) = explain_unassigned(group(), Unassigned(shipment, (reason,)), small_day().network).reasons
    return only


CASES = [
    (Relaxation(Change.WINDOW_LATER, 600, LX_1, stop=DESK, window=1), D2,
     "Một cửa Bình Đức (UB-BD) mở thêm 10 phút (đến 17:10)",
     "Một cửa Bình Đức (UB-BD) stayed open 10 min longer (until 17:10)"),
    (Relaxation(Change.WINDOW_LATER, 571, LX_1, stop=DESK, window=0), R1,
     "Một cửa Bình Đức (UB-BD) mở thêm 10 phút (đến 11:40)",
     "Một cửa Bình Đức (UB-BD) stayed open 10 min longer (until 11:40)"),
    (Relaxation(Change.WINDOW_LATER, 61, LX_1, stop=HOME, window=0), R1,
     "giờ hẹn của bưu gửi R2 kéo dài thêm 2 phút (đến 10:02)",
     "the appointment of shipment R2 lasted 2 min longer (until 10:02)"),
    (Relaxation(Change.WINDOW_EARLIER, 61, LX_1, stop=HOME, window=1), R1,
     "phát được bưu gửi R2 sớm hơn 2 phút (từ 13:58)",
     "shipment R2 could be delivered 2 min earlier (from 13:58)"),
    (Relaxation(Change.WINDOW_EARLIER, 300, LX_1, stop=DESK, window=0), R1,
     "Một cửa Bình Đức (UB-BD) giao nhận sớm hơn 5 phút (từ 06:55)",
     "Một cửa Bình Đức (UB-BD) was ready 5 min earlier (from 06:55)"),
    (Relaxation(Change.WINDOW_EARLIER, 300, LX_1, stop=0, window=0), R1,
     "lấy được bưu gửi D1 sớm hơn 5 phút (từ 07:55)",
     "shipment D1 could be fetched 5 min earlier (from 07:55)"),
    (Relaxation(Change.RELEASE_EARLIER, 1200, LX_1, shipment=R3), R3,
     "bưu gửi R3 về đến Bưu cục Long Xuyên (BC-LX) sớm hơn 20 phút (lúc 09:10)",
     "shipment R3 reached Bưu cục Long Xuyên (BC-LX) 20 min earlier (at 09:10)"),
    (Relaxation(Change.RETURN_LATER, 1, LX_1, shipment=D2), R3,
     "đường thư chở bưu gửi D2 chốt muộn hơn 1 phút (lúc 10:01)",
     "the line that takes shipment D2 closed 1 min later (at 10:01)"),
    (Relaxation(Change.RIDE_LONGER, 120, LX_1, shipment=R3), R3,
     "bưu gửi R3 được nằm trên xe lâu hơn 2 phút", "shipment R3 could stay aboard 2 min longer"),
    (Relaxation(Change.SHIFT_EARLIER, 900, LX_1), R3,
     "bưu tá Trần Văn Nghĩa (LX-1) vào ca sớm hơn 15 phút (từ 06:45)",
     "courier Trần Văn Nghĩa (LX-1) began 15 min earlier (from 06:45)"),
    (Relaxation(Change.OVERTIME, 900, LX_1), R3,
     "bưu tá Trần Văn Nghĩa (LX-1) làm thêm 15 phút (đến 18:45)",
     "courier Trần Văn Nghĩa (LX-1) worked 15 min longer (until 18:45)"),
    (Relaxation(Change.BREAK_LATER, 900, LX_1), R3,
     "bưu tá Trần Văn Nghĩa (LX-1) được nghỉ giữa ca muộn hơn 15 phút",
     "courier Trần Văn Nghĩa (LX-1) could take the break 15 min later"),
    (Relaxation(Change.DEPOT_EARLIER, 60, LX_1, depot=0), R3,
     "Bưu cục Long Xuyên (BC-LX) mở cửa sớm hơn 1 phút (từ 05:59)",
     "Bưu cục Long Xuyên (BC-LX) opened 1 min earlier (from 05:59)"),
    (Relaxation(Change.DEPOT_LATER, 60, LX_1, depot=0), R3,
     "Bưu cục Long Xuyên (BC-LX) mở thêm 1 phút (đến 19:01)",
     "Bưu cục Long Xuyên (BC-LX) stayed open 1 min longer (until 19:01)"),
    (Relaxation(Change.DISTANCE_LONGER, 1500, LX_1), R3,
     "bưu tá Trần Văn Nghĩa (LX-1) được đi thêm 1.500 m", "courier Trần Văn Nghĩa (LX-1) could drive 1,500 m more"),
    (Relaxation(Change.DURATION_LONGER, 1500, LX_1), R3,
     "bưu tá Trần Văn Nghĩa (LX-1) được đi chuyến dài hơn 25 phút",
     "courier Trần Văn Nghĩa (LX-1) could be out 25 min longer"),
    (Relaxation(Change.TRIP_MORE, 1, LX_2), R3,
     "bưu tá Lê Thị Hoa (LX-2) được đi thêm 1 lượt", "courier Lê Thị Hoa (LX-2) could make 1 more trip"),
    (Relaxation(Change.CAPACITY_LARGER, 3, LX_1, dimension=0), R3,
     "bưu tá Trần Văn Nghĩa (LX-1) chở thêm được 3 bì", "courier Trần Văn Nghĩa (LX-1) could carry 3 more pieces"),
    (Relaxation(Change.CAPACITY_LARGER, 1200, LX_1, dimension=1), R3,
     "bưu tá Trần Văn Nghĩa (LX-1) chở thêm được 1.200 gam",
     "courier Trần Văn Nghĩa (LX-1) could carry 1,200 grams more"),
    (Relaxation(Change.CAPACITY_LARGER, 200_000, LX_1, dimension=2), R3,
     "bưu tá Trần Văn Nghĩa (LX-1) được giữ thêm 200.000 đồng tiền mặt",
     "courier Trần Văn Nghĩa (LX-1) could hold 200,000 đồng more in cash"),
    (Relaxation(Change.SKILL_MORE, 1, LX_2, shipment=R2), R2,
     "bưu tá Lê Thị Hoa (LX-2) được giao kiểm tra giấy tờ tùy thân (id_check)",
     "courier Lê Thị Hoa (LX-2) was allowed to check identities (id_check)"),
    (Relaxation(Change.UNLOCK, 1, LX_2, shipment=R2), R2,
     "mở khóa chuyến của bưu tá Lê Thị Hoa (LX-2) cho bưu gửi R2",
     "the round of courier Lê Thị Hoa (LX-2) was unlocked for shipment R2"),
    (Relaxation(Change.OTHER_DEPOT, 1, LX_2, shipment=R2), R2,
     "bưu gửi được giao nhận tại Bưu cục Long Xuyên (BC-LX), do bưu tá Lê Thị Hoa (LX-2) chở",
     "it was handed over at Bưu cục Long Xuyên (BC-LX), for courier Lê Thị Hoa (LX-2)"),
    (Relaxation(Change.VEHICLE_MORE, 1, LX_2), R2,
     "Bưu cục Long Xuyên (BC-LX) có thêm một bưu tá lái xe tải nhỏ",
     "Bưu cục Long Xuyên (BC-LX) had one more courier with a van"),
    (Relaxation(Change.VEHICLE_MORE, 1, LX_1), R2,
     "Bưu cục Long Xuyên (BC-LX) có thêm một bưu tá đi xe máy",
     "Bưu cục Long Xuyên (BC-LX) had one more courier on a motorbike"),
    (Relaxation(Change.PENALTY_HIGHER, 18_000 * 5_000 + 1, LX_1, shipment=R2), R2,
     "giá của việc để lại cao hơn 5.001 đồng (may_go_dong trong settings.toml)",
     "leaving it behind cost 5,001 đồng more (may_go_dong in settings.toml)"),
]  # fmt: skip


@pytest.mark.parametrize(("relaxation", "shipment", "vi", "en"), CASES)
def test_what_would_help_is_said_with_whom_where_and_how_much(
    relaxation: Relaxation, shipment: int, vi: str, en: str
) -> None:
    words = told(Reason(Constraint.SHIFT, LX_1, 60, relaxation), shipment).would_help
    assert words is not None
    assert (words.vi, words.en) == (f"sẽ nhận được nếu {vi}", f"would be carried if {en}")
    assert not re.search("Gấm|0912345318|Trần Hưng Đạo|Lý Thái Tổ", words.vi + words.en)


def test_every_change_has_its_words() -> None:
    assert {relaxation.change for relaxation, *_ in CASES} == set(Change)


def test_general_advice_is_given_only_when_nothing_was_found() -> None:
    shift, windows = Reason(Constraint.SHIFT, LX_1, 60), Reason(Constraint.TIME_WINDOWS, LX_2, 60)
    left = explain_unassigned(group(), Unassigned(R1, (shift, windows)), small_day().network)
    assert all(reason.would_help for reason in left.reasons)
    helped = replace(shift, relaxation=Relaxation(Change.OVERTIME, 60, LX_1))
    left = explain_unassigned(group(), Unassigned(R1, (helped, windows)), small_day().network)
    assert [reason.would_help is not None for reason in left.reasons] == [True, False]


def test_what_was_not_placed_for_lack_of_time_does_not_cost_nought() -> None:
    reason = told(Reason(Constraint.COST, LX_1, 0))
    assert reason.detail.vi.startswith("không có gì cấm")
    assert reason.would_help is not None
    assert reason.would_help.vi == "lập lại kế hoạch với thời gian tìm lâu hơn"


def test_a_full_fleet_has_no_closest_courier() -> None:
    assert told(Reason(Constraint.FLEET, LX_1, 1)).detail.vi == "mọi bưu tá chở được đều đã kín chuyến"


def test_from_a_day_to_the_words() -> None:
    """The desk closes at noon today: D2 cannot be fetched by the one courier who begins at 13:00."""
    found = group()
    stops = list(found.problem.stops)
    stops[DESK] = replace(stops[DESK], windows=(TimeWindow(25_200, 41_010),))
    shipments = tuple(replace(s, latest_return=FOREVER) for s in found.problem.shipments)
    late = replace(found.problem.vehicle_types[LX_2], tw_early=13 * 3600, max_overtime=0, breaks=())
    problem = replace(found.problem, stops=tuple(stops), shipments=shipments, vehicle_types=(late,))
    changed = replace(found, problem=problem, couriers=found.couriers[1:])
    solution = reasons(problem, Solution((), tuple(Unassigned(number) for number in range(len(shipments)))))
    told = explain_unassigned(changed, solution.unassigned[D2], small_day().network).reasons[0]
    assert told.constraint == "time_windows"
    assert told.would_help is not None
    assert re.fullmatch(
        r"sẽ nhận được nếu bưu tá Lê Thị Hoa \(LX-2\) vào ca sớm hơn \d+ phút \(từ 11:\d\d\)", told.would_help.vi
    )
