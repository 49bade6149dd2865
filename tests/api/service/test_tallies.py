"""Tallies follow the ledger by themselves, behind what is taken in; a report that is too early says how far it is."""

from __future__ import annotations

import pytest

from api.errors import UnavailableError
from api.tallies.catching_up import catch_up
from api.tallies.follower import AT_ONCE, LOOKED_AT_EVERY, Follower
from api.tallies.store import progress, tally_some
from tests.api.service.custody_made import send
from tests.api.service.running import Service
from tests.api.service.test_settlement import listed, money, with_shipments

EVENTS = 3 * AT_ONCE + 5


@pytest.fixture
def behind(service: Service) -> Service:
    """A service whose own follower sleeps; with events that nobody tallied."""
    service.runtime.tallies.close()
    with_shipments(service, "S1")
    for start in range(1, EVENTS + 1, 5):
        send(service, *(money("ACCEPT", counter, 1_000, 0) for counter in range(start, start + 5)))
    assert _progress(service) == (0, EVENTS)
    return service


def _progress(service: Service) -> tuple[int, int]:
    with service.runtime.database.read() as connection:
        return progress(connection)


def test_the_follower_tallies_slice_by_slice_and_leaves_nothing_to_a_report(
    behind: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(behind.runtime.database, behind.runtime.writer)
    rests, seen = [], []
    for _ in range(5):
        rests.append(follower.step())
        seen.append(_progress(behind)[0])
    assert seen == [AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE, EVENTS, EVENTS]
    assert rests[0] > 0  # the ledger had grown: the writer is left to others
    assert rests[1:] == [0.0, 0.0, 0.0, LOOKED_AT_EVERY]
    calls: list[int] = []
    monkeypatch.setattr("api.tallies.catching_up.tally_some", calls.append)
    (day,) = listed(behind)["settled"]
    assert calls == []
    assert (day["fee_dong"], day["events"]) == (EVENTS * 1_000, EVENTS)


def test_nothing_is_tallied_while_works_wait(behind: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    follower = Follower(behind.runtime.database, behind.runtime.writer)
    monkeypatch.setattr("api.db.writer.Writer.backlog", 3)
    assert follower.step() == LOOKED_AT_EVERY
    assert _progress(behind) == (0, EVENTS)


def test_a_report_that_is_too_early_says_how_far_it_is_and_goes_on(
    behind: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = behind.runtime
    monkeypatch.setattr("api.tallies.catching_up.tally_some", lambda connection: tally_some(connection, 10))
    for done in range(10, EVENTS, 10):
        with pytest.raises(UnavailableError, match=f"{done} of {EVENTS}"):
            catch_up(runtime.database, runtime.writer, seconds=-1)
    catch_up(runtime.database, runtime.writer, seconds=-1)
    assert listed(behind)["settled"][0]["fee_dong"] == EVENTS * 1_000
