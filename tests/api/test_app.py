"""The HTTP service: what it answers, what it hides, and that the published description is the true one."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from api.app import create_app, openapi_text
from api.errors import NotFoundError
from api.network.model import SiteKind, Vehicle
from api.plans.board import BoardState, PlanBoard
from api.plans.endpoints import events
from api.plans.map_roads import road_map
from api.plans.schemas import parse_plan
from api.plans.tasks import NotToday
from api.shipments.model import ShipmentKind
from geo.profiles import ROAD_CLASSES
from routing.solution import Constraint
from tests.api.sample_board import sample_board, sample_inputs, sample_plan

WEB = Path(__file__).parents[2] / "api" / "web"


class Client:
    """Asks an application without a network."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def get(self, path: str, **headers: str) -> Response:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer() -> Response:
            transport = ASGITransport(self.app, raise_app_exceptions=False)
            async with AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, headers=named)

        return asyncio.run(answer())


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages that look like built ones."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html>" + "<p>trang</p>" * 200, encoding="utf-8")
    (folder / "assets" / "index-abc.js").write_text("let a = 1\n" * 500, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(static: Path) -> Client:
    return Client(create_app(sample_board(), static=static))


@pytest.mark.slow
def test_the_plan_is_exactly_the_stored_one(client: Client) -> None:
    answer = client.get("/api/v1/plans/current")
    assert answer.status_code == 200
    assert parse_plan(answer.content) == sample_plan()
    assert json.loads(answer.content) == json.loads(sample_plan().to_json())


def test_a_folder_says_that_nobody_logs_in(client: Client) -> None:
    assert client.get("/api/v1/source").json() == {"kind": "folder", "basemap": None}


def test_an_unchanged_plan_is_not_sent_again(client: Client) -> None:
    tag = client.get("/api/v1/plans/current").headers["etag"]
    again = client.get("/api/v1/plans/current", If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")


def test_places_hold_everything_that_the_plan_names(client: Client) -> None:
    plan, places = sample_plan(), client.get("/api/v1/plans/current/places").json()
    sites = {site["site_id"] for site in places["sites"]}
    couriers = {courier["courier_id"] for courier in places["couriers"]}
    shipments = {one["code"] for one in places["shipments"]}
    stops = [stop for route in plan.routes for trip in route.trips for stop in trip.stops]
    assert {route.courier_id for route in plan.routes} <= couriers
    assert {route.base_id for route in plan.routes} <= sites
    assert {stop.site_id for stop in stops if stop.site_id} <= sites
    assert {task.shipment for stop in stops for task in stop.tasks} <= shipments
    assert {one.shipment for one in plan.unassigned} <= shipments


def test_places_tell_nothing_about_citizens(client: Client) -> None:
    answer = client.get("/api/v1/plans/current/places")
    text = answer.text
    shipment = sample_inputs()[1].shipments[0]
    assert shipment.contact_name not in text
    assert shipment.contact_phone not in text
    assert "ấp 3" not in text
    ends = [
        end
        for one in client.get("/api/v1/plans/current/places").json()["shipments"]
        for end in (one["origin"], one["destination"])
    ]
    assert {key for end in ends for key in end} == {"site_id", "commune_code"}


def test_shifts_are_clock_times_of_the_plans_day(client: Client) -> None:
    courier = client.get("/api/v1/plans/current/places").json()["couriers"][0]
    assert courier["shift_starts"] == "2026-11-23T07:00:00+07:00"
    assert courier["shift_ends"] == "2026-11-23T17:30:00+07:00"


def test_each_commune_of_the_areas_has_an_outline_and_a_base(client: Client) -> None:
    communes = client.get("/api/v1/plans/current/places").json()["communes"]
    assert len(communes) == 54
    assert all(commune["outline"] and commune["base_id"] for commune in communes)


def test_the_road_map_draws_each_segment_exactly_once() -> None:
    roads = sample_inputs()[2]
    graph = max(roads.graphs.values(), key=lambda g: len(g.head))
    position = [(round(x, 5), round(y, 5)) for x, y in zip(graph.lon.tolist(), graph.lat.tolist(), strict=True)]
    arcs = zip(
        np.repeat(np.arange(len(graph.lon)), np.diff(graph.first_out)).tolist(), graph.head.tolist(), strict=True
    )
    expected = Counter({frozenset((position[a], position[b])): 1 for a, b in arcs})
    lines = [line for feature in road_map(roads).features for line in feature.geometry.coordinates]
    drawn = Counter(frozenset(pair) for line in lines for pair in pairwise(line))
    assert drawn == expected
    assert len(lines) < len(expected) / 3


def test_roads_come_by_class(client: Client) -> None:
    answer = client.get("/api/v1/plans/current/roads")
    assert answer.headers["content-type"] == "application/geo+json"
    classes = [feature["properties"]["road_class"] for feature in answer.json()["features"]]
    assert len(classes) == len(set(classes))
    assert set(classes) <= set(ROAD_CLASSES)


@pytest.mark.slow
def test_progress_tells_the_present_and_every_later_publication() -> None:
    board = PlanBoard(sample_plan(), *sample_inputs(), state=BoardState.SOLVING, seconds=4.0)

    async def three() -> list[str]:
        stream = events(board, heartbeat=0.2)
        first = await anext(stream)
        silent = await anext(stream)
        board.publish(sample_plan(2), BoardState.DONE, 9.5)
        found = [first, silent, await anext(stream)]
        await stream.aclose()
        return found

    first, silent, second = asyncio.run(three())
    assert silent.startswith(":")
    facts = [json.loads(text.split("data: ")[1]) for text in (first, second)]
    assert [(fact["state"], fact["version"], fact["plan_version"]) for fact in facts] == [
        ("solving", 1, 1),
        ("done", 2, 2),
    ]
    assert facts[1]["seconds"] == 9.5
    assert facts[0]["totals"]["couriers"] == len(sample_plan().routes)


def test_errors_have_a_stable_code_and_both_languages(client: Client) -> None:
    missing = client.get("/api/v1/nowhere")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "not_found"
    assert set(missing.json()["error"]) == {"code", "message_vi", "message_en"}
    wrong = client.ask("POST", "/api/v1/plans/current")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")


def test_an_unforeseen_error_tells_no_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> str:
        raise ValueError("secret detail")

    monkeypatch.setattr("api.plans.board.PlanBoard.current", property(fail))
    answer = client.get("/api/v1/plans/current")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "secret" not in answer.text


def test_pages_are_asked_for_anew_and_hashed_files_are_kept(client: Client) -> None:
    assert client.get("/").headers["cache-control"] == "no-cache"
    assert "immutable" in client.get("/assets/index-abc.js").headers["cache-control"]
    assert "immutable" not in client.get("/assets/absent.js").headers.get("cache-control", "")


def test_answers_are_compressed(client: Client) -> None:
    for path in ("/", "/assets/index-abc.js", "/api/v1/plans/current"):
        assert client.get(path, Accept_Encoding="gzip").headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/", "/api/v1/plans/current", "/api/v1/nowhere"])
def test_every_answer_forbids_foreign_origins(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_only_given_names_are_answered(static: Path) -> None:
    local = Client(create_app(sample_board(), static=static, allowed_hosts=["127.0.0.1"]))
    assert local.get("/", Host="127.0.0.1:8000").status_code == 200
    assert local.get("/", Host="elsewhere.example").status_code == 400


def test_missing_pages_are_named_with_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"build_pages\.py"):
        create_app(sample_board(), static=tmp_path)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_have_words_for_every_reason_and_vehicle_and_kind(language: str) -> None:
    text = (WEB / "src" / "shared" / "i18n" / f"{language}.ts").read_text(encoding="utf-8")
    words = [*Constraint, *NotToday, *Vehicle, *SiteKind, *ShipmentKind]
    assert [word.value for word in words if f"{word.value}: '" not in text] == []


@pytest.mark.slow
def test_the_description_that_the_pages_are_typed_by_is_up_to_date() -> None:
    committed = (WEB / "openapi.json").read_text(encoding="utf-8")
    assert committed == openapi_text(), (
        "run: python -m api.app > api/web/openapi.json && python build_pages.py run types"
    )
