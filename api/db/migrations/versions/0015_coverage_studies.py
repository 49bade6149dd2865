"""Coverage studies: what it costs to serve places without a post."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Json, Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "coverage_studies",
        sa.Column("study_id", sa.String(length=40), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("network_version", sa.Integer(), nullable=False),
        sa.Column("asked", Json(), nullable=False),
        sa.Column("job_id", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("figures", Json(), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.province_id"], name=op.f("fk_coverage_studies_province_id")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.job_id"], name=op.f("fk_coverage_studies_job_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.user_id"], name=op.f("fk_coverage_studies_created_by")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_coverage_studies")),
        sa.UniqueConstraint("job_id", name=op.f("uq_coverage_studies_job_id")),
    )
    op.create_index("ix_coverage_studies_province_id_study_id", "coverage_studies", ["province_id", "study_id"])
