"""The threads that carry jobs out: children that die, refuse, break down, or are wanted no longer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.jobs.store import Job, enqueue, wish_for
from api.jobs.tables import JobState, Wish
from api.jobs.worker import Timing, Workers
from tests.api.service.odd_jobs import KINDS
from tests.api.service.running import PROVINCE, migrate_new
from tests.api.service.test_jobs import Desk

QUICK = Timing(lease=3, look=0.05, wait=0.1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    migrate_new(url)
    found = Desk(url)
    yield found
    found.close()


@contextmanager
def working(desk: Desk) -> Iterator[None]:
    workers = Workers(desk.database, desk.writer, KINDS, number=1, data_folder="", timing=QUICK)
    workers.start()
    try:
        yield
    finally:
        workers.close()


def put(desk: Desk, kind: str, most_attempts: int = 3) -> Job:
    at = datetime.now(UTC)
    return desk.writer.write_now(
        lambda c: enqueue(c, kind, PROVINCE, {}, by=desk.user, at=at, most_attempts=most_attempts)
    )


def seen(desk: Desk, job: Job, until: Callable[[Job], bool]) -> Job:
    deadline = time.monotonic() + 60
    while not until(found := desk.job(job)):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


@pytest.mark.slow
def test_a_job_whose_child_dies_goes_on_where_it_was(desk: Desk) -> None:
    job = put(desk, "die_at_two")
    with working(desk):
        over = seen(desk, job, lambda job: job.is_over)
    assert (over.state, over.attempts, over.result) == (JobState.DONE, 2, {"number": 3})
    assert over.error is None


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "attempts", "code"), [("refuse", 1, "refused"), ("break_down", 3, "internal")])
def test_a_refusal_is_final_and_a_breakdown_is_tried_again(desk: Desk, kind: str, attempts: int, code: str) -> None:
    job = put(desk, kind)
    with working(desk):
        over = seen(desk, job, lambda job: job.is_over)
    assert (over.state, over.attempts) == (JobState.FAILED, attempts)
    assert over.error is not None
    assert over.error["code"] == code


@pytest.mark.parametrize(("wish", "state"), [(Wish.STOP, JobState.DONE), (Wish.CANCEL, JobState.CANCELLED)])
def test_a_running_job_ends_when_somebody_wants_it(desk: Desk, wish: Wish, state: JobState) -> None:
    job = put(desk, "wait")
    with working(desk):
        seen(desk, job, lambda job: job.result is not None)
        desk.writer.write_now(lambda c: wish_for(c, job.job_id, wish, datetime.now(UTC)))
        over = seen(desk, job, lambda job: job.is_over)
    assert (over.state, over.result) == (state, {"number": 1})


@pytest.mark.slow
def test_a_search_without_a_result_is_not_stopped_early(desk: Desk) -> None:
    job = put(desk, "wait_without_luck")
    with working(desk):
        seen(desk, job, lambda job: job.progress is not None)
        desk.writer.write_now(lambda c: wish_for(c, job.job_id, Wish.STOP, datetime.now(UTC)))
        time.sleep(1)
        assert desk.job(job).state is JobState.RUNNING


@pytest.mark.slow
def test_closed_workers_give_their_job_back_at_once_and_a_living_one_keeps_its_lease(desk: Desk) -> None:
    job = put(desk, "wait", most_attempts=1)
    with working(desk):
        first = seen(desk, job, lambda job: job.result is not None)
        later = seen(desk, job, lambda job: job.heartbeat_at != first.heartbeat_at)
        assert later.attempts == 1
    back = desk.job(job)
    assert (back.state, back.attempts, back.leased_by) == (JobState.QUEUED, 0, None)
    assert back.result == {"number": 1}
