"""What was decided about a refused event; on which leg a shipment was when its due day ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Moment

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("quarantine", sa.Column("settled_at", Moment(), nullable=True))
    op.add_column("quarantine", sa.Column("settled_by", sa.String(length=40), nullable=True))
    op.add_column("quarantine", sa.Column("settled_note", sa.Text(), nullable=True))
    op.add_column("quarantine", sa.Column("told_by", sa.String(length=36), nullable=True))
    op.add_column("passages", sa.Column("due_leg", sa.String(length=10), nullable=True))
