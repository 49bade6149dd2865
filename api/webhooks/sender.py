"""
The thread that tells subscribers what waits for them.

At least once: an attempt is written down after it was made, so a server killed in between makes it again, with the same
`webhook-id`. No more is held in memory than one thing a subscriber; everything else waits in the outbox.
"""

from __future__ import annotations

import http.client
import json
import logging
import socket
import ssl
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from api.db.engine import Database
from api.db.writer import Writer
from api.errors import ApiError, RefusedError
from api.version import SOFTWARE
from api.webhooks.guard import Target, address_of, target_of
from api.webhooks.signing import signed_headers
from api.webhooks.store import Due, due, note_attempt

logger = logging.getLogger(__name__)

LOOKED_AT_EVERY = 1.0
"""Seconds."""
TIMEOUT = 10.0
"""Seconds that a receiver has, all in all."""
TOGETHER = 4
"""Subscribers that are told at the same time."""
MOST = 50
"""Subscribers that are told in one go."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an attempt."""

    words: str
    taken: bool
    last: bool = False
    """410 Gone: it wants nothing any more."""


class Sender:
    """
    Tells subscribers.

    Parameters
    ----------
    inside
        Hosts of our own network that may be told things.
    timeout
        Seconds that a receiver has.
    """

    def __init__(
        self, database: Database, writer: Writer, inside: Collection[str], *, timeout: float = TIMEOUT
    ) -> None:
        self._database, self._writer, self._inside, self._timeout = database, writer, inside, timeout
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Finish what is being told; the rest waits for the next start."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(TOGETHER, "webhook") as pool:
            while not self._stopping.is_set():
                if not self._tell_due(pool):
                    self._stopping.wait(LOOKED_AT_EVERY)

    def _tell_due(self, pool: ThreadPoolExecutor) -> bool:
        """One round; whether anything was there to tell."""
        try:
            with self._database.read() as connection:
                waiting = due(connection, datetime.now(UTC), most=MOST)
            list(pool.map(self._tell, waiting))
        except ApiError as error:  # the database does not answer: what waits still waits
            logger.warning("webhooks wait: %s", error.code, extra={"action": "webhook"})
            return False
        except Exception:
            logger.exception("webhooks stumbled", extra={"action": "webhook"})
            return False  # what waits still waits, and the thread goes on
        return bool(waiting)

    def _tell(self, one: Due) -> None:
        answer = deliver(one, self._inside, datetime.now(UTC), timeout=self._timeout)
        at = datetime.now(UTC)
        self._writer.write_now(
            lambda connection: note_attempt(connection, one, at, answer.words, taken=answer.taken, last=answer.last)
        )
        if not answer.taken:
            facts = {"action": "webhook", "event_id": one.event_id, "subscriber_id": one.subscriber_id}
            logger.warning("a webhook was not taken: %s", answer.words, extra=facts)


def deliver(one: Due, inside: Collection[str], at: datetime, *, timeout: float) -> Answer:
    """Make one attempt. Redirects are answers like any other: nobody is followed anywhere."""
    body = body_of(one)
    headers = signed_headers(one.secret, one.event_id, int(at.timestamp()), body)
    headers |= {"Content-Type": "application/json", "User-Agent": SOFTWARE.replace(" ", "/")}
    try:
        target = target_of(one.url, inside)
        status = _post(target, address_of(target), body, headers, timeout)
    except RefusedError as error:
        return Answer(error.message_en, taken=False)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return Answer(f"{type(error).__name__}: {error}", taken=False)
    return Answer(f"HTTP {status}", taken=200 <= status < 300, last=status == http.client.GONE)


def body_of(one: Due) -> bytes:
    """The payload: type, moment and codes, the same bytes at each attempt but for the mark `out_of_order`."""
    data = {"sequence": one.number, "subject": one.subject, **one.facts}
    if one.out_of_order:
        data["out_of_order"] = True
    told = {"type": one.kind, "timestamp": one.at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _post(target: Target, address: str, body: bytes, headers: dict[str, str], timeout: float) -> int:
    """Post to the address that was looked at, whatever the name says by now; the certificate is the name's."""
    connection = http.client.HTTPConnection(target.host, target.port)
    with socket.create_connection((address, target.port), timeout) as plain:
        watch = threading.Timer(timeout, _cut, [plain])
        watch.start()
        try:
            connection.sock = _tls(plain, target.host) if target.https else plain
            connection.request("POST", target.path, body, headers)
            return connection.getresponse().status
        finally:
            watch.cancel()
            connection.close()


def _cut(door: socket.socket) -> None:
    """End a conversation that a receiver draws out byte by byte."""
    try:
        door.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it ended by itself


def _tls(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
