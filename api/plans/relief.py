"""
What would have let a shipment be carried, in words: a relaxation that was tried, with whom, where, how much.

Citizens are not named: their end is the appointment of a shipment's code.
"""

from __future__ import annotations

from collections.abc import Callable

from api.network.model import Network
from api.network.rows import Vehicle
from api.plans.problems import COST_UNITS_PER_DONG, ID_CHECK, PlanGroup
from api.plans.schemas import Words
from api.plans.tasks import Work
from routing.model import Action
from routing.solution import Change, Relaxation

Sentence = tuple[str, str]
"""Vietnamese, English."""

_MINUTE = 60

_VEHICLES: dict[Vehicle, Sentence] = {
    Vehicle.MOTORBIKE: ("đi xe máy", "on a motorbike"),
    Vehicle.VAN: ("lái xe tải nhỏ", "with a van"),
    Vehicle.WALK: ("đi bộ", "on foot"),
}

_ROOM: tuple[Sentence, ...] = (
    ("chở thêm được {} bì", "could carry {} more pieces"),
    ("chở thêm được {} gam", "could carry {} grams more"),
    ("được giữ thêm {} đồng tiền mặt", "could hold {} đồng more in cash"),
)
"""By dimension of the load."""


def relief(group: PlanGroup, network: Network, relaxation: Relaxation, shipment: int) -> Words:
    """Say what would let a shipment be carried."""
    vi, en = _SENTENCES[relaxation.change](_Case(group, network, relaxation, shipment))
    return Words(vi=f"sẽ nhận được nếu {vi}", en=f"would be carried if {en}")


def site_name(network: Network, key: str) -> str:
    """`Bưu cục Long Xuyên (BC-LX)`; a key that is no site stays as it is."""
    site = next((site for site in network.sites if site.site_id == key), None)
    return f"{site.name} ({key})" if site is not None else key


class _Case:
    """A relaxation with the names that its numbers stand for."""

    def __init__(self, group: PlanGroup, network: Network, relaxation: Relaxation, shipment: int) -> None:
        self.group = group
        self.network = network
        self.relaxation = relaxation
        self.left = shipment

    @property
    def minutes(self) -> Sentence:
        """The amount of seconds, in full minutes."""
        minutes = -(-self.relaxation.amount // _MINUTE)
        return f"{minutes} phút", f"{minutes} min"

    @property
    def number(self) -> Sentence:
        return _thousands(self.relaxation.amount)

    @property
    def kind(self) -> int:
        assert self.relaxation.vehicle_type is not None
        return self.relaxation.vehicle_type

    @property
    def courier(self) -> Sentence:
        courier = self.group.couriers[self.kind]
        who = f"{courier.name} ({courier.courier_id})"
        return f"bưu tá {who}", f"courier {who}"

    @property
    def base(self) -> str:
        """Of the courier."""
        depot = self.group.problem.vehicle_types[self.kind].start_depot
        return site_name(self.network, self.group.bases[depot])

    @property
    def code(self) -> str:
        """Of the shipment whose rule gives way."""
        number = self.left if self.relaxation.shipment is None else self.relaxation.shipment
        return self.group.works[number].shipment.code

    @property
    def at_stop(self) -> Work:
        """What is to be done at the stop whose window it is: for the shipment itself, or another one."""
        stop = self.relaxation.stop
        there = [n for n, s in enumerate(self.group.problem.shipments) if stop in (s.pickup, s.delivery)]
        return self.group.works[self.left if self.left in there else there[0]]

    def later(self, seconds: int) -> str:
        """A moment put off by the amount, to the full minute after it."""
        return _clock(-(-(seconds + self.relaxation.amount) // _MINUTE))

    def earlier(self, seconds: int) -> str:
        """A moment brought forward by the amount, to the full minute before it."""
        return _clock(max(0, seconds - self.relaxation.amount) // _MINUTE)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _thousands(amount: int) -> Sentence:
    return f"{amount:,}".replace(",", "."), f"{amount:,}"


# -- sentences -------------------------------------------------------------------------------------------------------


def _window_later(case: _Case) -> Sentence:
    work, (vi, en) = case.at_stop, case.minutes
    late = _window_of(case)[1]
    if work.place.site_id is None or _is_appointment(work):
        until, code = case.later(late), work.shipment.code
        return (
            f"giờ hẹn của bưu gửi {code} kéo dài thêm {vi} (đến {until})",
            f"the appointment of shipment {code} lasted {en} longer (until {until})",
        )
    # The door closes when the hand-over that began last is over.
    name, until = site_name(case.network, work.place.site_id), case.later(late + work.setup + work.item)
    return f"{name} mở thêm {vi} (đến {until})", f"{name} stayed open {en} longer (until {until})"


def _window_earlier(case: _Case) -> Sentence:
    work, (vi, en), since = case.at_stop, case.minutes, case.earlier(_window_of(case)[0])
    if work.place.site_id is not None and not _is_appointment(work):
        name = site_name(case.network, work.place.site_id)
        return f"{name} giao nhận sớm hơn {vi} (từ {since})", f"{name} was ready {en} earlier (from {since})"
    code, collects = work.shipment.code, work.action is Action.COLLECT
    return (
        f"{'lấy' if collects else 'phát'} được bưu gửi {code} sớm hơn {vi} (từ {since})",
        f"shipment {code} could be {'fetched' if collects else 'delivered'} {en} earlier (from {since})",
    )


def _window_of(case: _Case) -> tuple[int, int]:
    assert case.relaxation.stop is not None
    assert case.relaxation.window is not None
    window = case.group.problem.stops[case.relaxation.stop].windows[case.relaxation.window]
    return window.early, window.late


def _is_appointment(work: Work) -> bool:
    """The citizen's own times narrow those of the site."""
    citizen, place = work.shipment.citizen, work.place
    is_theirs = citizen is not None and (citizen.site_id, citizen.lon, citizen.lat) == (
        place.site_id, place.lon, place.lat,
    )  # fmt: skip
    return is_theirs and bool(work.shipment.windows)


def _release_earlier(case: _Case) -> Sentence:
    number = case.left if case.relaxation.shipment is None else case.relaxation.shipment
    work, (vi, en) = case.group.works[number], case.minutes
    base, at = site_name(case.network, work.base_id), case.earlier(work.release)
    return (
        f"bưu gửi {case.code} về đến {base} sớm hơn {vi} (lúc {at})",
        f"shipment {case.code} reached {base} {en} earlier (at {at})",
    )


def _return_later(case: _Case) -> Sentence:
    number = case.left if case.relaxation.shipment is None else case.relaxation.shipment
    (vi, en), at = case.minutes, case.later(case.group.problem.shipments[number].latest_return)
    return (
        f"đường thư chở bưu gửi {case.code} chốt muộn hơn {vi} (lúc {at})",
        f"the line that takes shipment {case.code} closed {en} later (at {at})",
    )


def _overtime(case: _Case) -> Sentence:
    (who_vi, who_en), (vi, en) = case.courier, case.minutes
    vehicle = case.group.problem.vehicle_types[case.kind]
    until = case.later(vehicle.tw_late + vehicle.max_overtime)
    return f"{who_vi} làm thêm {vi} (đến {until})", f"{who_en} worked {en} longer (until {until})"


def _shift_earlier(case: _Case) -> Sentence:
    (who_vi, who_en), (vi, en) = case.courier, case.minutes
    since = case.earlier(case.group.problem.vehicle_types[case.kind].tw_early)
    return f"{who_vi} vào ca sớm hơn {vi} (từ {since})", f"{who_en} began {en} earlier (from {since})"


def _depot(vi: str, en: str, *, opens: bool) -> Callable[[_Case], Sentence]:
    def say(case: _Case) -> Sentence:
        assert case.relaxation.depot is not None
        depot = case.group.problem.depots[case.relaxation.depot]
        at = case.earlier(depot.tw_early) if opens else case.later(depot.tw_late)
        name, (much_vi, much_en) = site_name(case.network, case.group.bases[case.relaxation.depot]), case.minutes
        return f"{name} {vi.format(much_vi, at)}", f"{name} {en.format(much_en, at)}"

    return say


def _of_the_courier(vi: str, en: str, how_much: Callable[[_Case], Sentence]) -> Callable[[_Case], Sentence]:
    """Sentences about a courier, with `{}` for the amount."""

    def say(case: _Case) -> Sentence:
        (who_vi, who_en), (much_vi, much_en) = case.courier, how_much(case)
        return f"{who_vi} {vi.format(much_vi)}", f"{who_en} {en.format(much_en)}"

    return say


def _room(case: _Case) -> Sentence:
    assert case.relaxation.dimension is not None
    vi, en = _ROOM[case.relaxation.dimension]
    return _of_the_courier(vi, en, lambda c: c.number)(case)


def _ride(case: _Case) -> Sentence:
    vi, en = case.minutes
    return (
        f"bưu gửi {case.code} được nằm trên xe lâu hơn {vi}",
        f"shipment {case.code} could stay aboard {en} longer",
    )


def _unlock(case: _Case) -> Sentence:
    (vi, en), code = case.courier, case.code
    return f"mở khóa chuyến của {vi} cho bưu gửi {code}", f"the round of {en} was unlocked for shipment {code}"


def _other_depot(case: _Case) -> Sentence:
    (who_vi, who_en), base = case.courier, case.base
    return (
        f"bưu gửi được giao nhận tại {base}, do {who_vi} chở",
        f"it was handed over at {base}, for {who_en}",
    )


def _vehicle_more(case: _Case) -> Sentence:
    vi, en = _VEHICLES[case.group.couriers[case.kind].vehicle]
    return f"{case.base} có thêm một bưu tá {vi}", f"{case.base} had one more courier {en}"


def _penalty_higher(case: _Case) -> Sentence:
    vi, en = _thousands(-(-case.relaxation.amount // COST_UNITS_PER_DONG))
    return (
        f"giá của việc để lại cao hơn {vi} đồng (may_go_dong trong settings.toml)",
        f"leaving it behind cost {en} đồng more (may_go_dong in settings.toml)",
    )


_SENTENCES: dict[Change, Callable[[_Case], Sentence]] = {
    Change.WINDOW_EARLIER: _window_earlier,
    Change.WINDOW_LATER: _window_later,
    Change.RELEASE_EARLIER: _release_earlier,
    Change.RETURN_LATER: _return_later,
    Change.RIDE_LONGER: _ride,
    Change.SHIFT_EARLIER: _shift_earlier,
    Change.OVERTIME: _overtime,
    Change.BREAK_LATER: _of_the_courier(
        "được nghỉ giữa ca muộn hơn {}", "could take the break {} later", lambda case: case.minutes
    ),
    Change.DEPOT_EARLIER: _depot("mở cửa sớm hơn {} (từ {})", "opened {} earlier (from {})", opens=True),
    Change.DEPOT_LATER: _depot("mở thêm {} (đến {})", "stayed open {} longer (until {})", opens=False),
    Change.DISTANCE_LONGER: _of_the_courier("được đi thêm {} m", "could drive {} m more", lambda case: case.number),
    Change.DURATION_LONGER: _of_the_courier(
        "được đi chuyến dài hơn {}", "could be out {} longer", lambda case: case.minutes
    ),
    Change.TRIP_MORE: _of_the_courier("được đi thêm {} lượt", "could make {} more trip", lambda case: case.number),
    Change.CAPACITY_LARGER: _room,
    Change.SKILL_MORE: _of_the_courier(
        "được giao kiểm tra giấy tờ tùy thân ({})", "was allowed to check identities ({})", lambda _: (ID_CHECK,) * 2
    ),
    Change.UNLOCK: _unlock,
    Change.OTHER_DEPOT: _other_depot,
    Change.VEHICLE_MORE: _vehicle_more,
    Change.PENALTY_HIGHER: _penalty_higher,
}
