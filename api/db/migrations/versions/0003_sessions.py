"""Sessions that survive a lost answer, devices that get in by their key, first passwords that end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from api.db.tables import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "challenges",
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_challenges")),
    )
    op.create_index(op.f("ix_challenges_expires_at"), "challenges", ["expires_at"], unique=False)
    op.add_column("devices", sa.Column("barred_at", Moment(), nullable=True))
    op.add_column("sessions", sa.Column("renewed_at", Moment(), nullable=True))
    op.add_column("sessions", sa.Column("renewal_salt", sa.String(length=64), nullable=True))
    op.add_column("sessions", sa.Column("confirmed_at", Moment(), nullable=True))
    op.add_column("users", sa.Column("password_until", Moment(), nullable=True))
    _let_first_passwords_end()


def _let_first_passwords_end() -> None:
    """Nobody knows how old they are: their days begin now."""
    users = sa.table("users", sa.column("must_change", sa.Boolean()), sa.column("password_until", Moment()))
    until = datetime.now(UTC) + timedelta(days=7)
    op.execute(users.update().where(users.c.must_change.is_(True)).values(password_until=until))
