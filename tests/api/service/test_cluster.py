"""Plans made on a Dask cluster, by the same code: one of its two workers is killed meanwhile."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.ids import new_id
from api.jobs.kinds import Task
from api.plans.input_store import add_inputs
from api.plans.making import make_plan
from api.plans.schemas import parse_plan
from tests.api.service.made_plans import day_plan, day_snapshot
from tests.api.service.running import migrate_new
from tests.api.service.test_jobs import Desk


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_killed_worker_of_a_cluster_costs_time_only(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    url = f"sqlite:///{tmp_path / 'a.db'}"
    migrate_new(url)
    with closing(Desk(url)) as desk:
        desk.writer.write_now(lambda c: add_inputs(c, day_snapshot(), datetime.now(UTC)))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        task = Task(
            job_id=new_id(),
            payload={
                "plan_id": new_id(),
                "day": day_snapshot().day.isoformat(),
                "inputs_sha256": day_snapshot().sha256,
                "seconds": 6,
                "seed": 0,
            },
            progress=None,
            database=url,
            data_folder=str(tmp_path),
            cores=1,
            cluster=cluster.scheduler_address,
        )
        steps = make_plan(task)
        found = [next(steps), next(steps)]
        victim = next(iter(cluster.workers.values()))
        os.kill(victim.process.process.pid, signal.SIGKILL)
        found += steps
    plans = [parse_plan(step.best["document"]) for step in found if step.best is not None]
    assert found[-1].progress["seconds"] == 6
    assert plans[0].totals.shipments == day_plan().totals.shipments
    totals = [plan.objective.total for plan in plans]
    assert totals == sorted(totals, reverse=True)
