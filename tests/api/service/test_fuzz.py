"""The whole API against requests that schemathesis makes up from its own description: no 500, no undeclared answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import SERVICE_ROUTERS
from api.service.describing import routes_of
from api.vroom.child import answered
from tests.api.service.running import Service, served
from tests.effort import size

EXAMPLES = size("FUZZ_EXAMPLES", 30, 300)
ROUTES = tuple(routes_of(SERVICE_ROUTERS))
OPERATIONS = sorted((route.path_format, method) for route in ROUTES for method in route.methods or ())
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, BaseSchema]]:
    """The service, and how it describes itself."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    with (
        pytest.MonkeyPatch.context() as patch,
        Service.opened(f"sqlite:///{folder / 'service.db'}", folder) as opened,
    ):
        patch.setattr("api.vroom.endpoints.solve_in_child", solve_for_a_moment)
        opened.token("admin")
        with served(opened.app) as address:
            schema = schemathesis.openapi.from_dict(opened.ask("GET", "/api/v1/openapi.json", by=None).json())
            schema.config.update(base_url=address)
            yield opened, schema


async def solve_for_a_moment(body: bytes, **_: float) -> dict[str, Any]:
    """As the child does, without an interpreter and its engine for every request."""
    return await asyncio.to_thread(answered, body, 0.05)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_made_up_requests_get_declared_answers(serving: tuple[Service, BaseSchema], path: str, method: str) -> None:
    if path == "/api/v1/auth/logout" or (path.endswith(("/sessions", "/sessions/{session_id}")) and method == "DELETE"):
        pytest.skip("ends the session of every later request")
    service, schema = serving
    headers = {"Authorization": f"Bearer {service.token('admin')}"}

    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
