"""How fast one may ask, and how many passwords are hashed at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event, Lock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.auth.hashing import Hashing
from api.auth.pace import REMEMBERED, Pace
from api.errors import TooManyError, UnavailableError
from tests.api.service.running import PASSWORD, Service

LOGIN = "/api/v1/auth/login"


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _passes(pace: Pace, caller: str) -> bool:
    try:
        pace.take(caller)
    except TooManyError:
        return False
    return True


@given(st.lists(st.integers(min_value=0, max_value=90), max_size=60))
def test_the_pace_is_that_of_a_bucket_that_fills_again(waits: list[int]) -> None:
    clock = _Clock()
    pace = Pace(6, clock=clock)
    tenths = 60  # of a request, in the bucket: six requests, one more every ten seconds
    for wait in waits:
        clock.now += wait
        tenths = min(60, tenths + wait)
        assert _passes(pace, "lan") == (tenths >= 10)
        tenths -= 10 if tenths >= 10 else 0


def test_a_whole_minute_may_be_asked_in_one_go_and_whoever_is_told_to_wait_gets_in_then() -> None:
    clock = _Clock()
    pace = Pace(600, clock=clock)
    assert [_passes(pace, "lan") for _ in range(601)] == [True] * 600 + [False]
    assert _passes(pace, "mai")
    with pytest.raises(TooManyError) as refused:
        pace.take("lan")
    assert refused.value.retry_after == 1
    clock.now += refused.value.retry_after
    assert [_passes(pace, "lan") for _ in range(11)] == [True] * 10 + [False]


def test_callers_who_have_paid_are_forgotten_and_others_are_not() -> None:
    clock = _Clock()
    pace = Pace(1, clock=clock)
    for caller in range(REMEMBERED):
        pace.take(f"early {caller}")
    clock.now += 61
    pace.take("late")
    assert len(pace._paid) == 1
    assert not _passes(pace, "late")


def test_nobody_waits_when_there_is_no_limit() -> None:
    pace = Pace(0)
    assert all(_passes(pace, "lan") for _ in range(5000))


def test_one_person_who_asks_too_fast_is_told_when_to_come_back_and_others_are_served(tmp_path: Path) -> None:
    with Service.opened(f"sqlite:///{tmp_path / 'a.db'}", tmp_path, requests_per_minute=3) as service:
        answers = [service.ask("GET", "/api/v1/auth/me", by="desk") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[3].json()["error"]["code"] == "too_many"
        assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
        assert service.ask("GET", "/api/v1/auth/me", by="planner").status_code == 200
        challenged = [service.client.post("/api/v1/auth/challenge").status_code for _ in range(4)]
        assert challenged == [200, 200, 200, 429]


def test_a_few_passwords_are_hashed_at_once_some_wait_and_the_rest_come_back() -> None:
    most, inside, lock, go = [0], [0], Lock(), Event()

    def work() -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        go.wait(30)
        with lock:
            inside[0] -= 1

    async def crowd() -> list[object]:
        hashing = Hashing(at_once=2, most_waiting=3)
        coming = [asyncio.create_task(hashing.run(work)) for _ in range(7)]
        await asyncio.sleep(0)
        go.set()
        answers = await asyncio.gather(*coming, return_exceptions=True)
        await hashing.run(work)  # everybody has left: there is room again
        hashing.close()
        return list(answers)

    answers = asyncio.run(crowd())
    assert [type(answer) for answer in answers] == [type(None)] * 5 + [UnavailableError] * 2
    assert most[0] <= 2


def test_a_log_in_that_finds_no_place_is_told_when_to_come_back(sqlite_service: Service) -> None:
    busy, go = Hashing(at_once=1, most_waiting=0), Event()
    sqlite_service.runtime.hashing.close()
    sqlite_service.runtime.hashing = busy
    turn = busy._threads.submit(go.wait, 30)
    assert busy._places.acquire(blocking=False)
    body = {"login": "desk", "password": PASSWORD}
    refused = sqlite_service.client.post(LOGIN, json=body)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    go.set()
    turn.result()
    busy._places.release()
    assert sqlite_service.client.post(LOGIN, json=body).status_code == 200
