"""
Simulated phones and desk computers, and the network between them and a server.

Each device has a key, a clock that is wrong by up to 26 hours (some jump once, to another wrong time), a counter and an
outbox. It captures what `story` tells, days without signal included, and sends until each event has been answered. The
network loses a fifth of the requests, before or after they arrive, repeats almost a third, and shuffles: the batches of
a device, the devices, and the events within a batch.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from api.custody.signing import CURVE, sign
from tests.api.custody.story import MONDAY, SIGNED, Person, Story, Told
from tests.api.service.custody_made import jpeg, name_of

SKEW: Final = timedelta(hours=26)
"""The most by which a clock is wrong, either way."""
LOST: Final = 0.2
"""Share of requests that bring no answer; half of them do not arrive."""
REPEATED: Final = 0.3
"""Share of requests that arrive again, some of them much later."""
DEAF: Final = 0.25
"""Share of its days that a device spends without signal."""
SLOT: Final = timedelta(hours=2)
"""How often a device looks for signal."""
LARGEST: Final = 60
"""Events in a batch."""


@dataclass
class Device:
    """One phone or computer."""

    person: Person
    key: ec.EllipticCurvePrivateKey
    skew: timedelta
    """What its clock shows ahead of the true one, until it jumps."""
    jumps_at: datetime | None
    skew_then: timedelta
    deaf_days: frozenset[int]
    counter: int = 0
    outbox: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Signed events without an answer, by id, in the order of the counter."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Handwriting that no answer has come for."""
    picture: str = ""
    """Today's."""

    def ahead(self, at: datetime) -> timedelta:
        """How far its clock is ahead at a true moment."""
        return self.skew_then if self.jumps_at is not None and at >= self.jumps_at else self.skew

    def capture(self, told: Told) -> None:
        """Put down what happens, sign it, keep it."""
        self.counter += 1
        data = {**told.data, **{name: self._handwriting(told.at) for name in SIGNED.get(told.kind, ())}}
        links = {"follows": told.follows, "replaces": told.replaces}
        event = {
            "event_id": told.event_id, "type": told.kind, "shipments": list(told.shipments),
            "at": (told.at + self.ahead(told.at)).isoformat(), "counter": self.counter,
            "device_id": self.person.device_id, "offline": told.at.weekday() in self.deaf_days, "data": data,
            **{name: link for name, link in links.items() if link is not None},
        }  # fmt: skip
        self.outbox[told.event_id] = sign(event, self.key)

    def _handwriting(self, at: datetime) -> str:
        content = jpeg(f"{self.person.device_id} {at.date()}".encode())
        name = name_of(content)
        if name != self.picture:
            self.picture = name
            self.pictures[name] = content
        return name


@dataclass(frozen=True, slots=True)
class Request:
    """Something under way to the server."""

    device: Device
    clock_ahead: timedelta
    """Of the device, when it sent this."""
    events: Sequence[dict[str, Any]] = ()
    picture: tuple[str, bytes] | None = None
    """Name and content, instead of events."""
    is_answer_lost: bool = False


Answered = Mapping[str, Any]
"""`event_id, verdict, pieces: [{code}]`, as the service answers."""


class Server(Protocol):
    """Whoever takes requests in."""

    def enrol(self, devices: Sequence[Device], codes: Sequence[str]) -> None:
        """Make the people, their devices and the shipments known."""

    def take(self, requests: Sequence[Request]) -> list[list[Answered]]:
        """Take requests in, in this order, and answer the events of each."""


def make_devices(story: Story) -> dict[str, Device]:
    """A device for each person of a story, by its id."""
    draw = random.Random(f"devices {story.seed}")
    return {person.device_id: _device(story, person, number, draw) for number, person in enumerate(story.people)}


def _device(story: Story, person: Person, number: int, draw: random.Random) -> Device:
    def skew() -> timedelta:
        return timedelta(milliseconds=round(draw.uniform(-1, 1) * (SKEW / timedelta(milliseconds=1))))

    jumps_at = None if person.is_steady else MONDAY + draw.random() * timedelta(days=story.days)
    deaf = frozenset(day for day in range(story.days) if draw.random() < DEAF)
    key = ec.derive_private_key(1 + story.seed * 10_000 + number, CURVE)
    return Device(person, key, skew(), jumps_at, skew(), deaf)


class Network:
    """
    Carries a story's events to a server, badly, until each has been answered.

    Every answer is kept in `answers`, also those that no device hears, in the order in which the server gave them.
    """

    def __init__(self, story: Story, server: Server) -> None:
        self._story, self._server = story, server
        self._draw = random.Random(f"network {story.seed}")
        self.devices = make_devices(story)
        self._late: list[Request] = []
        """Repetitions that arrive in a later slot."""
        self.answers: list[Answered] = []
        self.lost = self.repeated = 0

    def run(self) -> None:
        """Live through the story, and then until every outbox is empty."""
        self._server.enrol(list(self.devices.values()), list(self._story.papers))
        told = iter([*self._story.told, None])
        following = next(told)
        now = MONDAY
        while following is not None or any(one.outbox or one.pictures for one in self.devices.values()) or self._late:
            now += SLOT
            while following is not None and following.at < now:
                self.devices[following.by.device_id].capture(following)
                following = next(told)
            self._exchange(now, is_week_over=following is None)

    def _exchange(self, now: datetime, *, is_week_over: bool) -> None:
        sent, self._late = self._late, []
        for device in self.devices.values():
            if is_week_over or (now.weekday() not in device.deaf_days and self._draw.random() < 0.5):
                sent += self._sends(device, now)
        self._draw.shuffle(sent)
        arrived = [again for one in sent for again in self._carry(one)]
        for request, answers in zip(arrived, self._server.take(arrived), strict=True):
            self.answers += answers
            if not request.is_answer_lost:
                self._hear(request, answers)

    def _sends(self, device: Device, now: datetime) -> list[Request]:
        """Everything that waits, several requests at once."""
        ahead = device.ahead(now)
        requests = [Request(device, ahead, picture=one) for one in device.pictures.items()]
        waiting = list(device.outbox.values())
        while waiting:
            size = self._draw.randint(1, LARGEST)
            some, waiting = waiting[:size], waiting[size:]
            if self._draw.random() < 0.5:
                self._draw.shuffle(some)
            requests.append(Request(device, ahead, some))
        return requests

    def _carry(self, request: Request) -> list[Request]:
        """What arrives of a request now: nothing, itself, or itself again."""
        arrives = [request]
        chance = self._draw.random()
        if chance < LOST:
            self.lost += 1
            unheard = Request(request.device, request.clock_ahead, request.events, request.picture, is_answer_lost=True)
            arrives = [unheard] if chance < LOST / 2 else []
        if arrives and self._draw.random() < REPEATED:
            self.repeated += 1
            (arrives if self._draw.random() < 0.5 else self._late).append(arrives[0])
        return arrives

    def _hear(self, request: Request, answers: Sequence[Answered]) -> None:
        """An event that was refused stays in the outbox for ever: no story ends with one."""
        if request.picture is not None:
            request.device.pictures.pop(request.picture[0], None)
        for answer in answers:
            if answer["verdict"] in ("accepted", "duplicate", "incomplete"):
                request.device.outbox.pop(answer["event_id"], None)
