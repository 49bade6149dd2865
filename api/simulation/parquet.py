"""The tables of a run as Parquet: days, moments, counts and yes/no as what they are, an empty cell as null."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from api.simulation.folder import OPEN, RUN
from api.simulation.rows import SHIPMENTS, TABLES
from api.targets import whole_file

_DAYS = frozenset({"day", "appointment_on", "due_on"})
_MOMENTS = frozenset({"at", "ready_at", "accepted_at", "done_at"})
_TEXTS = frozenset(
    {
        "shipment", "type", "holder", "name", "reason", "courier_id", "base_id", "code", "kind", "procedure_code",
        "outcome", "against_due", "against_appointment", "blame", "blame_leg", "blame_where", "blame_why", "legs",
        "lies_at",
    }
)  # fmt: skip
_YES_OR_NO = frozenset({("days.csv", "is_working"), ("rounds.csv", "reserve")})
"""By table: that of the bases counts its reserve couriers."""


def write_tables(folder: Path) -> list[Path]:
    """
    Write every table of a finished run beside it.

    Returns
    -------
    paths
        `events.parquet` for `events.csv`, and so on.
    """
    zone = json.loads((folder / RUN).read_text(encoding="utf-8"))["timezone"]
    return [_write(folder / name, columns, zone) for name, columns in {**TABLES, OPEN: SHIPMENTS}.items()]


def _write(path: Path, columns: tuple[str, ...], zone: str) -> Path:
    types = {column: _type(path.name, column, zone) for column in columns}
    options = csv.ConvertOptions(
        column_types=types, include_columns=list(columns), null_values=[""], strings_can_be_null=True,
        true_values=["yes"], false_values=["no"],
    )  # fmt: skip
    table = csv.read_csv(path, convert_options=options)
    out = path.with_suffix(".parquet")
    with whole_file(out) as file:
        parquet.write_table(table, file, compression="zstd")
    return out


def _type(table: str, column: str, zone: str) -> pa.DataType:
    if column in _DAYS:
        return pa.date32()
    if column in _MOMENTS:
        return pa.timestamp("ms", zone)
    if column in _TEXTS:
        return pa.string()
    return pa.bool_() if (table, column) in _YES_OR_NO else pa.int64()
