"""Phones that send proofs until each has been acknowledged, whatever becomes of the server."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from benchmarks.service.load import multipart
from tests.api.service.custody_made import batch, jpeg, made, name_of

RETRY = frozenset({503, 507})


@dataclass
class Sender:
    """One phone with an outbox of its own; `acknowledged` is its own list, kept before it asks for anything else."""

    port: int
    token: str
    number: int
    seed: int
    resend_share: float = 0.1
    """Of acknowledged proofs that are sent again, as if the answer had been lost."""
    acknowledged: dict[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)
    """Event and photo, by event id."""
    verdicts: Counter[str] = field(default_factory=Counter)
    replays: int = 0
    """Sent again because no answer came."""
    statuses: Counter[int] = field(default_factory=Counter)
    no_retry_after: int = 0
    """Answers that turned away without saying when to come again."""
    longest_gap: float = 0.0
    """Seconds between two acknowledgements."""

    def run(self, enough: threading.Event, most: int = 100_000) -> None:
        """Send until told that it is enough; what was begun is finished."""
        draw = random.Random(self.seed * 1_000 + self.number)
        counter = 0
        last = time.monotonic()
        while not enough.is_set() and counter < most:
            counter += 1
            photo = jpeg(draw.randbytes(draw.choice([200, 5_000, 60_000])))
            data = {"courier_id": "BT-01", "reason": "not_found", "action": "notice_left", "photos": [name_of(photo)]}
            event = made("ATTEMPT", counter, code=f"S{draw.randrange(50)}", data=data, place=_PLACE)
            event_id = str(event["event_id"])
            self._send_until_known(event, photo)
            self.acknowledged[event_id] = event, photo
            self.longest_gap = max(self.longest_gap, time.monotonic() - last)
            last = time.monotonic()
            if draw.random() < self.resend_share:
                self._send_until_known(event, photo)

    def _send_until_known(self, event: dict[str, Any], photo: bytes) -> None:
        while True:
            status, answer = self._send(event, photo)
            self.statuses[status] += 1
            if status == 200:
                (found,) = answer["answers"]
                self.verdicts[found["verdict"]] += 1
                return
            assert status in RETRY or status == 0, (status, answer)
            self.replays += status == 0
            time.sleep(0.05)

    def _send(self, event: dict[str, Any], photo: bytes) -> tuple[int, Any]:
        kind, body = multipart(json.dumps(batch(event)).encode(), photo)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        try:
            connection.request("POST", "/api/v1/custody/proofs", body, headers)
            response = connection.getresponse()
            if response.status in RETRY and not int(response.headers.get("Retry-After", "0")):
                self.no_retry_after += 1
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None
        finally:
            connection.close()


_PLACE = {"lon": 105.43, "lat": 10.38, "accuracy": 8.4, "age": 2}


class Senders:
    """Some of them at once."""

    def __init__(self, port: int, token: str, seed: int, count: int = 8) -> None:
        self.all = [Sender(port, token, number, seed) for number in range(count)]
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=one.run, args=(self._enough,), daemon=True) for one in self.all]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Let each finish what it sends."""
        self._enough.set()
        for thread in self._threads:
            thread.join(90)
            assert not thread.is_alive(), "a proof was never acknowledged"

    @property
    def acknowledged(self) -> dict[str, tuple[dict[str, Any], bytes]]:
        return {event_id: kept for one in self.all for event_id, kept in one.acknowledged.items()}

    def total(self, name: str) -> Counter[Any]:
        """Of a counter of each."""
        return sum((getattr(one, name) for one in self.all), Counter())
