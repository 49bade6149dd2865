"""
How long the rules of custody take for an event: `python -m benchmarks.custody_rules`.

An acceptance with a complete list, one shipment, about 1 KB, judged with everything but the database: read, canonical
JSON, signature, missing pieces, replay; then split into record and personal part. One process; the figures are the
best of five runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from api.auth.roles import Role
from api.custody.answers import judge
from api.custody.events import Event
from api.custody.evidence_rules import EvidenceRules
from api.custody.ordering import Fact
from api.custody.owners import Owner
from api.custody.personal import split
from api.custody.pieces import Piece
from api.custody.signing import CURVE, is_signed, public_key_text, sign, signed_bytes
from api.custody.verdicts import Device, Known, Verdict

EVENTS = 2000
NOW = datetime(2026, 12, 7, 2, tzinfo=UTC)


class World:
    """A store that knows one device, every file and every shipment."""

    clock_offset, now, rules = timedelta(0), NOW, EvidenceRules()

    def __init__(self, public_key: str) -> None:
        owner = Owner("U1", Role.COURIER, "89", "C1")
        self._device = Device(public_key, owner, NOW - timedelta(days=1))

    def known(self, event_id: str) -> Known | None:  # noqa: ARG002
        return None

    def device(self, device_id: str) -> Device | None:  # noqa: ARG002
        return self._device

    def has_file(self, sha256: str) -> bool:  # noqa: ARG002
        return True

    def is_shipment(self, code: str) -> bool:  # noqa: ARG002
        return True

    def facts(self, code: str) -> Sequence[Fact]:  # noqa: ARG002
        return ()

    def missing(self, fact: Fact) -> tuple[Piece, ...]:
        return self.rules.missing(fact.event)

    def rule_breaks(self, code: str, fact: Fact, others: Sequence[Fact]) -> tuple[Piece, ...]:  # noqa: ARG002
        return ()

    def check_pin(self, event: Event) -> Piece | None:  # noqa: ARG002
        return None


def _event(number: int) -> dict[str, Any]:
    paper = {"name": "Giấy chứng nhận quyền sử dụng đất", "kind": "original", "count": 1}
    data = {
        "courier_id": "C1", "documents": [paper] * 5, "seal": "N1", "receipt_no": "BL-7", "fee_dong": 25_000,
        "postage_dong": 30_000, "signature_theirs": "bb" * 32, "signature_ours": "cc" * 32,
    }  # fmt: skip
    return {
        "event_id": f"01890a5d-ac96-774b-bcce-{number:012x}", "type": "ACCEPT", "shipments": [f"S{number}"],
        "at": "2026-12-07T08:00:00+07:00", "counter": number, "device_id": "D1", "offline": True,
        "place": {"lon": 105.78, "lat": 10.03, "accuracy": 8.0, "age": 2}, "evidence": ["bb" * 32], "data": data,
    }  # fmt: skip


def _microseconds(work: Callable[[], object]) -> float:
    """An event's share of the quickest of five runs."""
    times = []
    for _ in range(5):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times) / EVENTS * 1e6


def main() -> None:
    """Measure and print."""
    key = ec.generate_private_key(CURVE)
    world = World(public_key_text(key.public_key()))
    batch = [sign(_event(number), key) for number in range(EVENTS)]
    assert {answer.verdict for answer in judge(batch, world)} == {Verdict.ACCEPTED}
    signed = [(signed_bytes(event), event["signature"]) for event in batch]
    public = public_key_text(key.public_key())
    verified = _microseconds(lambda: [is_signed(content, signature, public) for content, signature in signed])
    print(f"event, canonical      {len(signed[0][0])} bytes")
    print(f"judge                 {_microseconds(lambda: judge(batch, world)):.0f} us an event")
    print(f"  of it the signature {verified:.0f} us")
    print(f"split                 {_microseconds(lambda: [split(event) for event in batch]):.0f} us an event")


if __name__ == "__main__":
    main()
