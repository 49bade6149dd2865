"""What share of an agency's paper is to go by post in a quarter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "share_targets",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.String(length=80), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("dossier_percent", sa.Float(), nullable=True),
        sa.Column("result_percent", sa.Float(), nullable=True),
        sa.Column("set_by", sa.String(length=40), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "dossier_percent BETWEEN 0 AND 100 AND result_percent BETWEEN 0 AND 100",
            name=op.f("ck_share_targets_percent"),
        ),
        sa.CheckConstraint(
            "dossier_percent IS NOT NULL OR result_percent IS NOT NULL", name=op.f("ck_share_targets_some")
        ),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_share_targets_province_id")),
        sa.ForeignKeyConstraint(["set_by"], ["users.user_id"], name=op.f("fk_share_targets_set_by")),
        sa.PrimaryKeyConstraint("province_id", "site_id", "quarter", name=op.f("pk_share_targets")),
    )
