"""
How long figures are behind after a burst: `python -m benchmarks.service.burst`.

So many events are taken in at once, as when all phones come back into reach; then the tallies follow, in the slices of
the server's own thread, with nothing else to do. Told are processor times: other work on the machine changes nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from api.tallies.follower import AT_ONCE
from api.tallies.store import progress, tally_some
from benchmarks.machine import machine
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.running import Service


def main(events: Annotated[int, typer.Option(help="In the burst.")] = 60_000) -> None:
    """Measure the tallies behind a burst."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Service.opened(f"sqlite:///{folder / 'service.db'}", folder) as service:
            service.runtime.tallies.close()
            _take_in(service, events)
            began = time.process_time()
            while service.runtime.writer.write_now(lambda connection: tally_some(connection, AT_ONCE)):
                pass
            seconds = time.process_time() - began
            with service.runtime.database.read() as connection:
                done, whole = progress(connection)
    assert done == whole == events
    print(f"{machine()}; {events} events tallied in {seconds:.0f} s of processor time, {events / seconds:.0f} a second")


def _take_in(service: Service, events: int) -> None:
    codes = [f"S{number:06}" for number in range(events // 3)]
    with_device(service, "courier", "D1", *codes)
    story = _story(codes)
    while some := tuple(islice(story, 50)):
        send(service, *some)


def _story(codes: list[str]) -> Iterator[dict[str, object]]:
    """Of each shipment: taken out, tried in vain, delivered with its fee."""
    counter = 0
    for code in codes:
        for kind, data in (
            ("OUT", {}),
            ("ATTEMPT", {"reason": "no_time", "action": "try_again"}),
            ("DELIVER", {"fee_dong": 30_000, "postage_dong": 20_000}),
        ):
            counter += 1
            yield made(kind, counter, code=code, data=data)


if __name__ == "__main__":
    typer.run(main)
