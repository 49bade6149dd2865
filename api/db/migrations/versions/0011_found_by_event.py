"""
Shipments and missing files of an event are found by it.

Whose affair a doubtful event is depends on its shipments; what it lacks is told in the queue and with every duplicate.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_event_shipments_seq", "event_shipments", ["seq"])
    op.create_index("ix_event_awaits_seq", "event_awaits", ["seq"])
