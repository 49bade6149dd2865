"""The stream of the day: after any disconnect each item once and in order, and only to whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, update

from api.auth.roles import Role, Scope, Who
from api.auth.store import add_province, end_sessions
from api.custody.tables import events, ledger
from api.ids import new_id
from api.live.feed import cursor_of, cursor_text, heads_of, read_after
from api.live.feed_store import tell
from api.live.tables import live_heads
from tests.api.service.live_made import OURS, live_service, say
from tests.api.service.running import OFFICE, OTHER_OFFICE, Service

AT = datetime(2026, 11, 25, 5, tzinfo=UTC)
ITEMS = st.tuples(
    st.sampled_from(["told", "custody"]), st.sampled_from(["C1", "C2", None]),
    st.sampled_from([OFFICE, OTHER_OFFICE, None]), st.booleans(),
)  # fmt: skip
STEPS = st.lists(st.one_of(ITEMS, st.tuples(st.integers(1, 4), st.integers(0, 5))), max_size=30)
"""Something happens; or a listener reads so many at once, and loses its line after so many items."""


def _record(connection: Connection, province_id: str, courier_id: str | None, office: str | None) -> None:
    size = connection.execute(update(ledger).values(size=ledger.c.size + 1).returning(ledger.c.size)).scalar_one()
    record = f'{{"type":"OUT","shipments":["S1"],"at":"x","data":{{"n":{size}}}}}'
    connection.execute(
        insert(events).values(
            seq=size - 1, event_id=new_id(), province_id=province_id, office=office, sent_by="x", recorded_at=AT,
            record=record, leaf=b"", hash=b"", is_open=0,
        )
    )  # fmt: skip


def _may_see(who: str, item: tuple[str, str | None, str | None, bool]) -> bool:
    """By hand: head sees all; an office what is its own; a courier what is told to them."""
    feed, courier_id, base_id, for_courier = item
    if who == "head":
        return True
    if who == "office":
        return base_id == OFFICE or (feed == "custody" and base_id is None)
    return feed == "told" and courier_id == "C1" and for_courier


def _whos(province_id: str) -> dict[str, Who]:
    def who(role: Role, *offices: str, courier_id: str | None = None) -> Who:
        return Who("u", "U", role, Scope(province_id, frozenset(offices)), "s", courier_id)

    return {
        "head": who(Role.DISPATCHER), "office": who(Role.DISPATCHER, OFFICE),
        "courier": who(Role.COURIER, OFFICE, courier_id="C1"),
    }  # fmt: skip


def test_after_any_disconnect_each_item_comes_once_and_in_order(service: Service) -> None:  # noqa: C901
    runtime = service.runtime

    @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def check(steps: list[Any]) -> None:
        province_id = new_id()
        runtime.writer.write_now(lambda connection: add_province(connection, province_id, "P"))
        whos = _whos(province_id)
        with runtime.database.read() as connection:
            start = cursor_text(heads_of(connection, province_id))
        kept, found = dict.fromkeys(whos, start), {name: [] for name in whos}  # type: ignore[var-annotated]
        happened: dict[str, list[Any]] = {"told": [], "custody": []}

        def listen(name: str, most: int, loses_after: int) -> bool:
            """Read once from the cursor that was kept; returns whether others wait."""
            with runtime.database.read() as connection:
                cursor = cursor_of(kept[name], heads_of(connection, province_id))
                assert cursor is not None
                read = read_after(connection, whos[name], province_id, cursor, most=most)
            for seen, item in read.items[:loses_after]:
                kept[name] = cursor_text(seen)
                found[name].append(("custody" if item.kind == "custody" else "told", item.number))
            if loses_after >= len(read.items):
                kept[name] = cursor_text(read.cursor)
            return read.more

        for step in [*steps, (3, 99)]:
            if len(step) == 4:
                number = runtime.writer.write_now(_happens(province_id, step))
                happened[step[0]].append((step, number))
                continue
            for name in whos:
                while listen(name, *step) and step[1] == 99:
                    pass
        for name in whos:
            for feed, all_of_it in happened.items():
                wanted = [number for item, number in all_of_it if _may_see(name, item)]
                assert [number for of, number in found[name] if of == feed] == wanted, (name, feed)

    check()


def _happens(province_id: str, item: tuple[str, str | None, str | None, bool]) -> Callable[[Connection], int]:
    feed, courier_id, base_id, for_courier = item

    def write(connection: Connection) -> int:
        if feed == "told":
            more: dict[str, Any] = {"courier_id": courier_id, "base_id": base_id, "for_courier": for_courier}
            return tell(connection, province_id, "message", {}, at=AT, **more)
        _record(connection, province_id, courier_id, base_id)
        return heads_of(connection, province_id)[1]

    return write


def stream(service: Service, by: str, cursor: str | None = None) -> list[tuple[str, str]]:
    """What is there after a cursor: (id, kind) of each event."""
    headers = {"Last-Event-ID": cursor} if cursor is not None else {}
    answer = service.ask("GET", "/api/v1/live/stream?seconds=0", by=by, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    found = []
    for block in answer.text.split("\n\n")[:-1]:
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((lines["id"], lines["event"]))
    return found


def test_messages_come_to_both_sides_and_to_nobody_else(service: Service) -> None:
    live_service(service)
    listeners = ("dispatcher", "head-dispatcher", "ours", "other-dispatcher", "theirs", "far-dispatcher")
    cursors = {}
    for login in listeners:
        [(cursors[login], kind)] = stream(service, login)
        assert kind == "open"
    say(service, "dispatcher", to=(OURS,))
    message_id = say(service, "ours").json()["messages"][0]["message_id"]
    service.ask("POST", f"/api/v1/live/messages/{message_id}/read", by="head-dispatcher")
    for login in listeners[:3]:
        found = stream(service, login, cursors[login])
        assert [kind for _, kind in found] == ["message", "message", "read"], login
        assert stream(service, login, found[0][0]) == found[1:], login
        assert stream(service, login, found[-1][0]) == [], login
    for login in listeners[3:]:
        assert stream(service, login, cursors[login]) == [], login


def test_a_cursor_of_a_database_that_was_restored_is_answered_with_reset(service: Service) -> None:
    live_service(service)
    say(service, "dispatcher", to=(OURS,))
    [(cursor, _)] = stream(service, "dispatcher")
    service.runtime.writer.write_now(lambda connection: connection.execute(update(live_heads).values(number=0)))
    assert [kind for _, kind in stream(service, "dispatcher", cursor)] == ["reset"]


def test_nothing_is_told_to_a_session_that_is_over(sqlite_service: Service) -> None:
    service = live_service(sqlite_service)
    with service.runtime.database.read() as connection:
        from api.auth.store import find_user

        user = find_user(connection, login="dispatcher")
    assert user is not None
    token = service.token("dispatcher")
    [(cursor, _)] = stream(service, "dispatcher")
    say(service, "ours")
    service.runtime.writer.write_now(lambda c: end_sessions(c, datetime.now(UTC), user_id=user.user_id))
    service.runtime.callers.forget()
    headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": cursor}
    assert service.client.get("/api/v1/live/stream?seconds=0", headers=headers).status_code == 401
