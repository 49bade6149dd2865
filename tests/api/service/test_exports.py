"""Plans handed out as files: each read back by another program than wrote it, and held against the plan."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from httpx2 import Response
from openpyxl import load_workbook
from pypdf import PdfReader

from api.plans.export import GPX_NAMESPACE
from api.plans.schemas import Plan, PlannedRoute
from tests.api.printed_codes import printed_codes
from tests.api.service.day_inputs import day_inputs
from tests.api.service.dispatching import import_all
from tests.api.service.made_plans import best_of, day_plan, day_snapshot, put_plan, store_plan
from tests.api.service.running import Service

pytestmark = pytest.mark.slow

GPX = {"g": GPX_NAMESPACE}


@pytest.fixture
def planned(sqlite_service: Service) -> tuple[Service, str]:
    """A plan whose shipments are registered, with their people."""
    files = [("files", ("network.json", json.dumps(day_inputs()["network"]).encode()))]
    taken = sqlite_service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert taken.status_code == 200, taken.text
    import_all(sqlite_service)
    return sqlite_service, put_plan(sqlite_service)


def export(service: Service, plan_id: str, kind: str, courier: str | None = None, **more: Any) -> Response:
    query = f"?courier={courier}" if courier else ""
    return service.ask("GET", f"/api/v1/plans/{plan_id}/exports/{kind}{query}", by="auditor", **more)


def shortest() -> PlannedRoute:
    return min(day_plan().routes, key=lambda route: len(codes_of(route)))


def codes_of(route: PlannedRoute) -> list[str]:
    return [task.shipment for trip in route.trips for stop in trip.stops for task in stop.tasks]


def pages_of(answer: Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]


def saved_as(answer: Response) -> str:
    return str(answer.headers["Content-Disposition"]).split('"')[1]


def publish(service: Service, plan_id: str) -> None:
    answer = service.ask(
        "POST",
        f"/api/v1/plans/{plan_id}/publish",
        by="head-dispatcher",
        json={"replaces": None},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("kind", "stem"), [("sheets", "phieu-chuyen"), ("manifests", "bang-ke")])
def test_a_scanner_reads_every_shipment_of_a_round_and_the_round_itself(
    planned: tuple[Service, str], tmp_path: Path, kind: str, stem: str
) -> None:
    service, plan_id = planned
    route = shortest()
    answer = export(service, plan_id, kind, route.courier_id)
    read = [code for page in printed_codes(answer.content, tmp_path) for code in page]
    assert sorted(text for form, text in read if form == "Code128") == sorted(codes_of(route))
    assert [text for form, text in read if form == "QRCode"] == [f"{day_plan().plan_id}/v1/{route.courier_id}"]
    assert saved_as(answer) == f"{stem}-20261125-v1-{route.courier_id}.pdf"


@pytest.mark.parametrize("kind", ["sheets", "manifests"])
def test_all_rounds_stand_in_one_file_each_with_its_own_pages(planned: tuple[Service, str], kind: str) -> None:
    service, plan_id = planned
    pages = pages_of(export(service, plan_id, kind))
    for route in day_plan().routes:
        own = [page for page in pages if f"{day_plan().plan_id}/v1/{route.courier_id} " in page]
        assert own
        assert all(f"Trang {number}/{len(own)}" in page for number, page in enumerate(own, 1))
        assert all(code in "\n".join(own) for code in codes_of(route))


def test_every_page_of_a_draft_says_so_and_none_of_a_published_plan(planned: tuple[Service, str]) -> None:
    service, plan_id = planned
    for kind in ("sheets", "manifests"):
        assert all("BẢN NHÁP" in page for page in pages_of(export(service, plan_id, kind)))
    publish(service, plan_id)
    for kind in ("sheets", "manifests"):
        assert not any("BẢN NHÁP" in page for page in pages_of(export(service, plan_id, kind)))


def people_of(route: PlannedRoute) -> tuple[set[str], set[str]]:
    """Names and addresses of the citizens whose doors a round goes to."""
    doors = {
        task.shipment: task.action.value
        for trip in route.trips
        for stop in trip.stops
        if stop.site_id is None
        for task in stop.tasks
    }
    rows = [row for row in day_inputs()["shipments"] if row["code"] in doors]
    ends = {"deliver": "dest_address", "collect": "origin_address"}
    return {row["contact_name"] for row in rows}, {row[ends[doors[row["code"]]]] for row in rows}


def test_names_and_addresses_are_printed_for_dispatchers_only_and_each_look_is_noted(
    planned: tuple[Service, str],
) -> None:
    service, plan_id = planned
    route = max(day_plan().routes, key=lambda one: len(people_of(one)[0]))
    names, addresses = people_of(route)
    assert names
    nameless = "".join("\n".join(pages_of(export(service, plan_id, "sheets", route.courier_id))).split())
    path = f"/api/v1/plans/{plan_id}/sheets?courier={route.courier_id}"
    answer = service.ask("GET", path, by="head-dispatcher")
    named = "".join("\n".join(pages_of(answer)).split())
    assert answer.headers["Cache-Control"] == "no-store"
    for text in (*names, *addresses):
        assert "".join(text.split()) in named
        assert "".join(text.split()) not in nameless
    for login in ("planner", "auditor", "admin", "local-admin"):
        assert service.ask("GET", path, by=login).status_code == 403
    assert service.ask("GET", path, by="far-dispatcher").status_code == 404
    assert service.ask("GET", path, by="other-dispatcher").status_code == 404
    looks = service.ask("GET", "/api/v1/looks", by="auditor").json()["looks"]
    printed = [look["subject"] for look in looks if look["action"] == "sheet_printed"]
    assert printed == [f"{plan_id}/{route.courier_id}"]


def test_a_workbook_holds_the_plan_row_by_row(planned: tuple[Service, str]) -> None:
    service, plan_id = planned
    answer = export(service, plan_id, "workbook")
    assert saved_as(answer) == "ke-hoach-20261125-v1.xlsx"
    book, plan = load_workbook(BytesIO(answer.content)), day_plan()
    facts: dict[Any, Any] = {row[0]: row[1] for row in book["Kế hoạch"].iter_rows(min_row=3, values_only=True)}
    assert str(facts["Tình trạng / Status"]).startswith("BẢN NHÁP")
    assert str(facts["Mạng đường / Roads"]).startswith("TỔNG HỢP")
    assert facts["Quãng đường (m) / Distance (m)"] == plan.totals.distance
    rounds = list(book["Chuyến"].iter_rows(min_row=3, values_only=True))
    assert [(row[0], row[9], row[10]) for row in rounds] == [
        (route.courier_id, sum(trip.distance for trip in route.trips) / 1000, route.cost.total) for route in plan.routes
    ]
    stops = list(book["Điểm dừng"].iter_rows(min_row=3, values_only=True))
    assert [(row[0], row[10]) for row in stops] == [
        (route.courier_id, code) for route in plan.routes for code in codes_of(route)
    ]
    first = plan.routes[0].trips[0].stops[0]
    assert stops[0][6] == first.arrives.replace(tzinfo=None)
    left = list(book["Chưa xếp"].iter_rows(min_row=3, values_only=True))
    assert [(row[0], row[4], row[5]) for row in left] == [
        (one.shipment, reason.constraint, reason.detail.vi) for one in plan.unassigned for reason in one.reasons
    ]
    named = {row["contact_name"] for row in day_inputs()["shipments"]}
    said = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert not named & said
    assert export(service, plan_id, "workbook", plan.routes[0].courier_id).status_code == 409


def track_of(text: bytes | str) -> tuple[list[float], int]:
    """Longitude and latitude of each point of a GPX file's track, and the number of its waypoints."""
    root = ET.fromstring(text)
    points = [float(one.attrib[axis]) for one in root.findall(".//g:trkpt", GPX) for axis in ("lon", "lat")]
    return points, len(root.findall("g:wpt", GPX))


def path_of(route: PlannedRoute) -> list[float]:
    return [number for trip in route.trips for position in trip.path.coordinates for number in position]


def test_a_gpx_file_goes_where_the_round_goes(planned: tuple[Service, str]) -> None:
    service, plan_id = planned
    route = day_plan().routes[0]
    answer = export(service, plan_id, "gpx", route.courier_id)
    assert saved_as(answer).endswith(f"-{route.courier_id}.gpx")
    points, stops = track_of(answer.content)
    assert points == pytest.approx(path_of(route), abs=1e-6)
    assert stops == sum(len(trip.stops) for trip in route.trips)
    packed = export(service, plan_id, "gpx")
    with ZipFile(BytesIO(packed.content)) as files:
        assert len(files.namelist()) == len(day_plan().routes)
        for name, each in zip(files.namelist(), day_plan().routes, strict=True):
            assert track_of(files.read(name))[0] == pytest.approx(path_of(each), abs=1e-6)


def drawn_paths(answer: Response) -> dict[tuple[str, int], list[tuple[float, float]]]:
    features = answer.json()["features"]
    return {
        (one["properties"]["courier_id"], one["properties"]["trip"]): list(map(tuple, one["geometry"]["coordinates"]))
        for one in features
        if one["properties"]["feature"] == "trip"
    }


def planned_paths(plan: Plan) -> dict[tuple[str, int], list[tuple[float, float]]]:
    return {
        (route.courier_id, number): list(trip.path.coordinates)
        for route in plan.routes
        for number, trip in enumerate(route.trips, 1)
    }


def test_geojson_draws_the_plan_or_one_round_of_it(planned: tuple[Service, str]) -> None:
    service, plan_id = planned
    whole = export(service, plan_id, "geojson")
    assert whole.headers["Content-Type"] == "application/geo+json"
    assert drawn_paths(whole) == planned_paths(day_plan())
    one = day_plan().routes[0].courier_id
    found = drawn_paths(export(service, plan_id, "geojson", one))
    assert found == {key: path for key, path in planned_paths(day_plan()).items() if key[0] == one}


def test_the_same_version_is_not_sent_twice_and_who_has_no_round_is_named(planned: tuple[Service, str]) -> None:
    service, plan_id = planned
    first = export(service, plan_id, "geojson")
    again = export(service, plan_id, "geojson", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    nobody = export(service, plan_id, "sheets", "BT-KHONG-CO")
    assert nobody.status_code == 404
    assert "BT-KHONG-CO không có chuyến" in nobody.json()["error"]["message_vi"]
    assert export(service, plan_id, "poster").status_code == 422


def test_a_driven_stop_where_nothing_could_be_handed_over_hinders_no_file(planned: tuple[Service, str]) -> None:
    """As in a day that was planned anew after the attempt: the stop is there, its task is not."""
    service, plan, route = planned[0], day_plan(), shortest()
    first, *later = route.trips[0].stops
    driven = route.trips[0].model_copy(update={"stops": (first.model_copy(update={"tasks": ()}), *later)})
    changed = route.model_copy(update={"trips": (driven, *route.trips[1:])})
    routes = tuple(changed if one is route else one for one in plan.routes)
    document = best_of(plan.model_copy(update={"routes": routes}))
    plan_id = store_plan(service, day_snapshot(), document, "planner")
    gone = codes_of(route)[: len(first.tasks)]
    sheet = "".join(pages_of(export(service, plan_id, "sheets", route.courier_id)))
    book = load_workbook(BytesIO(export(service, plan_id, "workbook").content))
    listed = [row[10] for row in book["Điểm dừng"].iter_rows(min_row=3, values_only=True)]
    for code in codes_of(route):
        assert (code in sheet) is (code in listed) is (code not in gone)
