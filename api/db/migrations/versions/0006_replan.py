"""Running days: proposals, how a day stands, what couriers are told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import BigKey, Json, Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "live_proposals",
        sa.Column("proposal_id", sa.String(length=40), nullable=False),
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("asked", Json(), nullable=False),
        sa.Column("answer", Json(), nullable=False),
        sa.Column("running", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'accepted', 'rejected')", name=op.f("ck_live_proposals_status")),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name=op.f("ck_live_proposals_decided")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.plan_id"], name=op.f("fk_live_proposals_plan_id")),
        sa.ForeignKeyConstraint(["made_by"], ["users.user_id"], name=op.f("fk_live_proposals_made_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.user_id"], name=op.f("fk_live_proposals_decided_by")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_live_proposals")),
    )
    op.create_index("ix_live_proposals_plan_id", "live_proposals", ["plan_id", "plan_version"])
    op.create_table(
        "live_days",
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("running", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.plan_id"], name=op.f("fk_live_days_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_live_days")),
    )
    op.create_table(
        "courier_changes",
        sa.Column("change_id", BigKey, autoincrement=True, nullable=False),
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("proposal_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("courier_id", sa.String(length=80), nullable=False),
        sa.Column("what", Json(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.CheckConstraint("answer IN ('accepted', 'questioned')", name=op.f("ck_courier_changes_answer")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_courier_changes_answered")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.plan_id"], name=op.f("fk_courier_changes_plan_id")),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.province_id"], name=op.f("fk_courier_changes_province_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["live_proposals.proposal_id"], name=op.f("fk_courier_changes_proposal_id")
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_courier_changes")),
    )
    op.create_index("ix_courier_changes_courier", "courier_changes", ["province_id", "courier_id", "change_id"])
    op.create_index("ix_courier_changes_plan", "courier_changes", ["plan_id", "change_id"])
