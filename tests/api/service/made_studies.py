"""A coverage study in the database, without waiting for its job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from api.auth.tables import users
from api.coverage.document import CoverageStudy
from api.coverage.studies.job_kinds import COVERAGE, keep_study
from api.coverage.studies.store import add_study
from api.ids import new_id
from api.jobs.store import claim, end, enqueue
from api.jobs.tables import JobState
from api.plans.roads import load_roads
from api.plans.snapshots import Snapshot, as_read, network_rows
from tests.api.coverage.studies import made_study
from tests.api.service.running import PROVINCE, Service

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def its_network(service: Service, province_id: str = PROVINCE) -> dict[str, Any]:
    """As a study of this province names it: with the roads that the service makes up for its settlements."""
    with service.runtime.database.read() as connection:
        rows = network_rows(connection, province_id, 1)
    made = made_study().network
    with as_read(Snapshot(province_id, made.valid_on, rows, [], None), service.runtime.settings.data_folder) as read:
        roads = load_roads(read.network, made.valid_on, settlements=True)
    told = {"source": roads.source, "sha256": roads.sha256, "synthetic": roads.synthetic}
    return made.model_dump() | {"roads": told}


def put_study(
    service: Service,
    study: CoverageStudy | None,
    *,
    title: str = "Phương án 24 xã",
    province_id: str = PROVINCE,
    login: str = "planner",
    error: dict[str, Any] | None = None,
) -> str:
    """Store a study of the province's first network as its job would have; None = its job ended with nothing."""

    def write(connection: Connection) -> str:
        user = connection.scalars(select(users.c.user_id).where(users.c.login == login)).one()
        study_id, day = new_id(), "2026-11-25" if study is None else study.network.valid_on.isoformat()
        job = enqueue(connection, COVERAGE, province_id, {"study_id": study_id, "day": day}, by=user, at=AT)
        row = {
            "study_id": study_id, "province_id": province_id, "day": day, "title": title, "network_version": 1,
            "asked": {}, "job_id": job.job_id, "created_by": user, "created_at": AT,
        }  # fmt: skip
        add_study(connection, row)
        leased = claim(connection, "test", AT, timedelta(days=9_000))
        assert leased is not None
        if study is not None:
            keep_study(connection, leased, {"document": study.model_dump_json(by_alias=True)}, AT)
        state = JobState.DONE if study is not None else JobState.FAILED if error else JobState.CANCELLED
        end(connection, leased, state, AT, error)
        return study_id

    return service.runtime.writer.write_now(write)
