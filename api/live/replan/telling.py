"""What a re-plan changes, courier by courier, and why, in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from api.live.replan.kept import RunningGroup
from api.live.replan.schemas import CourierTold, Line
from api.plans.reasons import bound_words
from api.plans.schemas import Words, local
from routing.dispatch import Replanned
from routing.dispatching.changes import Delay, Move, Spot
from routing.dispatching.events import (
    BrokenDown,
    Cancelled,
    Departed,
    Event,
    Failed,
    Late,
    LineLate,
    NewPickup,
    Returned,
    WindowsChanged,
)
from routing.model import Task
from routing.schedule import Conflict

_NO_CAUSE = Words(vi="để cả ngày hợp lý hơn", en="so that the whole day goes better")


def told(before: RunningGroup, running: RunningGroup, found: Replanned, midnight: datetime) -> Iterator[CourierTold]:
    """
    Tell each courier whose round changes.

    Parameters
    ----------
    before
        As the last plan was adopted.
    running
        With everything that has happened since.
    """
    teller = _Teller(running, midnight)
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    moved = {move.task for move in found.changes.moves}
    for move in found.changes.moves:
        for v, line in teller.moved(move):
            lines[v].append(line)
    for delay in found.changes.delays:
        if delay.task not in moved:
            lines[delay.vehicle].append(teller.retimed(delay))
    for v, line in teller.cancelled(before):
        lines[v].append(line)
    for change in found.changes.couriers:
        if lines[change.vehicle]:
            courier = running.base.couriers[change.vehicle]
            yield CourierTold(
                courier_id=courier.courier_id,
                base_id=courier.base_id,
                lines=tuple(lines[change.vehicle]),
                distance=change.metres,
                delay=change.delay,
            )


class _Teller:
    def __init__(self, running: RunningGroup, midnight: datetime) -> None:
        self._running = running
        self._midnight = midnight

    def moved(self, move: Move) -> Iterator[tuple[int, Line]]:
        why = self._why(move.cause, move.conflict)
        old, new = move.before, move.after
        if old is not None and new is not None and old.vehicle == new.vehicle:
            said = Words(vi="đổi thứ tự trong chuyến", en="at another place in the round")
            yield new.vehicle, self._line(move.task, "moved", old, new, said, why)
            return
        if old is not None:
            to = None if new is None else self._name(new.vehicle)
            vi = "bỏ khỏi chuyến, chưa ai nhận" if to is None else f"chuyển cho {to}"
            en = "out of the round, nobody has it" if to is None else f"goes to {to}"
            yield old.vehicle, self._line(move.task, "removed", old, None, Words(vi=vi, en=en), why)
        if new is not None:
            source = None if old is None else self._name(old.vehicle)
            vi = "thêm vào chuyến" if source is None else f"nhận từ {source}"
            en = "new in the round" if source is None else f"comes from {source}"
            yield new.vehicle, self._line(move.task, "added", None, new, Words(vi=vi, en=en), why)

    def retimed(self, delay: Delay) -> Line:
        minutes = round((delay.expected - delay.promised) / 60)
        vi = f"muộn hơn {minutes} phút" if minutes >= 0 else f"sớm hơn {-minutes} phút"
        en = f"{minutes} min later" if minutes >= 0 else f"{-minutes} min earlier"
        return Line(
            shipment=self._code(delay.task.shipment),
            kind="retimed",
            before=local(self._midnight, delay.promised),
            after=local(self._midnight, delay.expected),
            what=Words(vi=vi, en=en),
            why=self._why(delay.cause, None),
        )

    def cancelled(self, before: RunningGroup) -> Iterator[tuple[int, Line]]:
        spots = _spots(before)
        for s in sorted(self._running.cancelled - before.cancelled):
            for task, spot in spots.items():
                if task.shipment == s:
                    said = Words(vi="bỏ khỏi chuyến", en="out of the round")
                    why = Words(vi="bưu gửi đã được hủy", en="the shipment was cancelled")
                    yield spot.vehicle, self._line(task, "cancelled", spot, None, said, why)

    def _line(self, task: Task, kind: str, old: Spot | None, new: Spot | None, what: Words, why: Words) -> Line:
        return Line.model_validate(
            {
                "shipment": self._code(task.shipment),
                "kind": kind,
                "before": None if old is None else local(self._midnight, old.starts),
                "after": None if new is None else local(self._midnight, new.starts),
                "what": what,
                "why": why,
            }
        )

    def _why(self, cause: Event | None, conflict: Conflict | None) -> Words:
        said = _NO_CAUSE if cause is None else self._cause(cause)
        if conflict is None:
            return said
        broken = bound_words(conflict.constraint, conflict.amount)
        return Words(vi=f"{said.vi}; theo kế hoạch cũ: {broken.vi}", en=f"{said.en}; as planned before: {broken.en}")

    def _cause(self, cause: Event) -> Words:
        clock = f"{cause.at // 3600:02}:{cause.at % 3600 // 60:02}"
        match cause:
            case NewPickup():
                vi, en = "có bưu gửi mới nhận trong ngày", "a shipment was accepted during the day"
            case BrokenDown(vehicle=v):
                vi, en = f"{self._name(v)} ngừng chạy lúc {clock}", f"{self._name(v)} stopped driving at {clock}"
            case Late(vehicle=v):
                vi, en = f"{self._name(v)} bị chậm, báo lúc {clock}", f"{self._name(v)} is held up, told at {clock}"
            case LineLate():
                vi, en = "đường thư tới muộn", "a line comes late"
            case Cancelled(shipment=s):
                vi, en = f"bưu gửi {self._code(s)} đã được hủy", f"shipment {self._code(s)} was cancelled"
            case WindowsChanged(shipment=s):
                vi, en = f"bưu gửi {self._code(s)} được hẹn giờ khác", f"shipment {self._code(s)} has other hours"
            case Failed(shipment=s):
                vi = f"bưu gửi {self._code(s)} phát/nhận không thành lúc {clock}"
                en = f"shipment {self._code(s)} was tried in vain at {clock}"
            case Departed(vehicle=v) | Returned(vehicle=v):
                vi = f"{self._name(v)} đi hoặc về khác giờ, lúc {clock}"
                en = f"{self._name(v)} left or came back at another time, at {clock}"
            case _:
                who: int | None = getattr(cause, "vehicle", None)
                name = "—" if who is None else self._name(who)
                vi, en = f"{name} đi khác kế hoạch lúc {clock}", f"{name} was not as planned at {clock}"
        return Words(vi=vi, en=en)

    def _name(self, v: int) -> str:
        courier = self._running.base.couriers[v]
        return f"{courier.name} ({courier.courier_id})"

    def _code(self, s: int) -> str:
        return self._running.works[s].shipment.code


def _spots(running: RunningGroup) -> Mapping[Task, Spot]:
    return {
        task: Spot(route.vehicle_type, number, position, visit.starts)
        for route in running.day.told.routes
        for number, trip in enumerate(route.trips)
        for position, visit in enumerate(trip.visits)
        for task in visit.tasks
    }
