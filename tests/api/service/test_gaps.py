"""What a device has not told is listed by its counter; nothing is guessed behind what was last heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert

from api.custody.gap_store import gaps_of
from api.custody.tables import events
from api.db.engine import Database
from api.db.migrating import migrate
from api.ids import new_id
from tests.api.service.custody_made import add_shipments, made, send, with_device
from tests.api.service.phones import Phone
from tests.api.service.running import PROVINCE, Service
from tests.effort import draws

NOTE = {"courier_id": "BT-01", "reason": "no_time", "action": "try_again"}
START = datetime(2026, 12, 7, 1, tzinfo=UTC)


def told(counter: int, **fields: Any) -> dict[str, Any]:
    """Minute by minute of the device's clock."""
    at = (START - timedelta(days=300) + timedelta(minutes=counter)).isoformat()
    return made("ATTEMPT", counter, data=NOTE, at=at, **fields)


def asked(service: Service, query: str = "", by: str = "dispatcher", device: str = "D1") -> Any:
    return service.ask("GET", f"/api/v1/devices/{device}/gaps{query}", by=by)


DEVICE = "01936f5e-7a00-7000-8000-0000000000d1"


def test_what_is_missing_is_listed_with_what_lies_around_it(service: Service) -> None:
    with_device(service, "courier", DEVICE, "S1")
    sent = {counter: told(counter, device_id=DEVICE) for counter in (3, 4, 7, 9)}
    nothing = asked(service, device=DEVICE).json()
    assert (nothing["gaps"], nothing["last_counter"], nothing["revoked_at"]) == ([], None, None)
    send(service, sent[9], sent[3], {**sent[7], "counter": 8})  # the last one is forged: kept in quarantine
    send(service, sent[4], sent[7])
    found = asked(service, device=DEVICE).json()
    assert [(gap["first"], gap["last"]) for gap in found["gaps"]] == [(1, 2), (5, 6), (8, 8)]
    assert (found["last_counter"], found["refused"], found["next_after"]) == (9, 1, None)
    assert found["gaps"][0]["before"] is None
    around = [found["gaps"][1][side] for side in ("before", "after")]
    assert [(one["counter"], one["event_id"]) for one in around] == [(n, sent[n]["event_id"]) for n in (4, 7)]
    assert [datetime.fromisoformat(one["at"]).minute for one in around] == [4, 7]
    assert found["last_heard"] >= around[1]["recorded_at"]
    first = asked(service, "?limit=1", device=DEVICE).json()
    assert (len(first["gaps"]), first["next_after"]) == (1, 2)
    more = asked(service, f"?after={first['next_after']}", device=DEVICE).json()
    assert first["gaps"] + more["gaps"] == found["gaps"]
    send(service, told(8, device_id=DEVICE))
    assert len(asked(service, device=DEVICE).json()["gaps"]) == 2
    assert service.ask("DELETE", f"/api/v1/devices/{DEVICE}", by="dispatcher").status_code == 204
    assert asked(service, device=DEVICE).json()["revoked_at"] is not None
    for login, status in (("other-dispatcher", 404), ("far-dispatcher", 404), ("courier", 401), ("auditor", 403)):
        assert asked(service, by=login, device=DEVICE).status_code == status


def test_a_phone_that_is_enrolled_anew_misses_nothing_that_it_counted_before(service: Service) -> None:
    """At 41 it is enrolled again; 42 is mended under its old number 40, 43 and 44 are lost."""
    service.runtime.writer.write_now(lambda c: add_shipments(c, "S1"))
    phone = Phone.enrolled(service, first_counter=42)
    for counters, gaps in (((42,), []), ((45, 40), [(43, 44)])):
        events_of_it = [told(n, device_id=phone.device_id, key=phone.key) for n in counters]
        service.tokens["courier"] = phone.tokens["access_token"]
        send(service, *events_of_it)
        found = asked(service, device=phone.device_id).json()["gaps"]
        assert [(gap["first"], gap["last"]) for gap in found] == gaps
    first = Phone.enrolled(service)
    service.tokens["courier"] = first.tokens["access_token"]
    send(service, told(3, device_id=first.device_id, key=first.key))
    assert [(gap["first"], gap["last"]) for gap in asked(service, device=first.device_id).json()["gaps"]] == [(1, 2)]


def test_a_refused_event_counts_for_the_device_that_it_names_not_for_the_session(service: Service) -> None:
    """People at a desk log in by password: their session has no device."""
    with_device(service, "desk", DEVICE, "S1")
    service.tokens["desk"] = service.log_in("desk")
    event = made("ARRIVE", 1, device_id=DEVICE, data={"site_id": "BC-LX", "seal_intact": True})
    (answer,) = send(service, {**event, "counter": 2}, by="desk")
    assert answer["verdict"] == "refused"
    assert asked(service, device=DEVICE).json()["refused"] == 1


def add(connection: Connection, counters: list[int]) -> None:
    connection.execute(delete(events))
    rows = [
        {
            "seq": seq, "event_id": new_id(), "province_id": PROVINCE, "sent_by": "x", "recorded_at": START,
            "record": '{"at":"x"}', "leaf": b"", "hash": b"", "is_open": 0, "device_id": "D1", "counter": counter,
        }
        for seq, counter in enumerate(counters)
    ]  # fmt: skip
    connection.execute(insert(events), rows)


@settings(max_examples=draws(15, 400), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counters=st.lists(st.integers(0, 30), min_size=1, max_size=30), size=st.integers(1, 5), begin=st.integers(1, 9))
def test_gaps_are_what_no_event_has(sqlite_service: Service, counters: list[int], size: int, begin: int) -> None:
    """Whatever order they came in, told twice or not: page by page the same as counting by hand."""
    writer, found, after = sqlite_service.runtime.writer, [], 0
    writer.write_now(lambda connection: add(connection, counters))
    with sqlite_service.runtime.database.read() as connection:
        while page := gaps_of(connection, "D1", first=begin, after=after, limit=size):
            found += [number for gap in page for number in range(gap.first, gap.last + 1)]
            after = page[-1].last
    assert found == sorted(set(range(begin, max(counters))) - set(counters))


def test_events_of_before_the_counters_have_theirs_after_the_migration(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    migrate(database, "0006")
    record = '{"counter":41,"device_id":"D1"}'
    with database.writer.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO provinces (province_id, name) VALUES ('{PROVINCE}', 'An Giang')")
        empty = "''" if empty_database_url.startswith("postgresql") else "x''"
        connection.exec_driver_sql(
            "INSERT INTO events (seq, event_id, province_id, sent_by, recorded_at, record, leaf, hash, is_open)"
            f" VALUES (0, 'e', '{PROVINCE}', 'x', 1, '{record}', {empty}, {empty}, 0)"
        )
    migrate(database)
    with database.read() as connection:
        assert connection.execute(events.select()).one()[-2:] == ("D1", 41)
    database.close()
