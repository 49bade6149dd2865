"""Positions with consent and within the shift, progress of the published day, messages: on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from api.auth.tables import looks
from api.ids import new_id
from api.live.tables import last_positions, live_heads, live_items, live_messages, positions
from api.retention import run_retention
from tests.api.service.custody_made import add_shipments, made, send
from tests.api.service.day_inputs import DAY
from tests.api.service.live_made import (
    OURS,
    THEIRS,
    clock_at,
    consent,
    fix,
    live_service,
    noon,
    post_fixes,
    progress,
    round_of,
    say,
)
from tests.api.service.running import Service


def count(service: Service, table: Any) -> int:
    with service.runtime.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def code_of(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


@pytest.mark.slow
def test_nothing_is_kept_without_consent_and_nothing_shown_after_it_is_withdrawn(service: Service) -> None:
    live_service(service)
    one, now = fix(noon()), noon() + timedelta(seconds=30)
    refused = post_fixes(service, now, one)
    assert (refused.status_code, code_of(refused)) == (409, "no_consent")
    assert (count(service, positions), progress(service, now)[OURS]["consent"]) == (0, None)
    consent(service)
    assert post_fixes(service, now, one).json()["accepted"] == 1
    shown = progress(service, now)[OURS]
    assert (shown["consent"], shown["position"]["age"], shown["unseen_seconds"]) == (True, 30, 30)
    consent(service, given=False)
    hidden = progress(service, now)[OURS]
    assert (hidden["consent"], hidden["position"]) == (False, None)
    assert code_of(post_fixes(service, now, fix(noon() + timedelta(seconds=9)))) == "no_consent"
    with service.runtime.database.read() as connection:
        said = connection.execute(select(looks.c.details).where(looks.c.action == "position_consent")).scalars().all()
        told = connection.scalars(select(live_items.c.kind)).all()
    assert [one["given"] for one in said] == [True, False]
    assert sorted(told) == ["consent", "consent"]  # the position went with the consent
    assert count(service, last_positions) == 0


def test_a_consent_to_other_words_is_none(sqlite_service: Service) -> None:
    live_service(sqlite_service)
    body = {"given": True, "terms": "2020-1"}
    assert sqlite_service.ask("PUT", "/api/v1/live/consent", by="ours", json=body).status_code == 409
    asked = sqlite_service.ask("GET", "/api/v1/live/consent", by="ours").json()
    assert (asked["given"], asked["at"]) == (False, None)


def test_each_fix_that_is_not_kept_is_named_with_its_reason(service: Service) -> None:
    live_service(service)
    consent(service)
    now = noon().replace(hour=20)
    route = round_of()
    fixes = [
        fix(noon()),
        fix(noon().replace(hour=5)),  # before the shift, which begins at 07:00
        fix(noon().replace(hour=19)),  # after it
        fix(noon(), lon=2.35, lat=48.85, at=(noon() + timedelta(seconds=1)).isoformat()),  # Paris
        fix(now + timedelta(seconds=5)),
        fix(route.trips[0].departs),
    ]
    answer = post_fixes(service, now, *fixes)
    found = answer.json()
    assert (found["accepted"], found["duplicate"]) == (2, 0), answer.text
    assert [(one["index"], one["code"]) for one in found["refused"]] == [
        (1, "outside_shift"), (2, "outside_shift"), (3, "outside_area"), (4, "in_future"),
    ]  # fmt: skip
    assert count(service, positions) == 2


def test_the_same_batch_again_changes_nothing_and_an_older_fix_is_not_the_last(service: Service) -> None:
    live_service(service)
    consent(service)
    now = noon() + timedelta(minutes=1)
    batch = [fix(noon()), fix(noon() - timedelta(minutes=5)), fix(noon())]
    for accepted, duplicate in ((2, 1), (0, 3)):
        found = post_fixes(service, now, *batch).json()
        assert (found["accepted"], found["duplicate"]) == (accepted, duplicate)
    assert post_fixes(service, now, fix(noon() - timedelta(minutes=9))).json()["accepted"] == 1
    assert progress(service, now)[OURS]["position"]["age"] == 60
    assert count(service, positions) == 3
    with service.runtime.database.read() as connection:
        told = select(func.count()).where(live_items.c.kind == "position")
        assert connection.scalar(told) == 1


def test_a_wrong_clock_is_marked_and_its_fixes_are_as_old_as_it_says(sqlite_service: Service) -> None:
    live_service(sqlite_service)
    consent(sqlite_service)
    late = 9 * 60.0  # its clock shows 03:00 at noon, when no shift is
    found = post_fixes(sqlite_service, noon(), fix(noon() - timedelta(minutes=late + 2)), behind=late).json()
    assert (found["accepted"], found["clock_is_wrong"]) == (1, True)
    shown = progress(sqlite_service, noon())[OURS]["position"]
    assert (shown["clock_is_wrong"], shown["age"]) == (True, 120)
    assert post_fixes(sqlite_service, noon(), fix(noon()), behind=1).json()["clock_is_wrong"] is False


def test_after_the_shift_nobody_sees_where_a_courier_was(sqlite_service: Service) -> None:
    live_service(sqlite_service)
    consent(sqlite_service)
    post_fixes(sqlite_service, noon(), fix(noon()))
    assert progress(sqlite_service, noon().replace(hour=21))[OURS]["position"] is None


@pytest.mark.parametrize("case", ["no-device", "no-plan", "no-round", "too-many"])
def test_a_batch_that_cannot_be_taken_says_why(sqlite_service: Service, case: str) -> None:
    live_service(sqlite_service)
    body = {"day": DAY, "sent_at": noon().isoformat(), "fixes": [fix(noon())]}
    by, wanted = "ours", (409, "no_round")
    if case == "no-device":
        by, wanted = "courier", (403, "forbidden")
    elif case == "no-plan":
        body["day"] = "2026-11-26"
    elif case == "no-round":
        from tests.api.service.custody_made import with_device

        with_device(sqlite_service, "courier", "D9")  # BT-01 drives nothing that day
        by = "courier"
    else:
        body["fixes"], wanted = [fix(noon())] * 501, (422, "invalid_request")
    answer = sqlite_service.ask("POST", "/api/v1/live/positions", by=by, json=body)
    assert (answer.status_code, code_of(answer)) == wanted


@pytest.mark.slow
def test_progress_is_shown_to_those_of_the_office_and_every_look_is_noted(service: Service) -> None:
    live_service(service)
    assert set(progress(service, noon())) == {OURS}
    assert set(progress(service, noon(), by="other-dispatcher")) == {THEIRS}
    assert {OURS, THEIRS} < set(progress(service, noon(), by="head-dispatcher"))
    answer = service.ask("GET", f"/api/v1/live/progress?day={DAY}", by="far-dispatcher")
    assert answer.status_code == 404
    with service.runtime.database.read() as connection:
        seen = connection.scalars(select(looks.c.details).where(looks.c.action == "live_progress")).all()
    assert [one["couriers"] for one in seen[:2]] == [[OURS], [THEIRS]]


def test_a_day_driven_with_custody_events_is_what_one_counts_by_hand(service: Service) -> None:
    """Each stop in turn is served, ten minutes later than planned; the fourth in vain; the last two are left."""
    live_service(service)
    stops = round_of().trips[0].stops
    assert len(stops) == 8
    codes = sorted({task.shipment for stop in stops for task in stop.tasks})
    service.runtime.writer.write_now(lambda connection: add_shipments(connection, *codes))
    ten, counter = timedelta(minutes=10), 0
    for number, stop in enumerate(stops[:6]):
        moment = stop.leaves + ten
        for task in stop.tasks:
            counter += 1
            kind = "DELIVER" if str(task.action) == "deliver" else "ACCEPT"
            data: dict[str, Any] = {"courier_id": OURS}
            if number == 3:
                kind, data = "ATTEMPT", {**data, "reason": "no_time", "action": "try_again"}
            event = made(kind, counter, code=task.shipment, at=moment.isoformat(), data=data)
            assert send(service, event, by="ours")[0]["verdict"] in {"accepted", "incomplete"}
        reached = progress(service, moment)[OURS]
        failed = 1 if number >= 3 else 0
        assert (reached["done"], reached["failed"], reached["left"]) == (number + 1 - failed, failed, 7 - number)
    last = stops[5].leaves + ten
    reached = progress(service, last)[OURS]
    assert reached["late_minutes"] == 10  # nothing waits on this round: ten minutes stay ten minutes
    assert reached["late_at_end_minutes"] == 10
    assert datetime.fromisoformat(reached["expected_return"]) == _within_a_second(round_of().trips[0].returns + ten)
    states = [one["state"] for one in reached["stops"]]
    assert states == ["done"] * 3 + ["failed"] + ["done"] * 2 + ["left"] * 2
    silent = progress(service, stops[6].leaves + timedelta(minutes=45))[OURS]
    assert silent["late_minutes"] == 45


def _within_a_second(moment: datetime) -> Any:
    """The clock's offset of the sender is some milliseconds."""

    class Near:
        def __eq__(self, other: object) -> bool:
            return isinstance(other, datetime) and abs(other - moment) < timedelta(seconds=5)

        def __hash__(self) -> int:
            return 0

    return Near()


def test_messages_go_both_ways_and_are_read_once(service: Service) -> None:
    live_service(service)
    first = say(service, "dispatcher", "come_back", "", (OURS,))
    assert first.status_code == 201, first.text
    sent = first.json()["messages"][0]
    assert sent["words"] == {"vi": "Hãy quay về bưu cục.", "en": "Come back to the base."}
    answered = say(service, "ours", "breakdown", "lốp sau").json()["messages"][0]
    listed = service.ask("GET", "/api/v1/live/messages", by="ours").json()["messages"]
    assert [one["message_id"] for one in listed] == [answered["message_id"], sent["message_id"]]
    unread = service.ask("GET", "/api/v1/live/messages?unread=true", by="dispatcher").json()["messages"]
    assert [one["message_id"] for one in unread] == [answered["message_id"]]
    path = f"/api/v1/live/messages/{sent['message_id']}/read"
    assert service.ask("POST", path, by="dispatcher").status_code == 404  # it was not for them
    read = [service.ask("POST", path, by="ours").json() for _ in range(2)]
    assert read[0]["read_at"] is not None
    assert read[0] == read[1]
    assert service.ask("GET", "/api/v1/live/messages?unread=true", by="ours").json()["messages"] == []


def test_a_message_sent_again_is_said_once_and_its_id_is_good_for_no_other(service: Service) -> None:
    live_service(service)
    message_id = new_id()
    answers = [say(service, "head-dispatcher", to=(OURS, THEIRS), message_id=message_id) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(answers[0].json()["messages"]) == count(service, live_messages) == 2
    assert say(service, "head-dispatcher", text="khác", to=(OURS, THEIRS), message_id=message_id).status_code == 409
    assert say(service, "ours", message_id=message_id).status_code == 409


def test_nobody_speaks_with_or_reads_couriers_of_others(service: Service) -> None:
    live_service(service)
    assert say(service, "dispatcher", to=(OURS, THEIRS)).status_code == 404
    assert say(service, "far-dispatcher", to=(OURS,)).status_code == 404
    assert count(service, live_messages) == 0
    say(service, "ours")
    message_id = say(service, "dispatcher", to=(OURS,)).json()["messages"][0]["message_id"]
    for login, number in (("dispatcher", 2), ("head-dispatcher", 2), ("ours", 2)):
        assert len(service.ask("GET", "/api/v1/live/messages", by=login).json()["messages"]) == number, login
    for login in ("other-dispatcher", "far-dispatcher", "theirs"):
        assert service.ask("GET", "/api/v1/live/messages", by=login).json()["messages"] == [], login
        assert service.ask("POST", f"/api/v1/live/messages/{message_id}/read", by=login).status_code == 404


@pytest.mark.parametrize(
    ("by", "kind", "text", "to"),
    [
        ("dispatcher", "text", "  ", (OURS,)),
        ("dispatcher", "breakdown", "", (OURS,)),
        ("dispatcher", "ok", "", ()),
        ("ours", "come_back", "", ()),
        ("ours", "ok", "", (OURS,)),
    ],
    ids=["empty", "courier's-word", "to-nobody", "dispatcher's-word", "to-a-courier"],
)
def test_what_makes_no_sense_is_refused(
    sqlite_service: Service, by: str, kind: str, text: str, to: tuple[str, ...]
) -> None:
    live_service(sqlite_service)
    assert say(sqlite_service, by, kind, text, to).status_code == 409
    assert say(sqlite_service, "ours", text="x" * 1_001).status_code == 422


def test_a_courier_who_drives_from_another_base_today_is_reached_from_there(sqlite_service: Service) -> None:
    live_service(sqlite_service)
    with clock_at(noon()):
        # `courier` (BT-01) has no round, but an account of OFFICE; `theirs` drives from OTHER_OFFICE.
        assert say(sqlite_service, "dispatcher", to=("BT-01",)).status_code == 201
        assert say(sqlite_service, "other-dispatcher", to=(THEIRS,)).status_code == 201
        assert say(sqlite_service, "other-dispatcher", to=("BT-01",)).status_code == 404


def test_messages_are_listed_by_cursor(service: Service) -> None:
    live_service(service)
    sent = [say(service, "dispatcher", text=str(n), to=(OURS,)).json()["messages"][0]["text"] for n in range(5)]
    found, after = [], ""
    while True:
        page = service.ask("GET", f"/api/v1/live/messages?limit=2{after}", by="dispatcher").json()
        found += [one["text"] for one in page["messages"]]
        if page["next_after"] is None:
            break
        after = f"&after={page['next_after']}"
    assert found == sent[::-1]


def test_positions_and_messages_are_gone_after_their_days(service: Service) -> None:
    live_service(service)
    consent(service)
    post_fixes(service, noon(), fix(noon()))
    say(service, "dispatcher", to=(OURS,))
    tables = (positions, last_positions, live_messages, live_items)
    latest = max(datetime.now(UTC), noon())
    run_retention(service.runtime.database, service.runtime.settings, latest + timedelta(days=31))
    assert [count(service, table) for table in tables] == [0, 0, 0, 0]
    # The numbers go on: a cursor from before never meets them again.
    with service.runtime.database.read() as connection:
        assert connection.scalar(select(live_heads.c.number)) == 3
