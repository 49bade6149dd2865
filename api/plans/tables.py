"""Tables: what plans are made from, plans, and who changed them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from api.db.tables import METADATA, Json, Moment

STATES = ("draft", "published", "withdrawn")
_STATES = ", ".join(f"'{state}'" for state in STATES)
_PUBLISHED = text("status = 'published'")

plan_inputs = Table(
    "plan_inputs",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("day", String(10), nullable=False),
    Column("network", Json, nullable=False),
    Column("shipments", Json, nullable=False),
    Column("roads", String(200)),
    Column("created_at", Moment, nullable=False),
    Column("erased_at", Moment),
    CheckConstraint("length(sha256) = 64", name="sha256"),
)
"""
Network and shipments as they were when a plan was asked for; `roads`: a file of the data folder, none = made up.
`erased_at`: retention has emptied both.
"""

plans = Table(
    "plans",
    METADATA,
    Column("plan_id", String(40), primary_key=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("day", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("document", Text, nullable=False),
    Column("figures", Json, nullable=False),
    Column("inputs_sha256", ForeignKey("plan_inputs.sha256"), nullable=False),
    Column("job_id", ForeignKey("jobs.job_id"), unique=True),
    Column("based_on", ForeignKey("plans.plan_id")),
    Column("created_by", ForeignKey("users.user_id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("erased_at", Moment),
    CheckConstraint(f"status IN ({_STATES})", name="status"),
    CheckConstraint("version >= 1", name="version"),
    Index(
        "uq_plans_published", "province_id", "day", unique=True, sqlite_where=_PUBLISHED, postgresql_where=_PUBLISHED
    ),
    Index("ix_plans_province_id_day_plan_id", "province_id", "day", "plan_id"),
)
"""
`document` is exactly plan.json; its version and status are those of the row.
`figures` are those of `api.plans.comparing.PlanFigures`, for lists. `job_id` is the job that made it.
`erased_at`: retention has taken the rounds out of the document; its totals remain.
"""

plan_changes = Table(
    "plan_changes",
    METADATA,
    Column("plan_id", ForeignKey("plans.plan_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("changed_by", ForeignKey("users.user_id"), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("what", Json, nullable=False),
    Column("before", Text),
)
"""
One row a version after the first that somebody made; only ever added to. `before`: the document before the change, of
the latest ones only: what `undo` gives back.
"""
