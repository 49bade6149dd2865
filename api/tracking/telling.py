"""Where a shipment is, in plain words: one state out of few, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.custody.custodian import Holding
from api.custody.events import Event
from api.custody.replay import Step
from api.custody.scans import is_scans_only
from api.custody.vocabulary import EventType


class State(StrEnum):
    """Where it is."""

    ANNOUNCED = "announced"
    COLLECTED = "collected"
    AT_SITE = "at_site"
    TRAVELLING = "travelling"
    OUT = "out"
    INVITED = "invited"
    HELD = "held"
    RETURNING = "returning"
    DELIVERED = "delivered"
    AT_AGENCY = "at_agency"
    RETURNED = "returned"
    SCANNED = "scanned"
    """The post sent scans, and never had the papers."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a state says, `{site}` being a name; and what comes next."""

    vi: str
    en: str
    next_vi: str
    next_en: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a shipment is now."""

    state: State
    since: datetime | None
    """None = nobody has taken it yet."""
    site_id: str | None


ENDED: Final = frozenset({State.DELIVERED, State.AT_AGENCY, State.RETURNED, State.SCANNED})
PROMISED: Final = frozenset({State.ANNOUNCED, State.COLLECTED, State.AT_SITE, State.TRAVELLING, State.OUT})
"""States in which the due day still stands."""

WORDS: Mapping[State, Words] = MappingProxyType(
    {
        State.ANNOUNCED: Words(
            "Bưu điện chưa nhận", "The post has not taken it yet", "Bưu điện đến nhận", "The post takes it"
        ),
        State.COLLECTED: Words(
            "Bưu tá đã nhận", "A courier has taken it", "Đưa về bưu cục", "It comes to a post office"
        ),
        State.AT_SITE: Words(
            "Đang ở {site}", "At {site}", "Chuyển tiếp hoặc đi phát", "It goes on, or out for delivery"
        ),
        State.TRAVELLING: Words(
            "Đang trên đường thư",
            "Travelling between post offices",
            "Đến bưu cục phát",
            "It comes to the next post office",
        ),
        State.OUT: Words("Bưu tá đang đi phát", "Out for delivery", "Giao tận nơi", "It is handed over"),
        State.INVITED: Words(
            "Đang ở {site}, đã mời đến nhận", "At {site}; its recipient is invited", "Đến nhận", "Come and fetch it"
        ),
        State.HELD: Words(
            "Đang lưu giữ tại {site}",
            "Kept at {site}",
            "Đến nhận trước khi chuyển hoàn",
            "Fetch it before it goes back",
        ),
        State.RETURNING: Words("Đang chuyển hoàn", "Going back", "Trả nơi gửi", "It is given back"),
        State.DELIVERED: Words("Đã phát", "Delivered", "", ""),
        State.AT_AGENCY: Words("Cơ quan, bộ phận một cửa đã nhận", "The agency or desk has it", "", ""),
        State.SCANNED: Words(
            "Đã gửi bản quét, giấy tờ vẫn ở người dân", "Scans were sent; the papers stay with the citizen", "", ""
        ),
        State.RETURNED: Words("Đã trả nơi gửi", "Given back to where it came from", "", ""),
    }
)

EVENTS: Mapping[EventType, tuple[str, str]] = MappingProxyType(
    {
        EventType.ACCEPT: ("Bưu điện nhận", "The post took it"),
        EventType.BAG: ("Đóng túi niêm phong", "Put in a sealed bag"),
        EventType.UNBAG: ("Mở túi", "Taken out of the bag"),
        EventType.DEPART: ("Rời bưu cục theo đường thư", "Left with a line"),
        EventType.ARRIVE: ("Đến bưu cục", "Came to a post office"),
        EventType.OUT: ("Bưu tá mang đi", "Left with a courier"),
        EventType.HAND_AGENCY: ("Giao cơ quan, bộ phận một cửa", "Handed to the agency or desk"),
        EventType.COLLECT_RESULT: ("Nhận từ cơ quan", "Taken from the agency"),
        EventType.ATTEMPT: ("Chưa giao, nhận được", "Could not be handed over or fetched"),
        EventType.INVITE_1: ("Mời nhận lần 1", "First invitation"),
        EventType.INVITE_2: ("Mời nhận lần 2", "Second invitation"),
        EventType.HOLD: ("Lưu giữ chờ nhận", "Kept for its recipient"),
        EventType.DELIVER: ("Đã phát", "Delivered"),
        EventType.RETURN_START: ("Bắt đầu chuyển hoàn", "Began to go back"),
        EventType.RETURN_DONE: ("Đã trả nơi gửi", "Given back"),
        EventType.EXCEPTION: ("Có sự cố, đang xử lý", "Something is wrong; it is being looked at"),
        EventType.CORRECT: ("Đính chính", "A correction"),
    }
)

_SCANS: Final = (
    "Bưu điện nhận bản quét, giấy tờ vẫn ở người dân",
    "The post took scans; the papers stay with the citizen",
)
"""Of an `ACCEPT` of scans only."""

_ENDS: Final = {
    EventType.DELIVER: State.DELIVERED,
    EventType.HAND_AGENCY: State.AT_AGENCY,
    EventType.RETURN_DONE: State.RETURNED,
}
_NOTICES: Final = {
    EventType.INVITE_1: State.INVITED,
    EventType.INVITE_2: State.INVITED,
    EventType.HOLD: State.HELD,
}


def told(event: Event) -> tuple[str, str]:
    """What an event says, in Vietnamese and English."""
    return _SCANS if is_scans_only(event) else EVENTS[event.type]


def whereabouts(steps: Sequence[Step]) -> Whereabouts:
    """Say where a shipment is, by the facts that stand."""
    if not steps or steps[-1].holder.holding is Holding.NOBODY:
        return Whereabouts(State.ANNOUNCED, None, None)
    holder = steps[-1].holder
    stay = _since_it_has_it(steps)
    site_id = holder.name if holder.holding is Holding.SITE else None
    telling = next((step for step in reversed(stay) if step.fact.event.type in _NOTICES), stay[0])
    state = _state(steps, stay, telling)
    return Whereabouts(state, (telling if state in _NOTICES.values() else stay[0]).at, site_id)


def _since_it_has_it(steps: Sequence[Step]) -> Sequence[Step]:
    """The last steps with one and the same holder."""
    first = len(steps) - 1
    while first > 0 and steps[first - 1].holder == steps[-1].holder:
        first -= 1
    return steps[first:]


def _state(steps: Sequence[Step], stay: Sequence[Step], telling: Step) -> State:
    holding = steps[-1].holder.holding
    if holding is Holding.DONE:
        return next(end for step in reversed(stay) if (end := _end(step.fact.event)) is not None)
    if any(step.fact.event.type is EventType.RETURN_START for step in steps):
        return State.RETURNING
    if holding is Holding.LINE:
        return State.TRAVELLING
    if holding is Holding.COURIER:
        return State.OUT if stay[0].fact.event.type is EventType.OUT else State.COLLECTED
    return _NOTICES.get(telling.fact.event.type, State.AT_SITE)


def _end(event: Event) -> State | None:
    """How an event ends a shipment's way; None = it does not."""
    return State.SCANNED if is_scans_only(event) else _ENDS.get(event.type)
