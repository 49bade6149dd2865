"""The network and the plan of a province of the access world."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.plans.document import write_plan
from api.plans.planning import solve_group
from api.plans.schemas import Plan
from api.plans.snapshots import Snapshot, prepare_snapshot, without_people
from routing.stopping import StoppingCriterion
from tests.api.network_files import small_network, small_shipments, write_folder
from tests.api.service.made_plans import AT
from tests.api.service.running import PROVINCE

DAY = date(2026, 11, 20)


def network(province_id: str) -> dict[str, Any]:
    """The small network, with a courier more at each base and an agency of each of its places; couriers are its own."""
    tables: dict[str, Any] = small_network()
    agency = next(site for site in tables["sites"] if site["kind"] == "agency")
    communes = {1: "30307", 2: "30316"} if province_id == PROVINCE else {3: "30307"}
    tables["sites"] += [{**agency, "site_id": f"CQ-{n}", "commune_code": code} for n, code in communes.items()]
    tables["couriers"] = [
        {"courier_id": f"{kind}{n}-{province_id}", "name": f"{kind}{n}", "base_id": f"B{n}", "reserve": reserve}
        for n in (1, 2)
        for kind, reserve in (("C", "no"), ("X", "yes"))
    ]
    return tables


@cache
def network_files(province_id: str) -> list[tuple[str, tuple[str, bytes]]]:
    with TemporaryDirectory() as name:
        folder = write_folder(Path(name), network(province_id))
        return [("files", (path.name, path.read_bytes())) for path in sorted(folder.iterdir())]


def plan_shipments() -> list[dict[str, Any]]:
    """One that has to be delivered from `B1` today, one that has to be collected for `B2`."""
    return [{**row, "due_on": DAY.isoformat()} for row in small_shipments()[:2]]


@cache
def snapshot(province_id: str) -> Snapshot:
    return Snapshot(province_id, DAY, {**network(province_id), "settings": {}}, without_people(plan_shipments()))


@cache
def plan(province_id: str) -> Plan:
    prepared = prepare_snapshot(snapshot(province_id), Path())
    answers = [solve_group(group.problem, StoppingCriterion(iterations=20), 0, None) for group in prepared.groups]
    return write_plan(prepared.inputs, prepared.groups, answers, created_at=AT)
