"""What plans are made from, in the database: kept once by their hash."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from api.errors import RefusedError
from api.plans.snapshots import Snapshot
from api.plans.tables import plan_inputs


def add_inputs(connection: Connection, snapshot: Snapshot, at: datetime) -> None:
    """Keep inputs; the same ones are kept once, and again when they were erased."""
    again = update(plan_inputs).where(plan_inputs.c.sha256 == snapshot.sha256, plan_inputs.c.erased_at.is_not(None))
    contents = {"network": snapshot.network, "shipments": snapshot.shipments}
    if connection.execute(again.values(**contents, created_at=at, erased_at=None)).rowcount:
        return
    if find_inputs(connection, snapshot.sha256) is None:
        connection.execute(
            insert(plan_inputs).values(
                sha256=snapshot.sha256,
                province_id=snapshot.province_id,
                day=snapshot.day.isoformat(),
                network=snapshot.network,
                shipments=snapshot.shipments,
                roads=snapshot.roads,
                created_at=at,
            )
        )


def find_inputs(connection: Connection, sha256: str) -> Snapshot | None:
    """
    Find inputs.

    Raises
    ------
    RefusedError
        When retention has erased them.
    """
    row = connection.execute(select(plan_inputs).where(plan_inputs.c.sha256 == sha256)).one_or_none()
    if row is None:
        return None
    if row.erased_at is not None:
        raise erased()
    return Snapshot(row.province_id, date.fromisoformat(row.day), row.network, row.shipments, row.roads)


def erased() -> RefusedError:
    """Retention was here."""
    return RefusedError(
        "Dữ liệu đầu vào đã được xóa theo thời hạn lưu giữ; chỉ còn số tổng của kế hoạch.",
        "The inputs were erased by retention; only the plan's totals remain.",
    )
