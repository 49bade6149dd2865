"""How much is taken in together: bounded, in order, and never more values in a statement than a database takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from api.auth.store import whose_token
from api.custody.answers import examine
from api.custody.batch import MOST_MENTIONS, Batch
from api.custody.intake import MOST_TOGETHER, Intake
from api.custody.verdicts import Answer
from api.db.in_lists import MOST_VALUES, in_lists
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import batch, made, send, with_device
from tests.api.service.running import Service

EVENTS = "/api/v1/custody/events"


class _Held:
    """A writer that does nothing until it is told."""

    def __init__(self) -> None:
        self.works: list[Any] = []

    def write_now(self, work: Any) -> str:
        return "here/ledger"

    def submit(self, work: Any) -> Any:
        self.works.append(work)
        return _Never()


class _Never:
    def add_done_callback(self, tell: Any) -> None:
        return


def many(counter: int, first: int, number: int) -> dict[str, Any]:
    codes = [f"S{first + one}" for one in range(number)]
    return made("BAG", counter, code=codes[0], shipments=codes, data=COMPLETE["BAG"])


def test_batches_wait_for_their_turn_in_order_when_they_name_too_many_shipments(sqlite_service: Service) -> None:
    with with_device(sqlite_service).runtime.database.read() as connection:
        courier = whose_token(connection, sqlite_service.tokens["courier"], datetime.now(UTC))
    assert courier is not None
    held = _Held()
    intake = Intake(held, "here/ledger")  # type: ignore[arg-type]
    size, taken = 500, []
    events = [examine(many(1, 0, size))]

    def take(batches: list[Batch], connection: Any) -> list[list[Answer]]:
        taken.append([one.clock_offset // timedelta(seconds=1) for one in batches])
        return [[] for _ in batches]

    for number in range(50):
        intake.submit(Batch(courier, events, clock_offset=timedelta(seconds=number)))
    with patch.object(intake, "_take", take):
        while held.works:
            held.works.pop(0)(None)
    together = MOST_TOGETHER // size
    assert taken == [list(range(together)), list(range(together, 50))]


def test_a_batch_that_names_too_many_shipments_is_to_be_sent_in_parts(sqlite_service: Service) -> None:
    with_device(sqlite_service)
    events = [many(number, 500 * number, 500) for number in range(MOST_MENTIONS // 500 + 1)]
    answer = sqlite_service.ask("POST", EVENTS, by="courier", json=batch(*events))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert {one["verdict"] for one in send(sqlite_service, *events[:-1])} == {"incomplete"}


def test_lists_are_cut_and_nothing_is_left_out() -> None:
    assert list(in_lists(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(in_lists([])) == []
    assert [len(some) for some in in_lists(range(MOST_VALUES + 1))] == [MOST_VALUES, 1]


def test_what_is_asked_in_several_statements_is_one_answer(service: Service) -> None:
    with_device(service, "courier", "D1", *(f"S{number}" for number in range(9)))
    event = many(1, 0, 9)
    with patch.object(in_lists, "__defaults__", (2,)):
        (first,) = send(service, event)
        (again,) = send(service, many(2, 0, 9))
        (same,) = send(service, event)
    assert {piece["code"] for piece in first["pieces"]} == {"custody_elsewhere"}
    assert (first["verdict"], again["verdict"], same["verdict"]) == ("incomplete", "accepted", "duplicate")
    held = [service.ask("GET", f"/api/v1/shipments/S{n}", by="auditor").json()["holding"] for n in range(9)]
    assert held == ["site"] * 9
