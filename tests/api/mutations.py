"""
Imports that are broken on purpose, by someone who remembers what was broken.

A `Fault` knows the file, row and column that must be named. What makes a value wrong is written down here by hand, by
column: nothing is asked of the readers.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from openpyxl import Workbook

from tests.api.network_files import BY_NAME, Tables, full, small_network, small_shipments

FORMATS = ("csv", "xlsx", "json")
Place = tuple[str, int | None, str | None]
"""File (with sheet), row and column that an error must name."""

NUMBERS = ("abc", "NaN", "inf", "-inf", "1e999", "1..2", "0x10", "1 000", "#REF!", "९९x", "9" * 400)
WHOLES = (*NUMBERS, "1.5", "50.000", "-1", "3000000000")
KEYS = ("hai chữ", "Điểm", "a/b", "../x", "=A1", "#N/A", "a\u200bb")
CHOICES = ("zzz", "1", "#VALUE!", "yes;no")
DATES = ("2026-02-30", "31/2/2026", "hôm qua", "2026-13-01", "20261120x", "99999999", "0", "-1", "2026-11-20T25:00")
FAR_DATES = (*DATES, "1900-01-01", "9999-12-31", "0001-01-01", "31/12/9999")
TIMES = ("25:00", "7h30", "07:60", "-1:00", "sáng")
SPANS = ("08:00", "10:00-08:00", "08:00-25:00", "cả ngày", "08:00-09:00-10:00")
MOMENTS = (*FAR_DATES, "31/12/9999 99:59", "20/11/2026 25:00", "2026-11-20T08:61", "2026-11-20T08:00+99:00", "")
COMMUNES = ("98765", "123456", "Long Xuyên", "-1", "3030x", "٣٠٣٠٧")
PLACES = ("181", "-181", "0", "1e17", "10°38", *NUMBERS)
TOO_LONG = ("x" * 5_000,)
TEXTS = ("a\x7fb", "#NAME?", "x\u202ey", *TOO_LONG)

WRONG: dict[str, dict[str, tuple[str, ...]]] = {
    "sites": {
        "site_id": (*KEYS, ""), "name": (*TEXTS, ""), "kind": (*CHOICES, ""), "commune_code": (*COMMUNES, ""),
        "lon": (*PLACES, ""), "lat": (*PLACES, ""), "opening_hours": ("thứ hai", "Mo-Fr 07:00-1130", *TEXTS),
        "setup_minutes": (*NUMBERS, "-5", "1441"), "item_seconds": WHOLES, "valid_from": DATES, "valid_to": DATES,
    },
    "areas": {
        "commune_code": (*COMMUNES, ""), "base_id": (*KEYS, "B9", ""), "valid_from": DATES,
        "valid_to": DATES,
    },
    "couriers": {
        "name": TEXTS, "base_id": (*KEYS, "B9", ""), "vehicle": CHOICES, "pieces": WHOLES, "grams": WHOLES,
        "cash_dong": WHOLES, "shift": SPANS, "break": ("60 phút", "0@11:00-12:00", "60@x", "999@11:00-12:00"),
        "max_trips": (*WHOLES, "0"), "reserve": ("maybe", "2", "#N/A"), "communes": COMMUNES, "fixed_dong": WHOLES,
    },
    "lines": {
        "line_id": (*KEYS, ""), "stop_no": (*WHOLES, ""), "site_id": (*KEYS, "B9", ""), "cut_off": TIMES,
        "days": ("Mo-Xx", "hai", "8"), "vehicle": CHOICES, "level": (*WHOLES, "3"),
    },
    "procedures": {
        "title": (*TEXTS, ""), "level": CHOICES, "postal": ("maybe", "2", ""), "processing_days": (*WHOLES, "2001"),
        "digital_enough": ("maybe", "#N/A"), "recipient_policy": CHOICES, "valid_from": DATES, "decision_no": TEXTS,
    },
    "tariffs": {
        "level": CHOICES, "commune_code": COMMUNES, "procedure_code": (*KEYS, "9.9"), "postage_dong": (*WHOLES, ""),
        "valid_to": DATES,
    },
    "calendar": {"date": (*FAR_DATES, ""), "kind": (*CHOICES, ""), "name": TEXTS},
    "settlements": {
        "settlement_id": (*KEYS, ""), "name": (*TEXTS, ""), "commune_code": (*COMMUNES, ""), "lon": (*PLACES, ""),
        "lat": (*PLACES, ""), "people": (*WHOLES, ""), "people_estimated": ("maybe", "2"), "valid_from": DATES,
    },
    "shipments": {
        "code": (*KEYS, "RR000000015VN", ""), "kind": (*CHOICES, ""), "procedure_code": (*KEYS, "9.9", "2.000635"),
        "at_site": (*KEYS, "B7"), "ready_at": MOMENTS, "appointment_on": FAR_DATES, "due_on": FAR_DATES,
        "pieces": (*WHOLES, "0"), "grams": WHOLES, "fee_dong": WHOLES, "postage_dong": WHOLES, "windows": SPANS,
        "id_check": ("maybe", "2"), "contact_name": TEXTS, "contact_phone": ("gọi sau", "12", "+", *TOO_LONG),
        "priority": (*WHOLES, "10"), "note": TEXTS, "origin_site": KEYS, "dest_site": KEYS,
        "origin_lon": NUMBERS, "origin_lat": NUMBERS, "dest_lon": NUMBERS, "dest_lat": NUMBERS,
        "dest_commune": COMMUNES, "dest_address": TEXTS,
    },
}  # fmt: skip
"""By table and column: what no reader may take. Values that another row points at are left alone."""

ONLY_JSON: tuple[Any, ...] = ({"a": 1}, [["a"]], [{"b": []}], {})
"""In the place of a cell."""


@dataclass(frozen=True, slots=True)
class Import:
    """A network or a shipments file, broken."""

    files: Mapping[str, bytes]
    """By name; more than one is a folder."""
    faults: tuple[Place, ...]
    """What must be named; none = all must be read as if nothing had been done."""
    random: bool = False
    """Bytes were damaged blindly: anything may be said, but in order."""


def base_tables(shipments: bool) -> Tables:
    tables = {"shipments": small_shipments()} if shipments else small_network()
    return {name: full(name, rows) for name, rows in tables.items()}


def place(ending: str, stem: str, table: str, row: int | None, column: str | None) -> Place:
    """Where a person finds row `row` (from 0) of a table; -1 is the header."""
    if ending == "csv":
        return f"{table}.csv", None if row is None else row + 2, column
    shift = 1 if ending == "json" and row != -1 else 2
    return f"{stem}.{ending} [{table}]", None if row is None else row + shift, column


def make_import(random: Random, *, shipments: bool) -> Import:
    """Break an import in a way that is drawn by lot."""
    ending = random.choice(FORMATS)
    breakers: tuple[Callable[[Random, str, bool], Import], ...] = (
        wrong_cells, wrong_cells, wrong_cells, wrong_header, repeated_row, swapped_point, broken_line, harmless,
        damaged_bytes, wrong_file,
    )  # fmt: skip
    return random.choice(breakers)(random, ending, shipments)


def wrong_cells(random: Random, ending: str, shipments: bool) -> Import:
    """One to three cells, each in a row of its own."""
    tables, faults = base_tables(shipments), []
    rows = [(name, number) for name, found in tables.items() for number in range(len(found))]
    for name, number in random.sample(rows, k=min(len(rows), random.randint(1, 3))):
        column = random.choice(sorted(WRONG[name]))
        value: Any = random.choice(WRONG[name][column])
        if ending == "json" and random.random() < 0.2:
            value = random.choice(ONLY_JSON)
        tables[name][number][column] = value
        faults.append(place(ending, stem(shipments), name, number, column))
    return Import(written(tables, ending, shipments), tuple(faults))


def wrong_header(random: Random, ending: str, shipments: bool) -> Import:
    """A column that is missing, unknown or there twice."""
    tables = base_tables(shipments)
    name = random.choice(sorted(tables))
    required = [column.name for column in BY_NAME[name].columns if column.required]
    column = random.choice(required)
    how = random.choice(("missing", "renamed"))
    renamed = random.choice(("cột lạ", f"{column}_", "\u0111", "x" * 90))
    tables[name] = [
        {renamed if key == column else key: cell for key, cell in row.items() if how == "renamed" or key != column}
        for row in tables[name]
    ]
    header = place(ending, stem(shipments), name, -1, column)
    faults = [(header[0], 1, column)]
    if how == "renamed":
        faults.append((header[0], 1, renamed))
    return Import(written(tables, ending, shipments), tuple(faults))


def repeated_row(random: Random, ending: str, shipments: bool) -> Import:
    """A key that is there twice."""
    keys = {"sites": "site_id", "couriers": "courier_id", "procedures": "procedure_code", "calendar": "date"}
    tables = base_tables(shipments)
    name = "shipments" if shipments else random.choice(sorted(keys))
    row = dict(random.choice(tables[name]))
    tables[name].append(row)
    column = "code" if shipments else keys[name]
    fault = place(ending, stem(shipments), name, len(tables[name]) - 1, column)
    return Import(written(tables, ending, shipments), (fault,))


def swapped_point(random: Random, ending: str, shipments: bool) -> Import:
    """A longitude and a latitude that have changed places."""
    tables = base_tables(shipments)
    name, lon, lat = ("shipments", "dest_lon", "dest_lat") if shipments else ("sites", "lon", "lat")
    number = 0 if shipments else random.randrange(len(tables[name]))
    row = tables[name][number]
    row[lon], row[lat] = row[lat], row[lon]
    return Import(written(tables, ending, shipments), (place(ending, stem(shipments), name, number, lon),))


def broken_line(random: Random, _ending: str, shipments: bool) -> Import:
    """A line of CSV with a cell too many, or with a quote that never ends."""
    files = dict(written(base_tables(shipments), "csv", shipments))
    name = random.choice(sorted(files))
    lines = files[name].decode("utf-8-sig").split("\r\n")
    number = random.randrange(1, len(lines) - 1)
    lines[number] += random.choice((",x", ",,x", ',"x', ',"'))
    return Import({**files, name: "\r\n".join(lines).encode()}, ((name, number + 1, None),))


def harmless(random: Random, ending: str, shipments: bool) -> Import:
    """Columns in another order, another separator, another mark of encoding: the same data."""
    tables = base_tables(shipments)
    for name, rows in tables.items():
        order = random.sample(list(rows[0]), k=len(rows[0]))
        tables[name] = [{column: row[column] for column in order} for row in rows]
    dialect = {"separator": random.choice(",;\t"), "encoding": random.choice(("utf-8", "utf-8-sig", "utf-16"))}
    return Import(written(tables, ending, shipments, **dialect), ())


def damaged_bytes(random: Random, ending: str, shipments: bool) -> Import:
    """Bytes lost, changed, put in, or cut off."""
    files = dict(written(base_tables(shipments), ending, shipments))
    name = random.choice(sorted(files))
    content = bytearray(files[name])
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(content) + 1)
        cut = random.choice((0, 1, 1, 3, len(content) // 7))
        content[at : at + cut] = random.choice(
            (b"", b"\x00", b'"', b"\xff", b"\xed\xa0\x80", b"[" * 3_000, b"\r", b"<f>")
        )
    if random.random() < 0.3:
        del content[random.randrange(len(content) + 1) :]
    return Import({**files, name: bytes(content)}, (), random=True)


def wrong_file(random: Random, ending: str, shipments: bool) -> Import:
    """A file that is none of what its name says, or in an encoding that is only guessed."""
    files = dict(written(base_tables(shipments), ending, shipments))
    name = random.choice(sorted(files))
    wrong = [b"", b"\x00" * 99, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"\xd0\xcf\x11\xe0 old"]
    if ending == "csv":
        text = files[name].decode("utf-8-sig")
        wrong += [text.encode("utf-16-le"), (text + "é").encode("latin-1", "replace"), text.encode() + b"\x00"]
    if ending == "xlsx":
        wrong += [files[name][: len(files[name]) // 2], b"PK\x03\x04", b"PK\x05\x06" + bytes(18)]
    if ending == "json":
        wrong += [b"[" * 50_000, b"[1]", b"null", b'{"a": NaN', b'{"a": 1, "a": 2}', b"9" * 5_000]
    return Import({**files, name: random.choice(wrong)}, ((name, None, None),))


def stem(shipments: bool) -> str:
    return "shipments" if shipments else "network"


def written(
    tables: Tables, ending: str, shipments: bool, *, separator: str = ",", encoding: str = "utf-8-sig"
) -> dict[str, bytes]:
    """The files of one format."""
    if ending == "csv":
        return {f"{name}.csv": _csv(rows, separator).encode(encoding) for name, rows in tables.items()}
    if ending == "xlsx":
        return {f"{stem(shipments)}.xlsx": _xlsx(tables)}
    return {f"{stem(shipments)}.json": json.dumps(tables, ensure_ascii=False).encode(encoding)}


def _csv(rows: list[dict[str, Any]], separator: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _xlsx(tables: Tables) -> bytes:
    book = Workbook(write_only=True)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append([cell or None for cell in row.values()])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
