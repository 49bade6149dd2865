"""
Every cell of the authorisation table: each endpoint of the OpenAPI text, for each role, about what is its own, another
office's and another province's, logged in or not; and that nobody is shown personal data unasked (ASVS 5.0 §8.2).

`access_table.CELLS` says what is expected, `access_world` what there is to ask for, `access_asking` how to ask.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from api.app import SERVICE_ROUTERS, SHOWN_ROUTERS, openapi_text
from api.auth import passwords
from api.service.describing import routes_of
from tests.api.service.access_asking import METRICS_TOKEN, Asker, Endpoint, line_of, text_of, values_of
from tests.api.service.access_table import ANYONE, BY_HAND, CELLS, Cell, Reach
from tests.api.service.access_world import Caller, Place, Where, Works, World
from tests.api.service.running import KINDS, Service
from tests.api.service.undoing import undone
from tests.effort import IS_SOAK
from tests.postgres import PostgresServer

DESCRIBED: dict[str, Any] = json.loads(openapi_text())
SHOWN = {route.path_format for route in routes_of(SHOWN_ROUTERS)} - {
    route.path_format for route in routes_of(SERVICE_ROUTERS)
}
ENDPOINTS: list[Endpoint] = sorted(
    (method.upper(), path)
    for path, operations in DESCRIBED["paths"].items()
    for method in operations
    if path not in SHOWN and (method.upper(), path) not in BY_HAND
)
REVEALING = [
    (method, path)
    for method, path in ENDPOINTS
    if any(one["name"] == "reveal" for one in DESCRIBED["paths"][path][method.lower()].get("parameters", ()))
]

pytestmark = [pytest.mark.long, pytest.mark.slow]


@pytest.fixture(scope="module", params=KINDS if IS_SOAK else ["sqlite"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Made once; nothing that is asked changes it. Who may do what is Python's to say: on both kinds in a soak."""
    folder = tmp_path_factory.mktemp("cells")
    url = f"sqlite:///{folder / 'service.db'}"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.create("cells")
    with Service.opened(url, folder, metrics_token=METRICS_TOKEN) as service, pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr("api.vroom.endpoints.solve_in_child", _solve_nothing)
        made = World.made(service)
        with undone(service.runtime.writer):
            yield made


async def _solve_nothing(*_: object, **__: object) -> dict[str, Any]:
    """Who may ask for a search is what counts here."""
    return {"code": 0, "summary": {"cost": 0}, "unassigned": [], "routes": []}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_every_role_reaches_what_is_theirs_and_nothing_else(world: World, endpoint: Endpoint) -> None:
    asker, cell, roles = Asker(world, DESCRIBED, endpoint), _cell(endpoint), _roles(endpoint)
    wrong = []
    for caller in world.callers:
        for place in world.places.values():
            answer = asker.ask(caller.token, caller, place)
            if roles is not ANYONE and caller.role not in roles:
                fault = "" if answer.status_code == 403 else "the role may not call it"
            else:
                fault = _fault(world, cell, caller, place, answer.status_code, text_of(answer))
            fault = fault or _unmasked(world, text_of(answer))
            if fault:
                wrong.append(f"{caller.login} about {place.where}: {fault}: {answer.status_code} {answer.text[:300]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_nobody_and_whoever_was_logged_out_reach_only_what_is_public(world: World, endpoint: Endpoint) -> None:
    is_public, own, asker = _roles(endpoint) is ANYONE, world.places[Where.OWN], Asker(world, DESCRIBED, endpoint)
    nobody = [(None, world.callers[0], place) for place in world.places.values()]
    over = [(caller.over, caller, own) for caller in world.callers]
    for token, caller, place in [*nobody, *over]:
        answer = asker.ask(token, caller, place)
        said = f"{caller.login} about {place.where}: {answer.status_code} {answer.text[:300]}"
        assert answer.is_success if is_public else answer.status_code == 401, said
        assert not _unmasked(world, text_of(answer)), said


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_one_foreign_part_makes_an_address_foreign(world: World, endpoint: Endpoint) -> None:
    """What is theirs in an address lends nothing to what is not: a plan of theirs, compared with another province's."""
    asker, cell, roles = Asker(world, DESCRIBED, endpoint), _cell(endpoint), _roles(endpoint)
    own, far = world.places[Where.OWN], world.places[Where.OTHER_PROVINCE]
    if cell.reach is Reach.EVERYTHING:
        return
    for caller in world.callers:
        if caller.role not in roles or caller.works is not Works.PROVINCE:
            continue
        here, there = asker.address(caller, own), asker.address(caller, far)
        for name in here:
            if here[name] != there[name]:
                answer = asker.ask(caller.token, caller, own, **{name: there[name]})
                assert answer.status_code in {403, 404}, (caller.login, name, answer.status_code, answer.text)


@pytest.mark.parametrize("endpoint", REVEALING, ids=" ".join)
def test_personal_data_stand_in_full_for_those_roles_only_that_may_see_them(world: World, endpoint: Endpoint) -> None:
    asker, cell, roles = Asker(world, DESCRIBED, endpoint), _cell(endpoint), _roles(endpoint)
    assert cell.reveals, f"{' '.join(endpoint)} has `reveal`: say in CELLS for which roles, `reveals=…`"
    for caller in world.callers:
        for place in world.places.values():
            answer = asker.ask(caller.token, caller, place, reveal="true")
            seen = [secret for secret in place.secrets if secret in answer.text]
            may = caller.role in roles and caller.role in cell.reveals and reaches(cell, caller, place)
            assert bool(seen) == may, (caller.login, place.where, answer.status_code, answer.text)
            assert may or answer.status_code in {403, 404}, (caller.login, place.where, answer.text)


@pytest.mark.parametrize("path", ["/api/v1/custody/events", "/api/v1/custody/proofs"])
def test_a_fact_is_taken_in_but_of_another_province_it_knows_no_shipment(world: World, path: str) -> None:
    """Whoever sends it: nothing is turned away, and nothing is learned or moved beyond the province."""
    asker = Asker(world, DESCRIBED, ("POST", path))
    for caller in world.callers:
        for place in world.places.values() if caller.role in _roles(asker.endpoint) else ():
            (answer,) = asker.ask(caller.token, caller, place).json()["answers"]
            is_unknown = "unknown_shipment" in {piece["code"] for piece in answer["pieces"]}
            assert is_unknown == (place.where is Where.OTHER_PROVINCE), (caller.login, place.where, answer)


@pytest.mark.parametrize("name", sorted(set(BY_HAND.values())))
def test_the_tests_that_stand_in_for_cells_exist(name: str) -> None:
    file, _, function = name.partition("::")
    assert f"def {function}(" in (Path(__file__).parent / file).read_text(encoding="utf-8")


def reaches(cell: Cell, caller: Caller, place: Place) -> bool:
    """Whether a caller, whose role is the right one, reaches what belongs to a place."""
    is_everywhere = caller.works is Works.EVERYWHERE
    is_of_province = is_everywhere or place.where is not Where.OTHER_PROVINCE
    is_theirs = not cell.by_base or caller.works is not Works.AGENCY
    return {
        Reach.EVERYTHING: True,
        Reach.OWN: place.where is Where.OWN,
        Reach.OFFICE: place.where is Where.OWN and is_theirs if caller.has_offices else is_of_province,
        Reach.PROVINCE: is_of_province,
        Reach.WHOLE_PROVINCE: is_of_province and not caller.has_offices,
        Reach.SYSTEM: is_everywhere,
    }[cell.reach]


def _cell(endpoint: Endpoint) -> Cell:
    if endpoint not in CELLS:
        pytest.fail(
            f"{' '.join(endpoint)}: whose things does it reach? Add a line to CELLS in "
            f"tests/api/service/access_table.py:\n    {line_of(endpoint)}: OFFICE,\n"
            'or PROVINCE, WHOLE_PROVINCE, EVERYTHING; of a list, Cell(Reach.…, shows="…")'
        )
    return CELLS[endpoint]


def _roles(endpoint: Endpoint) -> frozenset[str]:
    """Who may call it, as the OpenAPI text says; `test_access` holds that against the table."""
    method, path = endpoint
    return frozenset(DESCRIBED["paths"][path][method.lower()]["x-roles"]) or ANYONE


def _fault(world: World, cell: Cell, caller: Caller, place: Place, status: int, text: str) -> str:
    """What is wrong with an answer to a role that may ask; empty = nothing."""
    is_theirs, is_done = reaches(cell, caller, place), 200 <= status < 300
    is_named = bool(cell.names) and status == 422 and f'"{cell.names}"' in text
    if not (is_done or is_named or status in {403, 404}):
        return "neither done nor turned away"
    if not cell.shows:
        return "" if is_done == is_theirs else "is theirs" if is_theirs else "is not theirs"
    shown = {one.where for one in world.places.values() if is_done and values_of(caller, one)[cell.shows] in text}
    if (place.where in shown) != is_theirs:
        return f"{cell.shows} is missing" if is_theirs else f"{cell.shows} is shown"
    foreign = [where for where in shown if not reaches(cell, caller, world.places[where])]
    return f"{cell.shows} of {', '.join(foreign)} is shown" if foreign else ""


def _unmasked(world: World, text: str) -> str:
    found = [secret for place in world.places.values() for secret in place.secrets if secret in text]
    return f"shows {found}" if found else ""
