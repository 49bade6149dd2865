"""The postal share in the database: what went by post, what agencies had in all, and what was aimed at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select

from api.reports.store import Period, agency_of_shipment, count_if, in_scope, same_shipment
from api.reports.tables import agency_counts, share_targets
from api.shipments.model import ShipmentKind
from api.shipments.tables import shipments
from api.tallies.tables import passages


def posted(connection: Connection, period: Period) -> dict[str | None, tuple[int, int]]:
    """Count what the post took over in a period, by agency: dossiers for it, and results of it."""
    agency = agency_of_shipment()
    kinds = (ShipmentKind.INTAKE, ShipmentKind.RESULT)
    asked = (
        select(agency, *(count_if(shipments.c.kind == kind) for kind in kinds))
        .join(passages, same_shipment())
        .where(
            shipments.c.province_id == period.province_id,
            shipments.c.kind.in_(kinds),
            passages.c.taken_day.between(period.first.toordinal(), period.last.toordinal()),
            *in_scope(period.scope),
        )
        .group_by(agency)
    )
    return {site: (int(dossiers), int(results)) for site, dossiers, results in connection.execute(asked)}


def told_counts(connection: Connection, province_id: str, months: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """What agencies told of their months, by agency."""
    return _by_site(connection, agency_counts, "month", province_id, months)


def set_targets(connection: Connection, province_id: str, quarters: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """What was aimed at in each quarter, by agency."""
    return _by_site(connection, share_targets, "quarter", province_id, quarters)


def tell_counts(
    connection: Connection, province_id: str, site_id: str, month: str, received: int, returned: int, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """Keep how many dossiers and results an agency had in a month; what was told before gives way."""
    told = {"received": received, "returned": returned, "told_by": by, "told_at": at}
    _replace(connection, agency_counts, {"province_id": province_id, "site_id": site_id, "month": month}, told)


def set_target(
    connection: Connection, province_id: str, site_id: str, quarter: str, dossiers: float | None,
    results: float | None, by: str, at: datetime,
) -> None:  # fmt: skip
    """Keep what is aimed at, in percent; nothing of both takes the target back."""
    same = {"province_id": province_id, "site_id": site_id, "quarter": quarter}
    aimed = {"dossier_percent": dossiers, "result_percent": results, "set_by": by, "set_at": at}
    _replace(connection, share_targets, same, None if dossiers is None and results is None else aimed)


def _by_site(
    connection: Connection, table: Table, span: str, province_id: str, spans: Sequence[str]
) -> dict[str, list[Row[Any]]]:
    asked = select(table).where(table.c.province_id == province_id, table.c[span].between(spans[0], spans[-1]))
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(asked.order_by(table.c.site_id, table.c[span])):
        found.setdefault(row.site_id, []).append(row)
    return found


def _replace(connection: Connection, table: Table, same: Mapping[str, str], values: Mapping[str, Any] | None) -> None:
    connection.execute(delete(table).where(*(table.c[name] == value for name, value in same.items())))
    if values is not None:
        connection.execute(insert(table).values({**same, **values}))
