"""A lean client: requests made beforehand, sent over some connections that stay open, each answer timed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it."""

    seconds: float
    latencies: Sequence[float]
    """Seconds, one a request."""
    statuses: Counter[int]
    bodies: Sequence[bytes]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def p50(self) -> float:
        return quantiles(self.latencies, n=100)[49]

    @property
    def p99(self) -> float:
        return quantiles(self.latencies, n=100)[98]


def run_load(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send requests as fast as they are answered."""
    return asyncio.run(_run(port, list(requests), connections))


async def _run(port: int, requests: list[bytes], connections: int) -> Load:
    waiting = iter(requests)
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    bodies: list[bytes] = []

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            began = time.perf_counter()
            writer.write(request)
            status, body = await _answer(reader)
            latencies.append(time.perf_counter() - began)
            statuses[status] += 1
            bodies.append(body)
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    return Load(time.perf_counter() - began, latencies, statuses, bodies)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    if b"content-length: " in head:
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return status, await reader.readexactly(length)
    body = b""
    while True:  # chunked, as gzip answers
        size = int(await reader.readline(), 16)
        body += await reader.readexactly(size)
        await reader.readexactly(2)
        if size == 0:
            return status, body


def request(path: str, token: str, content_type: str, body: bytes) -> bytes:
    """A POST as bytes."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def multipart(batch: bytes, *photos: bytes) -> tuple[str, bytes]:
    """A form of one batch and some photos: its content type and body."""
    edge = b"x7MA4YWxkTrZu0gW"
    named = b'\r\nContent-Disposition: form-data; name="'
    parts = [named + b'batch"\r\n\r\n' + batch]
    parts += [named + b'files"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + photo for photo in photos]
    body = b"".join(b"--" + edge + part + b"\r\n" for part in parts) + b"--" + edge + b"--\r\n"
    return f"multipart/form-data; boundary={edge.decode()}", body
