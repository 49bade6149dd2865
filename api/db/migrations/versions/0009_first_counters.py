"""Where a device's counter begins: a phone that is enrolled anew goes on counting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("devices", sa.Column("first_counter", sa.BigInteger(), nullable=False, server_default="1"))
