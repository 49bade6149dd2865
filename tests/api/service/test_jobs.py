"""Jobs: one worker each, taken over from the dead, tried again so often, and ended as somebody wants."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from api.auth.tables import users
from api.db.engine import Database
from api.db.writer import Writer
from api.errors import ApiError
from api.jobs.store import (
    Job,
    LeaseLostError,
    beat,
    claim,
    end,
    enqueue,
    find_job,
    release,
    report,
    retry,
    wish_for,
)
from api.jobs.tables import JobState, Wish, jobs
from tests.api.service.running import PROVINCE, add_people

AT = datetime(2026, 11, 25, 1, tzinfo=UTC)
LEASE = timedelta(seconds=30)


class Desk:
    """A database with its writer, and somebody who wants jobs."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.writer = Writer(self.database)
        self.writer.write_now(add_people)
        with self.database.read() as connection:
            self.user = connection.scalars(select(users.c.user_id).where(users.c.login == "planner")).one()

    def put(self, count: int = 1, most_attempts: int = 3, at: datetime = AT) -> list[Job]:
        return [
            self.writer.write_now(
                lambda c: enqueue(c, "plan", PROVINCE, {}, by=self.user, at=at, most_attempts=most_attempts)
            )
            for _ in range(count)
        ]

    def claim(self, worker: str, at: datetime = AT) -> Job | None:
        return self.writer.write_now(lambda c: claim(c, worker, at, LEASE))

    def job(self, job: Job) -> Job:
        with self.database.read() as connection:
            found = find_job(connection, job.job_id)
        assert found is not None
        return found

    def close(self) -> None:
        self.writer.close()
        self.database.close()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    found = Desk(database_url)
    yield found
    found.close()


@pytest.mark.slow
def test_two_servers_never_get_the_same_job(desk: Desk, database_url: str) -> None:
    """Four threads of two servers, each with a writer of its own, take 60 jobs."""
    desk.put(60)
    other = Desk.__new__(Desk)
    other.database = Database(database_url)
    other.writer = Writer(other.database)
    taken: list[str] = []

    def take(name: str, at_desk: Desk) -> None:
        while (job := at_desk.claim(name)) is not None:
            taken.append(job.job_id)

    threads = [threading.Thread(target=take, args=(f"w{n}", (desk, other)[n % 2])) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(taken) == 60
    assert max(Counter(taken).values()) == 1


def test_the_job_of_a_dead_worker_is_taken_over_and_the_dead_can_write_nothing(desk: Desk) -> None:
    desk.put()
    dead = desk.claim("dead")
    assert dead is not None
    assert desk.claim("other", AT + LEASE) is None
    later = AT + LEASE + timedelta(seconds=1)
    heir = desk.claim("other", later)
    assert heir is not None
    assert (heir.job_id, heir.attempts) == (dead.job_id, 2)
    for write in (
        lambda c: beat(c, dead, later, LEASE),
        lambda c: report(c, dead, {"stage": "solving"}, {"plan_id": "x"}),
        lambda c: end(c, dead, JobState.DONE, later),
        lambda c: release(c, dead, later),
    ):
        with pytest.raises(LeaseLostError):
            desk.writer.write_now(write)
    assert desk.job(heir) == heir


def test_a_worker_that_lives_keeps_its_job(desk: Desk) -> None:
    desk.put()
    job = desk.claim("w")
    assert job is not None
    at = AT
    for _ in range(5):
        at += LEASE - timedelta(seconds=1)
        desk.writer.write_now(partial(beat, job=job, at=at, lease=LEASE))
        assert desk.claim("other", at) is None


def test_attempts_are_used_up_with_longer_and_longer_waits(desk: Desk) -> None:
    [put] = desk.put(most_attempts=2)
    error = {"code": "child_died", "message_vi": "chết", "message_en": "died"}
    first = desk.claim("w")
    assert first is not None
    desk.writer.write_now(lambda c: retry(c, first, AT, error, timedelta(seconds=10)))
    assert desk.claim("w", AT + timedelta(seconds=9)) is None
    second = desk.claim("w", AT + timedelta(seconds=10))
    assert second is not None
    desk.writer.write_now(lambda c: retry(c, second, AT, error, timedelta(seconds=20)))
    over = desk.job(put)
    assert (over.state, over.attempts, over.error) == (JobState.FAILED, 2, error)


def test_a_job_whose_workers_all_died_fails_and_says_so(desk: Desk) -> None:
    [put] = desk.put(most_attempts=1)
    desk.claim("w")
    assert desk.claim("w", AT + 2 * LEASE) is None
    over = desk.job(put)
    assert over.state is JobState.FAILED
    assert over.error is not None
    assert over.error["code"] == "worker_died"


def test_a_job_given_back_has_used_no_attempt(desk: Desk) -> None:
    desk.put(most_attempts=1)
    for _ in range(3):
        job = desk.claim("w")
        assert job is not None
        desk.writer.write_now(partial(release, job=job, at=AT))
    assert desk.claim("w") is not None


@pytest.mark.parametrize(
    ("wish", "has_result", "state"),
    [
        (Wish.CANCEL, False, JobState.CANCELLED),
        (Wish.CANCEL, True, JobState.CANCELLED),
        (Wish.STOP, False, JobState.CANCELLED),
        (Wish.STOP, True, JobState.DONE),
    ],
)
def test_a_waiting_job_ends_at_once(desk: Desk, wish: Wish, has_result: bool, state: JobState) -> None:
    [put] = desk.put()
    if has_result:
        job = desk.claim("w")
        assert job is not None
        desk.writer.write_now(lambda c: report(c, job, {"stage": "solving"}, {"plan_id": "x"}))
        desk.writer.write_now(lambda c: release(c, job, AT))
    desk.writer.write_now(lambda c: wish_for(c, put.job_id, wish, AT))
    assert desk.job(put).state is state
    assert desk.claim("w") is None


def test_a_cancelled_job_is_not_revived(desk: Desk) -> None:
    [put] = desk.put()
    desk.claim("w")
    for wish in (Wish.STOP, Wish.CANCEL, Wish.STOP):
        desk.writer.write_now(partial(wish_for, job_id=put.job_id, wish=wish, at=AT))
    assert desk.job(put).wish is Wish.CANCEL


def test_the_database_itself_refuses_impossible_jobs(desk: Desk) -> None:
    [put] = desk.put()
    changed = update(jobs).where(jobs.c.job_id == put.job_id)
    for values in (
        {"state": "lost"},
        {"state": "running"},
        {"leased_by": "w"},
        {"state": "done"},
        {"finished_at": AT},
        {"state": "failed", "finished_at": AT},
        {"attempts": 4},
        {"attempts": -1},
    ):
        with pytest.raises((ApiError, IntegrityError)):
            desk.writer.write_now(partial(Connection.execute, statement=changed.values(values)))
    assert desk.job(put) == put
