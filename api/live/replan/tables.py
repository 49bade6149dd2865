"""Tables: how a running day stands, what was proposed, and what each courier was told."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from api.db.tables import METADATA, BigKey, Json, Moment

STATES = ("open", "accepted", "rejected")
ANSWERS = ("accepted", "questioned")

live_proposals = Table(
    "live_proposals",
    METADATA,
    Column("proposal_id", String(40), primary_key=True),
    Column("plan_id", ForeignKey("plans.plan_id"), nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("asked", Json, nullable=False),
    Column("answer", Json, nullable=False),
    Column("running", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("made_by", ForeignKey("users.user_id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("decided_by", ForeignKey("users.user_id")),
    Column("decided_at", Moment),
    Column("decided_words", Text),
    CheckConstraint("status IN ('open', 'accepted', 'rejected')", name="status"),
    CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided"),
    Index("ix_live_proposals_plan_id", "plan_id", "plan_version"),
)
"""
`plan_version` is the one that it starts from; `asked` the request, word for word; `running` the day with it adopted
(`api.live.replan.kept`) and `document` the plan that accepting it publishes; `decided_words` says why it was rejected.
"""

live_days = Table(
    "live_days",
    METADATA,
    Column("plan_id", ForeignKey("plans.plan_id"), primary_key=True),
    Column("plan_version", Integer, nullable=False),
    Column("running", Text, nullable=False),
)
"""How a day stood when its plan's version was accepted; a plan published anew begins anew."""

courier_changes = Table(
    "courier_changes",
    METADATA,
    Column("change_id", BigKey, primary_key=True, autoincrement=True),
    Column("plan_id", ForeignKey("plans.plan_id"), nullable=False),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("proposal_id", ForeignKey("live_proposals.proposal_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("courier_id", String(80), nullable=False),
    Column("what", Json, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("answer", String(20)),
    Column("words", Text),
    Column("answered_at", Moment),
    CheckConstraint("answer IN ('accepted', 'questioned')", name="answer"),
    CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
    Index("ix_courier_changes_courier", "province_id", "courier_id", "change_id"),
    Index("ix_courier_changes_plan", "plan_id", "change_id"),
)
"""What an accepted proposal changes for a courier and why; the answer is given once."""
