"""Tables: provinces, users, what they may see, sessions, devices, attempts to get in, looks at personal data."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from api.auth.roles import Role
from api.db.tables import METADATA, BigKey, Json, Moment

_ROLES = ", ".join(f"'{role}'" for role in Role)

provinces = Table(
    "provinces",
    METADATA,
    Column("province_id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
)

users = Table(
    "users",
    METADATA,
    Column("user_id", String(40), primary_key=True),
    Column("login", String(80), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("province_id", ForeignKey("provinces.province_id")),
    Column("courier_id", String(80)),
    Column("password_hash", String(200), nullable=False),
    Column("must_change", Boolean, nullable=False, default=True),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    Column("password_until", Moment),
    CheckConstraint(f"role IN ({_ROLES})", name="role"),
    CheckConstraint("role = 'admin' OR province_id IS NOT NULL", name="province"),
    CheckConstraint("(role = 'courier') = (courier_id IS NOT NULL)", name="courier"),
    UniqueConstraint("province_id", "courier_id"),
)
"""`password_until`: when a password that somebody else set stops to work; null = it was chosen by its owner."""

user_offices = Table(
    "user_offices",
    METADATA,
    Column("user_id", ForeignKey("users.user_id"), primary_key=True),
    Column("site_id", String(80), primary_key=True),
)

user_office_terms = Table(
    "user_office_terms",
    METADATA,
    Column("user_id", ForeignKey("users.user_id"), primary_key=True),
    Column("site_id", String(80), primary_key=True),
    Column("since", Moment, primary_key=True),
    Column("until", Moment),
    CheckConstraint("until IS NULL OR until >= since", name="order"),
)
"""Every office that somebody has worked in, and when; `user_offices` holds those of now."""

devices = Table(
    "devices",
    METADATA,
    Column("device_id", String(40), primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("public_key", String(120), nullable=False),
    Column("enrolled_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("seen_at", Moment),
    Column("barred_at", Moment),
    Column("first_counter", BigInteger, nullable=False, server_default="1"),
)
"""
`barred_at`: since then its key opens no session, as the person's password was reset; what it signs still counts.

`first_counter`: of its first event, as it said when it was enrolled: a phone that is enrolled anew goes on counting.
"""

challenges = Table(
    "challenges",
    METADATA,
    Column("challenge_hash", String(64), primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
)
"""What a device may sign to get in; used up by the first answer."""

enrolments = Table(
    "enrolments",
    METADATA,
    Column("code_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    Column("created_by", ForeignKey("users.user_id"), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

sessions = Table(
    "sessions",
    METADATA,
    Column("session_id", String(40), primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False, index=True),
    Column("device_id", ForeignKey("devices.device_id"), index=True),
    Column("access_hash", String(64), nullable=False, unique=True),
    Column("access_until", Moment, nullable=False),
    Column("refresh_hash", String(64), nullable=False, unique=True),
    Column("used_refresh_hash", String(64), index=True),
    Column("refresh_until", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("renewed_at", Moment),
    Column("renewal_salt", String(64)),
    Column("confirmed_at", Moment),
)
"""
`used_refresh_hash` is the refresh token before the present one: whoever shows it late, one of two holders is a thief.
With it and `renewal_salt` the present tokens are made again, for somebody whose answer was lost. `confirmed_at`: when
the password was last asked for.
"""

attempts = Table(
    "attempts",
    METADATA,
    Column("subject", String(200), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)
"""Failed attempts to get in, by login (a digest), address or shipment: `from:10.0.0.7`, `pin:RR123456785VN`."""

looks = Table(
    "looks",
    METADATA,
    Column("look_id", BigKey, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("user_id", String(40)),
    Column("province_id", String(40)),
    Column("action", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("details", Json),
    Column("request_id", String(40)),
    Index("ix_looks_subject_at", "subject", "at"),
)
"""Every look at personal data, every log-in and every change of who may do what; only ever added to."""
