"""A shipment whose scans are enough has an outcome of its own; agencies and one-stops find what is theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_HOLDINGS = "('nobody', 'site', 'courier', 'line', 'done')"
_OUTCOME = "outcome IN ('delivered', 'agency', 'returned', 'scanned')"

_SITES = " UNION ".join(
    f"SELECT province_id, {site} AS site_id, ready_day, shipment_id FROM shipments WHERE {site} IS NOT NULL"  # noqa: S608
    for site in ("origin_site", "dest_site", "at_site")
)


def upgrade() -> None:
    op.execute(
        "INSERT INTO shipment_words (province_id, word, ready_day, shipment_id) "  # noqa: S608
        f"SELECT province_id, 'o:' || site_id, ready_day, shipment_id FROM ({_SITES}) AS sites WHERE true "
        "ON CONFLICT DO NOTHING"
    )
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_passages_outcome"), "passages", type_="check")
        op.create_check_constraint(op.f("ck_passages_outcome"), "passages", _OUTCOME)
    else:
        _make_passages_anew()


def _make_passages_anew() -> None:
    """SQLite changes no constraint of a table that is there."""
    op.rename_table("passages", "passages_before")
    op.create_table(
        "passages",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("holding", sa.String(length=10), nullable=False),
        sa.Column("due_holding", sa.String(length=10), nullable=False),
        sa.Column("taken_day", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("done_day", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"holding IN {_HOLDINGS} AND due_holding IN {_HOLDINGS}", name=op.f("ck_passages_holding")),
        sa.CheckConstraint(_OUTCOME, name=op.f("ck_passages_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (done_day IS NULL)", name=op.f("ck_passages_done")),
        sa.CheckConstraint("(holding = 'done') = (outcome IS NOT NULL)", name=op.f("ck_passages_ended")),
        sa.PrimaryKeyConstraint("province_id", "code", name=op.f("pk_passages")),
    )
    op.execute("INSERT INTO passages SELECT * FROM passages_before")
    op.drop_table("passages_before")
