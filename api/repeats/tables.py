"""Table: what was answered to requests with a key."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, LargeBinary, String, Table

from api.db.tables import METADATA, Moment

given_answers = Table(
    "given_answers",
    METADATA,
    Column("person", String(40), primary_key=True),
    Column("key_hash", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    CheckConstraint("length(key_hash) = 64 AND length(digest) = 64", name="hashes"),
)
"""
`person`: who asked, empty = somebody not logged in. `digest`: of the request. `sealed`: the answer, which only who has
the key can read: it may hold a first password or a code.
"""
