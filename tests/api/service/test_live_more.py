"""The running day for an auditor, messages to some without an account, what a counter takes in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from api.auth.tables import users
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.day_inputs import DAY
from tests.api.service.live_made import OURS, THEIRS, clock_at, consent, fix, live_service, noon, post_fixes, say
from tests.api.service.running import Service
from tests.api.service.test_happenings import CODES, found


def test_an_auditor_sees_how_far_couriers_are_and_never_where(service: Service) -> None:
    live_service(service)
    consent(service)
    post_fixes(service, noon(), fix(noon() - timedelta(seconds=5)))

    def seen(by: str) -> dict[str, Any]:
        with clock_at(noon()):
            answer = service.ask("GET", f"/api/v1/live/progress?day={DAY}", by=by)
        assert answer.status_code == 200, answer.text
        return {one["courier_id"]: one for one in answer.json()["couriers"]}

    by_dispatcher, by_auditor = seen("head-dispatcher"), seen("auditor")
    assert by_dispatcher[OURS]["position"] is not None
    assert all(one["position"] is None for one in by_auditor.values())
    assert {**by_dispatcher[OURS], "position": None} == by_auditor[OURS]
    for path in ("/api/v1/live/messages", "/api/v1/live/stream?seconds=1"):
        assert service.ask("GET", path, by="auditor").status_code == 403
    looks = service.ask("GET", f"/api/v1/looks?subject={DAY}", by="auditor").json()["looks"]
    assert [one["action"] for one in looks] == ["live_progress", "live_progress"]


def test_a_message_reaches_who_has_an_account_and_names_who_has_none(service: Service) -> None:
    live_service(service)

    mine = update(users).where(users.c.courier_id == THEIRS).values(courier_id="XX-99")
    service.runtime.writer.write_now(lambda connection: connection.execute(mine))
    with clock_at(noon()):
        sent = say(service, "head-dispatcher", text="Về sớm", to=(OURS, THEIRS))
        assert sent.status_code == 201, sent.text
        assert [one["courier_id"] for one in sent.json()["messages"]] == [OURS]
        assert sent.json()["without_account"] == [THEIRS]
        nobody = say(service, "head-dispatcher", text="Về sớm", to=(THEIRS,))
        assert nobody.status_code == 409
        assert THEIRS in nobody.json()["error"]["message_vi"]
        assert say(service, "head-dispatcher", text="Về sớm", to=(OURS, "BT-NHAM")).status_code == 404


@pytest.mark.parametrize(
    ("data", "moves"),
    [
        ({"site_id": "BC-LX"}, False),
        ({"site_id": "BC-LX", "courier_id": "BT-02"}, False),
        ({"courier_id": "BT-01"}, True),
    ],
    ids=["counter", "counter-for-another", "at-the-door"],
)
def test_what_is_taken_in_at_a_counter_is_no_service_of_the_round(
    service: Service, data: dict[str, Any], moves: bool
) -> None:
    with_device(service, "courier", "D1", *CODES)
    send(service, made("ACCEPT", 1, code="S1", data=data))
    assert found(service, 0) == ([("ACCEPT", ("S1",))] if moves else [])


def test_looks_are_found_by_a_subject_with_a_slash(sqlite_service: Service) -> None:
    answer = sqlite_service.ask("GET", "/api/v1/looks?subject=BC-LX/2026-11-25", by="auditor")
    assert (answer.status_code, answer.json()["looks"]) == (200, [])
    assert sqlite_service.ask("GET", "/api/v1/looks?subject=a%20b", by="auditor").status_code == 422
