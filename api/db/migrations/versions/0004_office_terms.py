"""Since when people work in their offices; those of today begin with their accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "user_office_terms",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.String(length=80), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_user_office_terms_order")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_user_office_terms_user_id")),
        sa.PrimaryKeyConstraint("user_id", "site_id", "since", name=op.f("pk_user_office_terms")),
    )
    op.execute(
        "INSERT INTO user_office_terms (user_id, site_id, since) "
        "SELECT user_offices.user_id, user_offices.site_id, users.created_at "
        "FROM user_offices JOIN users ON users.user_id = user_offices.user_id"
    )
