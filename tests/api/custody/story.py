"""
A week of honest work, drawn at random, and the truth about it: who holds what, which events stand, what they lack.

This is the oracle of `test_devices`: it knows what happens because it lets it happen, one event after another, on the
one true clock, and it knows nothing of the service. A courier or a desk never tells what its hands cannot do. Who takes
over what another device has touched names the event that this follows; only where all clocks are steady may the name
be missing, for then the times tell. What passes between a courier and a desk, the other one may tell as well within a
wave: that moves nothing. An event may be forgotten a piece of, and may be taken back or told again better by
whoever told it, while nobody has done anything since.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

MONDAY: Final = datetime(2025, 3, 3, tzinfo=UTC)
"""A week without holidays; past, so that nothing in it lies in the future of a server."""
OPENS, OPEN_FOR = timedelta(hours=0.5), timedelta(hours=10)
"""07:30 to 17:30 in Vietnam."""
PAUSE: Final = timedelta(minutes=1)
"""Between two people's hands on one shipment."""
WAVE: Final = timedelta(hours=4)
"""Within it the other side tells the same hand-over, if it does."""
MOST: Final = 5
"""Shipments in one event."""

Holder = tuple[str, str]
NOBODY, DONE = ("nobody", ""), ("done", "")
PARTY: Final = {"courier": "courier_id", "site": "site_id", "line": "run_id"}


@dataclass(frozen=True, slots=True)
class Move:
    """Something that a person may do with shipments in somebody's hands."""

    kind: str
    giver: str
    """nobody, me, base, courier (of the base), line."""
    taker: str
    """The same; or done, or same = they stay where they are."""


COURIER: Final = (
    Move("ACCEPT", "nobody", "me"), Move("COLLECT_RESULT", "nobody", "me"), Move("OUT", "base", "me"),
    Move("OUT", "base", "me"), Move("ARRIVE", "me", "base"), Move("ATTEMPT", "me", "same"),
    Move("EXCEPTION", "me", "same"), Move("DELIVER", "me", "done"), Move("HAND_AGENCY", "me", "done"),
    Move("RETURN_DONE", "me", "done"),
)  # fmt: skip
DESK: Final = (
    Move("ACCEPT", "nobody", "base"), Move("OUT", "base", "courier"), Move("ARRIVE", "courier", "base"),
    Move("ARRIVE", "line", "base"), Move("ARRIVE", "line", "base"), Move("DEPART", "base", "line"),
    Move("DEPART", "base", "line"), Move("BAG", "base", "same"), Move("UNBAG", "base", "same"),
    Move("INVITE_1", "base", "same"), Move("INVITE_2", "base", "same"), Move("RETURN_START", "base", "same"),
    Move("EXCEPTION", "base", "same"), Move("DELIVER", "base", "done"), Move("HAND_AGENCY", "base", "done"),
)  # fmt: skip

_BAG: Final = {"bag_id": "T1", "seal": "N2", "count": 3}
PIECES: Final[Mapping[str, dict[str, Any]]] = {
    "ACCEPT": {"documents": [{"name": "Đơn", "kind": "original", "count": 1}], "seal": "N1", "receipt_no": "BL-7"},
    "BAG": _BAG, "UNBAG": _BAG, "DEPART": {"manifest_no": "K1"}, "ARRIVE": {"seal_intact": True}, "OUT": {},
    "HAND_AGENCY": {"count": 2, "fee_dong": 0, "no_slip_reason": "luân chuyển"},
    "COLLECT_RESULT": {"count": 1, "seal": "N3"}, "ATTEMPT": {"reason": "no_time", "action": "try_again"},
    "INVITE_1": {"notice_no": "M1"}, "INVITE_2": {"notice_no": "M2"}, "RETURN_START": {"legal_ground": "17.2"},
    "DELIVER": {"recipient_name": "Nguyễn Văn A", "relation": "self", "id_kind": "vneid", "id_digits": "1234"},
    "RETURN_DONE": {}, "EXCEPTION": {"trouble": "damaged", "note": "ướt góc"},
    "CORRECT": {"why": "nhầm mã", "correction": "did_not_occur"},
}  # fmt: skip
"""By hand from the design's table of evidence, besides the parties, scans and signatures."""
SIGNED: Final = dict.fromkeys(
    ("ACCEPT", "HAND_AGENCY", "COLLECT_RESULT", "DELIVER", "RETURN_DONE"), ("signature_theirs", "signature_ours")
)
FORGOTTEN: Final = {
    "ACCEPT": ("seal", "missing_seal"), "COLLECT_RESULT": ("seal", "missing_seal"),
    "OUT": ("scanned", "missing_scanned"),
    "BAG": ("seal", "missing_seal"), "HAND_AGENCY": ("count", "missing_count"), "ATTEMPT": ("action", "missing_action"),
    "DELIVER": ("id_digits", "missing_id_digits"), "EXCEPTION": ("note", "missing_photo_or_note"),
}  # fmt: skip
"""What people forget, and the name of the piece that is then missing."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who works with one device."""

    device_id: str
    site_id: str
    """Base or desk."""
    courier_id: str | None
    is_steady: bool
    """The clock may be wrong, but it never jumps."""

    @property
    def user_id(self) -> str:
        return f"u-{self.device_id}"


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it truly was."""

    event_id: str
    kind: str
    shipments: tuple[str, ...]
    at: datetime
    """By the true clock."""
    by: Person
    data: Mapping[str, Any]
    follows: str | None = None
    replaces: str | None = None
    lacks: tuple[str, ...] = ()
    """Pieces that somebody has to ask about, if it stands."""


@dataclass(slots=True)
class Papers:
    """The truth about one shipment."""

    holder: Holder = NOBODY
    steps: tuple[tuple[str, Holder], ...] = ()
    """The events that stand, in order, and who holds it after each."""
    told: list[Told] = field(default_factory=list)
    """All of its events, in the order in which they were told."""
    before: tuple[Holder, tuple[tuple[str, Holder], ...]] = (NOBODY, ())
    """Holder and steps before the last event."""
    invited: int | None = None
    """Day of the last invitation."""


@dataclass
class Story:
    """
    What people do.

    Parameters
    ----------
    bases
        Each has a desk with a computer, and `couriers` with a phone each.
    events
        Of each device on each day.
    """

    seed: int
    bases: int
    couriers: int
    days: int
    events: int
    people: list[Person] = field(default_factory=list)
    papers: dict[str, Papers] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)
        self._held: dict[Holder, dict[str, None]] = defaultdict(dict)
        self._last: dict[str, Told] = {}
        self._second: set[str] = set()
        """Events that tell what the other side has told."""
        for base in range(self.bases):
            site = f"BC-{base:02}"
            self.people.append(Person(f"d{base:02}", site, None, self._draw.random() < 0.7))
            for number in range(self.couriers):
                name = f"{base:02}-{number:02}"
                self.people.append(Person(f"d{name}", site, f"BT-{name}", self._draw.random() < 0.7))
        moments = [
            (MONDAY + timedelta(days=day) + OPENS + self._draw.random() * OPEN_FOR, number)
            for day in range(self.days)
            for number in range(len(self.people))
            for _ in range(self.events)
        ]
        for at, number in sorted(moments):
            self._act(self.people[number], at.replace(microsecond=at.microsecond // 1000 * 1000))

    @property
    def open_events(self) -> set[str]:
        """Those that a dispatcher has to ask about in the end."""
        stand = {event_id for papers in self.papers.values() for event_id, _ in papers.steps}
        return {told.event_id for told in self.told if told.lacks and told.event_id in stand}

    def _act(self, person: Person, at: datetime) -> None:
        if self._draw.random() < 0.06 and self._takes_back(person, at):
            return
        if self._draw.random() < 0.1 and self._confirms(person, at):
            return
        moves = DESK if person.courier_id is None else COURIER
        for move in self._draw.sample(moves, len(moves)):
            giver = self._party(move.giver, person, to=person.site_id)
            codes, follows = self._in_hand(move, giver, person, at)
            if codes:
                taker = giver if move.taker == "same" else self._party(move.taker, person, to=None)
                self._tell(person, at, move.kind, codes, giver, taker, follows=follows)
                return

    def _party(self, word: str, person: Person, *, to: str | None) -> Holder:
        """Whom a word of a move means; a line arrives at `to`, or leaves for anywhere."""
        if word == "me":
            return ("courier", person.courier_id or "")
        if word == "base":
            return ("site", person.site_id)
        if word == "courier":
            return ("courier", f"BT-{person.site_id[3:]}-{self._draw.randrange(self.couriers):02}")
        if word == "line":
            other = f"BC-{self._draw.randrange(self.bases):02}"
            return ("line", f"{other}.{to}/1" if to else f"{person.site_id}.{other}/1")
        return DONE if word == "done" else NOBODY

    def _in_hand(self, move: Move, giver: Holder, person: Person, at: datetime) -> tuple[tuple[str, ...], str | None]:
        """Shipments that may be told of in one event, and the event that it has to follow."""
        if giver == NOBODY:
            fresh = [f"S{len(self.papers) + number}" for number in range(self._draw.randint(1, 2))]
            self.papers |= {code: Papers() for code in fresh}
            return tuple(fresh), None
        held = [code for code in self._held[giver] if self._may(move.kind, self.papers[code], person, at)]
        if not held:
            return (), None
        first = self.papers[self._draw.choice(held[:50])]
        last = first.told[-1]
        if last.by == person or (self._is_timed(first, person) and self._draw.random() < 0.5):
            some = [c for c in held if self.papers[c].told[-1].by == person or self._is_timed(self.papers[c], person)]
            return tuple(some[: self._draw.randint(1, MOST)]), None
        same = [code for code in held if self.papers[code].told[-1] is last]
        return tuple(same[: self._draw.randint(1, MOST)]), last.event_id

    def _is_timed(self, papers: Papers, person: Person) -> bool:
        """Whether the times of its events alone tell their order."""
        return person.is_steady and all(told.by.is_steady for told in papers.told)

    def _may(self, kind: str, papers: Papers, person: Person, at: datetime) -> bool:
        if papers.told[-1].by != person and at - papers.told[-1].at < PAUSE:
            return False
        day = at.weekday()
        if kind == "INVITE_1":
            return person.is_steady and papers.invited is None and day < 5
        if kind == "INVITE_2":
            return person.is_steady and papers.invited is not None and day < 5 and day - papers.invited >= 2
        return True

    def _confirms(self, person: Person, at: datetime) -> bool:
        """Tell a hand-over that the other side has told already, of the same shipments."""
        for told in reversed(self.told[-200:]):
            if at - told.at > WAVE - PAUSE:
                return False
            papers = [self.papers[code] for code in told.shipments]
            if not _is_other_side(person, told) or any(one.told[-1] is not told for one in papers):
                continue
            is_second = told.event_id in self._second
            if at - told.at < PAUSE or told.lacks or told.replaces is not None or is_second:
                continue
            is_timed = all(self._is_timed(one, person) for one in papers)
            follows = None if is_timed and self._draw.random() < 0.5 else told.event_id
            again = self._add(Told(self._id(), told.kind, told.shipments, at, person, told.data, follows))
            self._second.add(again.event_id)
            for code, one in zip(told.shipments, papers, strict=True):
                now = one.holder, one.steps
                self._note(code, again, one.holder, (*one.steps, (again.event_id, one.holder)), now)
            return True
        return False

    def _takes_back(self, person: Person, at: datetime) -> bool:
        """Undo one's last event, or tell it again with all its pieces."""
        last = self._last.get(person.device_id)
        if last is None or last.kind.startswith("INVITE"):
            return False
        papers = [self.papers[code] for code in last.shipments]
        if any(one.told[-1] is not last for one in papers):
            return False
        if last.kind == "CORRECT" or self._draw.random() < 0.5:
            self._undo(person, at, last, papers)
        else:
            self._tell_again(person, at, last, papers)
        return True

    def _undo(self, person: Person, at: datetime, last: Told, papers: Sequence[Papers]) -> None:
        data = PIECES["CORRECT"] | {"who": person.user_id}
        told = self._add(Told(self._id(), "CORRECT", last.shipments, at, person, data, replaces=last.event_id))
        for code, one in zip(last.shipments, papers, strict=True):
            (holder, steps), now = one.before, (one.holder, one.steps)
            self._note(code, told, holder, (*steps, (told.event_id, holder)), now)

    def _tell_again(self, person: Person, at: datetime, last: Told, papers: Sequence[Papers]) -> None:
        data = {**last.data, **PIECES[last.kind], "why": "ghi thiếu"}
        if last.kind == "OUT":
            data["scanned"] = list(last.shipments)
        told = self._add(
            Told(self._id(), last.kind, last.shipments, at, person, data, last.follows, replaces=last.event_id)
        )
        for code, one in zip(last.shipments, papers, strict=True):
            now = one.holder, one.steps
            self._note(code, told, one.holder, (*one.steps[:-1], (told.event_id, one.holder)), now)

    def _tell(
        self, person: Person, at: datetime, kind: str, codes: tuple[str, ...], giver: Holder, taker: Holder,
        *, follows: str | None,
    ) -> None:  # fmt: skip
        data = {**PIECES[kind], **{PARTY[word]: name for word, name in (giver, taker) if word in PARTY}}
        if kind == "OUT":
            data["scanned"] = list(codes)
        name, piece = FORGOTTEN.get(kind, ("", ""))
        lacks: tuple[str, ...] = ()
        if name and self._draw.random() < 0.03:
            lacks = (piece,)
            del data[name]
        told = self._add(Told(self._id(), kind, codes, at, person, data, follows, lacks=lacks))
        for code in codes:
            one = self.papers[code]
            if kind.startswith("INVITE"):
                one.invited = at.weekday()
            self._note(code, told, taker, (*one.steps, (told.event_id, taker)), (one.holder, one.steps))

    def _add(self, told: Told) -> Told:
        self.told.append(told)
        self._last[told.by.device_id] = told
        return told

    def _note(
        self, code: str, told: Told, holder: Holder, steps: tuple[tuple[str, Holder], ...],
        before: tuple[Holder, tuple[tuple[str, Holder], ...]],
    ) -> None:  # fmt: skip
        one = self.papers[code]
        self._held[one.holder].pop(code, None)
        if holder not in (NOBODY, DONE):
            self._held[holder][code] = None
        one.holder, one.steps, one.before = holder, steps, before
        one.told.append(told)

    def _id(self) -> str:
        """A UUIDv7; which milliseconds it names tells nobody anything."""
        return f"01890a5d-ac96-7{self._draw.randrange(4096):03x}-8{self.seed % 4096:03x}-{len(self.told):012x}"


def _is_other_side(person: Person, told: Told) -> bool:
    """Whether a hand-over between a courier and a desk, told by the one, is the other's to tell too."""
    if told.kind not in ("ARRIVE", "OUT") or not {"courier_id", "site_id"} <= told.data.keys() or told.by == person:
        return False
    if (told.by.courier_id is None) == (person.courier_id is None):
        return False
    return person.courier_id in (None, told.data["courier_id"]) and person.site_id == told.data["site_id"]
