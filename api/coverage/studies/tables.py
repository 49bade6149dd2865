"""Table: coverage studies, whether computed already or not."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from api.db.tables import METADATA, Json, Moment

coverage_studies = Table(
    "coverage_studies",
    METADATA,
    Column("study_id", String(40), primary_key=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("day", String(10), nullable=False),
    Column("title", String(200), nullable=False),
    Column("network_version", Integer, nullable=False),
    Column("asked", Json, nullable=False),
    Column("job_id", ForeignKey("jobs.job_id"), nullable=False, unique=True),
    Column("document", Text),
    Column("figures", Json),
    Column("created_by", ForeignKey("users.user_id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_coverage_studies_province_id_study_id", "province_id", "study_id"),
)
"""
`network_version` is the province's network as it was asked about; `asked` is what was wanted, as the request said it.
`document` is exactly coverage.json, none before it is computed; `figures` are those of its line in the list.
Nothing in it is about a citizen: it is kept until somebody deletes it.
"""
