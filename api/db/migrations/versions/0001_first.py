"""The first tables: people, networks, shipments, custody, evidence, jobs, plans, webhooks, figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Json, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_attempts")),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "ledger",
        sa.Column("ledger_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("grown", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ledger_id = 1", name=op.f("ck_ledger_one")),
        sa.CheckConstraint("size >= grown AND grown >= 0", name=op.f("ck_ledger_sizes")),
        sa.PrimaryKeyConstraint("ledger_id", name=op.f("pk_ledger")),
    )
    op.create_table(
        "looks",
        sa.Column("look_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=True),
        sa.Column("province_id", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("details", Json(), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("look_id", name=op.f("pk_looks")),
    )
    op.create_index("ix_looks_subject_at", "looks", ["subject", "at"], unique=False)
    op.create_table(
        "passages",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("holding", sa.String(length=10), nullable=False),
        sa.Column("due_holding", sa.String(length=10), nullable=False),
        sa.Column("taken_day", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("done_day", sa.Integer(), nullable=True),
        sa.CheckConstraint("(holding = 'done') = (outcome IS NOT NULL)", name=op.f("ck_passages_ended")),
        sa.CheckConstraint(
            "holding IN ('nobody', 'site', 'courier', 'line', 'done') AND due_holding IN ('nobody', 'site', 'courier', 'line', 'done')",
            name=op.f("ck_passages_holding"),
        ),
        sa.CheckConstraint("outcome IN ('delivered', 'agency', 'returned')", name=op.f("ck_passages_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (done_day IS NULL)", name=op.f("ck_passages_done")),
        sa.PrimaryKeyConstraint("province_id", "code", name=op.f("pk_passages")),
    )
    op.create_table(
        "provinces",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("province_id", name=op.f("pk_provinces")),
    )
    op.create_table(
        "shipment_words",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column(
            "word", sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("ready_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.PrimaryKeyConstraint("province_id", "word", "ready_day", "shipment_id", name=op.f("pk_shipment_words")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tallied",
        sa.Column("tallied_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tallied_id = 1 AND next_seq >= 0", name=op.f("ck_tallied_one")),
        sa.PrimaryKeyConstraint("tallied_id", name=op.f("pk_tallied")),
    )
    op.create_table(
        "tree_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_tree_nodes_level")),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_tree_nodes")),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=True),
        sa.Column("sent_by", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("pieces", Json(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_by", sa.String(length=40), nullable=True),
        sa.Column("settled_note", sa.Text(), nullable=True),
        sa.Column("is_open", sa.Integer(), nullable=False),
        sa.CheckConstraint("is_open IN (0, 1) AND (is_open = 0 OR settled_at IS NULL)", name=op.f("ck_events_open")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_events_seq")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_events_province_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_events_event_id")),
    )
    op.create_index("ix_events_open", "events", ["province_id", "is_open", "seq"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=True),
        sa.Column("sent_by", sa.String(length=40), nullable=False),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.CheckConstraint("length(sha256) = 64 AND length(stored_sha256) = 64", name=op.f("ck_evidence_hashes")),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_size")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_evidence_province_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_stored_at"), "evidence", ["stored_at"], unique=False)
    op.create_table(
        "plan_inputs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("network", Json(), nullable=False),
        sa.Column("shipments", Json(), nullable=False),
        sa.Column("roads", sa.String(length=200), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_plan_inputs_sha256")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_plan_inputs_province_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_plan_inputs")),
    )
    op.create_table(
        "shipments",
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column(
            "code", sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("procedure_code", sa.String(length=64), nullable=True),
        sa.Column("origin_site", sa.String(length=80), nullable=True),
        sa.Column("origin_commune", sa.String(length=10), nullable=False),
        sa.Column("origin_base", sa.String(length=80), nullable=True),
        sa.Column("dest_site", sa.String(length=80), nullable=True),
        sa.Column("dest_commune", sa.String(length=10), nullable=False),
        sa.Column("dest_base", sa.String(length=80), nullable=True),
        sa.Column("at_site", sa.String(length=80), nullable=True),
        sa.Column("at_base", sa.String(length=80), nullable=True),
        sa.Column("ready_at", Moment(), nullable=False),
        sa.Column("ready_day", sa.Integer(), nullable=False),
        sa.Column("appointment_on", sa.String(length=10), nullable=True),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("fee_dong", sa.Integer(), nullable=False),
        sa.Column("postage_dong", sa.Integer(), nullable=False),
        sa.Column("id_check", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("holding", sa.String(length=10), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=True),
        sa.Column("moved_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(holding = 'nobody') = (moved_at IS NULL)", name=op.f("ck_shipments_moved")),
        sa.CheckConstraint(
            "holding IN ('nobody', 'site', 'courier', 'line', 'done')", name=op.f("ck_shipments_holding")
        ),
        sa.CheckConstraint("kind IN ('intake', 'result', 'transfer')", name=op.f("ck_shipments_kind")),
        sa.CheckConstraint(
            "pieces >= 1 AND grams >= 0 AND fee_dong >= 0 AND postage_dong >= 0", name=op.f("ck_shipments_amounts")
        ),
        sa.CheckConstraint("priority BETWEEN 0 AND 9", name=op.f("ck_shipments_priority")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_shipments_province_id")),
        sa.PrimaryKeyConstraint("shipment_id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("province_id", "code", name=op.f("uq_shipments_province_id_code")),
    )
    op.create_index("ix_shipments_day", "shipments", ["province_id", "ready_day", "shipment_id"], unique=False)
    op.create_index(
        "ix_shipments_holding", "shipments", ["province_id", "holding", "ready_day", "shipment_id"], unique=False
    )
    op.create_table(
        "users",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=True),
        sa.Column("courier_id", sa.String(length=80), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("(role = 'courier') = (courier_id IS NOT NULL)", name=op.f("ck_users_courier")),
        sa.CheckConstraint("role = 'admin' OR province_id IS NOT NULL", name=op.f("ck_users_province")),
        sa.CheckConstraint(
            "role IN ('admin', 'dispatcher', 'planner', 'courier', 'desk', 'auditor')", name=op.f("ck_users_role")
        ),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_users_province_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
        sa.UniqueConstraint("province_id", "courier_id", name=op.f("uq_users_province_id_courier_id")),
    )
    op.create_table(
        "webhook_outbox",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_webhook_outbox_province_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_webhook_outbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_webhook_outbox_event_id")),
    )
    op.create_index(op.f("ix_webhook_outbox_at"), "webhook_outbox", ["at"], unique=False)
    op.create_table(
        "webhook_subscribers",
        sa.Column("subscriber_id", sa.String(length=40), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=False),
        sa.Column("kinds", Json(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.province_id"], name=op.f("fk_webhook_subscribers_province_id")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", name=op.f("pk_webhook_subscribers")),
    )
    op.create_index(op.f("ix_webhook_subscribers_province_id"), "webhook_subscribers", ["province_id"], unique=False)
    op.create_table(
        "agency_counts",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.String(length=80), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.String(length=40), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.CheckConstraint("received >= 0 AND returned >= 0", name=op.f("ck_agency_counts_counts")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_agency_counts_province_id")),
        sa.ForeignKeyConstraint(["told_by"], ["users.user_id"], name=op.f("fk_agency_counts_told_by")),
        sa.PrimaryKeyConstraint("province_id", "site_id", "month", name=op.f("pk_agency_counts")),
    )
    op.create_table(
        "custody",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("holding", sa.String(length=10), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("holding IN ('nobody', 'site', 'courier', 'line', 'done')", name=op.f("ck_custody_holding")),
        sa.ForeignKeyConstraint(["last_seq"], ["events.seq"], name=op.f("fk_custody_last_seq")),
        sa.PrimaryKeyConstraint("province_id", "code", name=op.f("pk_custody")),
    )
    op.create_index("ix_custody_holder", "custody", ["province_id", "holding", "holder"], unique=False)
    op.create_table(
        "devices",
        sa.Column("device_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("public_key", sa.String(length=120), nullable=False),
        sa.Column("enrolled_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("last_counter", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_devices_user_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_user_id"), "devices", ["user_id"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.user_id"], name=op.f("fk_enrolments_created_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_enrolments_user_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolments")),
    )
    op.create_table(
        "event_awaits",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["events.seq"], name=op.f("fk_event_awaits_seq")),
        sa.PrimaryKeyConstraint("sha256", "seq", name=op.f("pk_event_awaits")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event_personal",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("personal", Json(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["events.seq"], name=op.f("fk_event_personal_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event_personal")),
    )
    op.create_table(
        "event_shipments",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["events.seq"], name=op.f("fk_event_shipments_seq")),
        sa.PrimaryKeyConstraint("province_id", "code", "seq", name=op.f("pk_event_shipments")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("payload", Json(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("leased_by", sa.String(length=80), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("heartbeat_at", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("most_attempts", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("progress", Json(), nullable=True),
        sa.Column("result", Json(), nullable=True),
        sa.Column("error", Json(), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.CheckConstraint("(state = 'running') = (leased_by IS NOT NULL)", name=op.f("ck_jobs_leased")),
        sa.CheckConstraint("(state IN ('queued', 'running')) = (finished_at IS NULL)", name=op.f("ck_jobs_finished")),
        sa.CheckConstraint("state <> 'failed' OR error IS NOT NULL", name=op.f("ck_jobs_error")),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_jobs_state")),
        sa.CheckConstraint("wish IN ('go_on', 'stop', 'cancel')", name=op.f("ck_jobs_wish")),
        sa.CheckConstraint("(leased_by IS NULL) = (lease_until IS NULL)", name=op.f("ck_jobs_lease")),
        sa.CheckConstraint("0 <= attempts AND attempts <= most_attempts", name=op.f("ck_jobs_attempts")),
        sa.ForeignKeyConstraint(["created_by"], ["users.user_id"], name=op.f("fk_jobs_created_by")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_jobs_province_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_province_id_job_id", "jobs", ["province_id", "job_id"], unique=False)
    op.create_index("ix_jobs_state_due_at", "jobs", ["state", "due_at"], unique=False)
    op.create_table(
        "network_versions",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_user", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("began", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.CheckConstraint("began >= 0 AND ended >= 0 AND began + ended > 0", name=op.f("ck_network_versions_changes")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_network_versions_version")),
        sa.ForeignKeyConstraint(["by_user"], ["users.user_id"], name=op.f("fk_network_versions_by_user")),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.province_id"], name=op.f("fk_network_versions_province_id")
        ),
        sa.PrimaryKeyConstraint("province_id", "version", name=op.f("pk_network_versions")),
    )
    op.create_table(
        "pins",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("waits_until", Moment(), nullable=True),
        sa.Column("issued_by", sa.String(length=40), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.CheckConstraint("issue >= 1 AND failures >= 0", name=op.f("ck_pins_counts")),
        sa.ForeignKeyConstraint(["issued_by"], ["users.user_id"], name=op.f("fk_pins_issued_by")),
        sa.ForeignKeyConstraint(
            ["province_id", "code"], ["shipments.province_id", "shipments.code"], name=op.f("fk_pins_province_id_code")
        ),
        sa.PrimaryKeyConstraint("province_id", "code", name=op.f("pk_pins")),
    )
    op.create_table(
        "quarantine",
        sa.Column(
            "quarantine_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_by", sa.String(length=40), nullable=False),
        sa.Column("device_id", sa.String(length=40), nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("pieces", Json(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_quarantine_province_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["users.user_id"], name=op.f("fk_quarantine_sent_by")),
        sa.PrimaryKeyConstraint("quarantine_id", name=op.f("pk_quarantine")),
    )
    op.create_index("ix_quarantine_content", "quarantine", ["sha256", "sent_by"], unique=True)
    op.create_table(
        "settlements",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("taker", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expected_fee_dong", sa.BigInteger(), nullable=False),
        sa.Column("expected_postage_dong", sa.BigInteger(), nullable=False),
        sa.Column("expected_cash_dong", sa.BigInteger(), nullable=False),
        sa.Column("handed_fee_dong", sa.BigInteger(), nullable=False),
        sa.Column("handed_postage_dong", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.CheckConstraint("kind IN ('courier', 'site', 'device')", name=op.f("ck_settlements_kind")),
        sa.CheckConstraint(
            "note <> '' OR (number = 1 AND handed_fee_dong + handed_postage_dong = expected_cash_dong)",
            name=op.f("ck_settlements_explained"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_settlements_number")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_settlements_province_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["users.user_id"], name=op.f("fk_settlements_signed_by")),
        sa.PrimaryKeyConstraint("province_id", "day", "kind", "taker", "number", name=op.f("pk_settlements")),
    )
    op.create_table(
        "shipment_changes",
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_user", sa.String(length=40), nullable=True),
        sa.Column("columns", Json(), nullable=False),
        sa.ForeignKeyConstraint(["by_user"], ["users.user_id"], name=op.f("fk_shipment_changes_by_user")),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.shipment_id"], name=op.f("fk_shipment_changes_shipment_id")
        ),
        sa.PrimaryKeyConstraint("shipment_id", "version", name=op.f("pk_shipment_changes")),
    )
    op.create_table(
        "shipment_persons",
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column(
            "phone_backwards",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("origin_lon", sa.Float(), nullable=False),
        sa.Column("origin_lat", sa.Float(), nullable=False),
        sa.Column("origin_address", sa.Text(), nullable=False),
        sa.Column("dest_lon", sa.Float(), nullable=False),
        sa.Column("dest_lat", sa.Float(), nullable=False),
        sa.Column("dest_address", sa.Text(), nullable=False),
        sa.Column("windows", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.shipment_id"], name=op.f("fk_shipment_persons_shipment_id")
        ),
        sa.PrimaryKeyConstraint("shipment_id", name=op.f("pk_shipment_persons")),
    )
    op.create_index("ix_shipment_persons_phone", "shipment_persons", ["province_id", "phone_backwards"], unique=False)
    op.create_table(
        "takings",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("taker", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("fee_dong", sa.BigInteger(), nullable=True),
        sa.Column("postage_dong", sa.BigInteger(), nullable=True),
        sa.Column("cash_dong", sa.BigInteger(), nullable=True),
        sa.Column("is_void", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('courier', 'site', 'device')", name=op.f("ck_takings_kind")),
        sa.CheckConstraint("(fee_dong IS NULL) = (cash_dong IS NULL)", name=op.f("ck_takings_cash_known")),
        sa.CheckConstraint("(fee_dong IS NULL) = (postage_dong IS NULL)", name=op.f("ck_takings_known")),
        sa.CheckConstraint("is_void IN (0, 1)", name=op.f("ck_takings_void")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_takings_province_id")),
        sa.ForeignKeyConstraint(["seq"], ["events.seq"], name=op.f("fk_takings_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_takings")),
        sa.UniqueConstraint("event_id", name=op.f("uq_takings_event_id")),
    )
    op.create_index("ix_takings_day", "takings", ["province_id", "day", "kind", "taker"], unique=False)
    op.create_table(
        "user_offices",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_user_offices_user_id")),
        sa.PrimaryKeyConstraint("user_id", "site_id", name=op.f("pk_user_offices")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("subscriber_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("last_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(status = 'waiting') = (next_at IS NOT NULL)", name=op.f("ck_webhook_deliveries_next_at")),
        sa.CheckConstraint("status IN ('waiting', 'delivered', 'failed')", name=op.f("ck_webhook_deliveries_status")),
        sa.ForeignKeyConstraint(
            ["number"], ["webhook_outbox.number"], name=op.f("fk_webhook_deliveries_number"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["webhook_subscribers.subscriber_id"],
            name=op.f("fk_webhook_deliveries_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "number", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        "ix_webhook_deliveries_waiting",
        "webhook_deliveries",
        ["subscriber_id", "number"],
        unique=False,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "network_rows",
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("row_key", sa.String(length=250), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "sheet IN ('sites', 'areas', 'couriers', 'lines', 'procedures', 'tariffs', 'calendar', 'settings')",
            name=op.f("ck_network_rows_sheet"),
        ),
        sa.CheckConstraint("until_version > since_version", name=op.f("ck_network_rows_versions")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_network_rows_validity")),
        sa.ForeignKeyConstraint(
            ["province_id", "since_version"],
            ["network_versions.province_id", "network_versions.version"],
            name=op.f("fk_network_rows_province_id_since_version"),
        ),
        sa.ForeignKeyConstraint(
            ["province_id", "until_version"],
            ["network_versions.province_id", "network_versions.version"],
            name="fk_network_rows_until_version",
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_network_rows")),
    )
    op.create_index("ix_network_rows_sheet", "network_rows", ["province_id", "sheet", "row_key"], unique=False)
    op.create_index(
        "uq_network_rows_standing",
        "network_rows",
        ["province_id", "sheet", "row_key", "valid_from"],
        unique=True,
        sqlite_where=sa.text("until_version IS NULL"),
        postgresql_where=sa.text("until_version IS NULL"),
    )
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("figures", Json(), nullable=False),
        sa.Column("inputs_sha256", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=40), nullable=True),
        sa.Column("based_on", sa.String(length=40), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'withdrawn')", name=op.f("ck_plans_status")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_plans_version")),
        sa.ForeignKeyConstraint(["based_on"], ["plans.plan_id"], name=op.f("fk_plans_based_on")),
        sa.ForeignKeyConstraint(["created_by"], ["users.user_id"], name=op.f("fk_plans_created_by")),
        sa.ForeignKeyConstraint(["inputs_sha256"], ["plan_inputs.sha256"], name=op.f("fk_plans_inputs_sha256")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.job_id"], name=op.f("fk_plans_job_id")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_plans_province_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plans")),
        sa.UniqueConstraint("job_id", name=op.f("uq_plans_job_id")),
    )
    op.create_index("ix_plans_province_id_day_plan_id", "plans", ["province_id", "day", "plan_id"], unique=False)
    op.create_index(
        "uq_plans_published",
        "plans",
        ["province_id", "day"],
        unique=True,
        sqlite_where=sa.text("status = 'published'"),
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("device_id", sa.String(length=40), nullable=True),
        sa.Column("access_hash", sa.String(length=64), nullable=False),
        sa.Column("access_until", Moment(), nullable=False),
        sa.Column("refresh_hash", sa.String(length=64), nullable=False),
        sa.Column("used_refresh_hash", sa.String(length=64), nullable=True),
        sa.Column("refresh_until", Moment(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.device_id"], name=op.f("fk_sessions_device_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("access_hash", name=op.f("uq_sessions_access_hash")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_sessions_refresh_hash")),
    )
    op.create_index(op.f("ix_sessions_device_id"), "sessions", ["device_id"], unique=False)
    op.create_index(op.f("ix_sessions_used_refresh_hash"), "sessions", ["used_refresh_hash"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "plan_changes",
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("what", Json(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.user_id"], name=op.f("fk_plan_changes_changed_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.plan_id"], name=op.f("fk_plan_changes_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "version", name=op.f("pk_plan_changes")),
    )
    # ### end Alembic commands ###
