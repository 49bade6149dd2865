"""Made-up catalogues and reception desks of the sizes that provinces published; every code is plainly test data."""

from __future__ import annotations

from typing import Any

from tests.api.network_files import Tables, small_network

OLD_LIST, NEW_LIST = "2358/QĐ-UBND", "1735/QĐ-UBND"
LAST_DAY, FIRST_DAY = "2026-06-30", "2026-07-01"


def code(number: int) -> str:
    """Of a procedure that no ministry ever numbered so."""
    return f"TEST.{number:06d}"


def procedure(number: int, level: str, *, postal: bool, decision: str = "", **dates: str) -> dict[str, Any]:
    said = {"postal": "yes" if postal else "no", "decision_no": decision}
    return {"procedure_code": code(number), "title": f"Thủ tục thử {number}", "level": level, **said, **dates}


def with_procedures(rows: list[dict[str, Any]]) -> Tables:
    """The small network with another catalogue."""
    return {**small_network(), "procedures": rows, "tariffs": [{"postage_dong": "30000"}]}


def two_lists() -> list[dict[str, Any]]:
    """1,679 procedures under two lists: the old one lets the first 1,006 go, the new one all but the last 300."""
    old = [procedure(n, "province", postal=n < 1006, decision=OLD_LIST, valid_to=LAST_DAY) for n in range(1679)]
    new = [procedure(n, "province", postal=n < 1379, decision=NEW_LIST, valid_from=FIRST_DAY) for n in range(1679)]
    return [*old, *new]


def of_levels(*counts: tuple[str, int]) -> list[dict[str, Any]]:
    """Procedures that may go by post, so many of each level, one level after the other."""
    levels = [level for level, count in counts for _ in range(count)]
    return [procedure(n, level, postal=True) for n, level in enumerate(levels)]


def nodes(desks: int, agencies: int) -> list[dict[str, Any]]:
    """One-stop desks and agencies of the first base's commune."""
    kinds = ["one_stop"] * desks + ["agency"] * agencies
    place = {"commune_code": "30307", "lon": "105.44", "lat": "10.37"}
    return [{"site_id": f"TEST-{n}", "name": f"Đơn vị {n}", "kind": kind, **place} for n, kind in enumerate(kinds)]
