"""The counter of each event's device, to find what is missing; the one of devices was never kept and goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_FROM_RECORD = {
    "sqlite": "device_id = json_extract(record, '$.device_id'), counter = json_extract(record, '$.counter')",
    "postgresql": "device_id = record::json->>'device_id', counter = CAST(record::json->>'counter' AS BIGINT)",
}


def upgrade() -> None:
    op.add_column("events", sa.Column("device_id", sa.String(length=64), nullable=True))
    op.add_column("events", sa.Column("counter", sa.BigInteger(), nullable=True))
    op.execute(f"UPDATE events SET {_FROM_RECORD[op.get_context().dialect.name]}")  # noqa: S608
    op.create_index("ix_events_device", "events", ["device_id", "counter", "seq"])
    op.drop_column("devices", "last_counter")
