"""The queue of doubtful events: seen, explained, counted, mended by later facts or by a decision that is noted."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from api.auth.tables import looks
from api.custody.invitations import is_rural
from api.custody.mending import mend_of
from api.custody.queue_store import erase_refused
from api.custody.rejudging import REJUDGED
from api.custody.tables import quarantine
from api.network.tables import network_rows, network_versions
from tests.api.service.custody_made import (
    add_shipments,
    jpeg,
    made,
    name_of,
    proof,
    send,
    user_id_of,
    verdicts,
    with_device,
)
from tests.api.service.running import OFFICE, PROVINCE, Service

QUEUE, REFUSED = "/api/v1/custody/incomplete", "/api/v1/custody/refused"
SITE, COURIER = {"site_id": OFFICE}, {"courier_id": "BT-01"}
NO_ACTION = {**COURIER, "reason": "no_time"}
NOTICE = {**SITE, "notice_no": "M1"}


def open_codes(service: Service) -> dict[str, list[str]]:
    shown = service.ask("GET", QUEUE, by="dispatcher").json()["events"]
    return {one["event_id"]: [piece["code"] for piece in one["pieces"]] for one in shown}


def days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def put_settings(service: Service, version: int, at: datetime, content: dict[str, Any], *off: date) -> None:
    """A version of the province's network, as far as the rules of custody read it."""

    def write(connection: Any) -> None:
        connection.execute(
            insert(network_versions).values(
                province_id=PROVINCE, version=version, at=at, note="", sha256="0" * 64, began=1, ended=0
            )
        )
        rows = [("settings", "settings", content)]
        rows += [("calendar", day.isoformat(), {"date": day.isoformat(), "kind": "holiday"}) for day in off]
        row = {"province_id": PROVINCE, "valid_from": "0001-01-01", "valid_to": "9999-12-31"}
        connection.execute(
            network_rows.update().where(network_rows.c.until_version.is_(None)).values(until_version=version)
        )
        connection.execute(
            insert(network_rows),
            [{**row, "sheet": s, "row_key": k, "content": c, "since_version": version} for s, k, c in rows],
        )

    service.runtime.writer.write_now(write)


def test_a_hand_over_that_comes_late_clears_what_contradicted_it(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    arrive = made("ARRIVE", 2, data={**SITE, "scanned": ["S1"]}, at=days_ago(1))
    out = made("OUT", 3, data={**COURIER, "scanned": ["S1"]}, at=days_ago(0.5))
    assert verdicts(send(service, out)) == [("incomplete", ["custody_elsewhere"])]
    send(service, arrive)  # from nobody to a site: now this one is doubtful, and the round is not
    assert open_codes(service) == {arrive["event_id"]: ["custody_elsewhere"]}


def test_a_late_fact_makes_an_accepted_event_doubtful(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    send(service, made("ARRIVE", 1, data={**SITE, "scanned": ["S1"]}, at=days_ago(3)))
    second = made("OUT", 3, data={**COURIER, "scanned": ["S1"]}, at=days_ago(1))
    assert verdicts(send(service, second)) == [("accepted", [])]
    send(service, made("OUT", 2, data={**COURIER, "scanned": ["S1"]}, at=days_ago(2)))
    assert open_codes(service)[second["event_id"]] == ["custody_elsewhere"]


def test_a_correction_takes_an_event_out_of_the_queue_and_its_correction_puts_it_back(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    wrong = made("ATTEMPT", 1, data=NO_ACTION, at=days_ago(1))
    send(service, wrong)
    data = {"who": user_id_of(service, "courier"), "why": "nhầm", "correction": "did_not_occur"}
    void = made("CORRECT", 2, data=data, replaces=wrong["event_id"])
    send(service, void)
    assert open_codes(service) == {}
    looked = service.ask("GET", f"{QUEUE}/{wrong['event_id']}", by="auditor").json()
    assert (looked["is_open"], looked["settled_by"], looked["pieces"][0]["code"]) == (False, None, "missing_action")
    send(service, made("CORRECT", 3, data=data, replaces=void["event_id"]))
    assert list(open_codes(service)) == [wrong["event_id"]]


def test_an_event_is_explained_settled_with_a_note_and_comes_back_for_something_new(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    send(service, made("OUT", 2, data={**COURIER, "scanned": ["S1"]}, at=days_ago(3)))
    event = made("ATTEMPT", 4, data=NO_ACTION, at=days_ago(1))
    assert verdicts(send(service, event)) == [("incomplete", ["missing_action"])]
    path = f"{QUEUE}/{event['event_id']}"
    for login, status in (("other-dispatcher", 404), ("far-dispatcher", 404), ("auditor", 403), ("desk", 403)):
        assert service.ask("POST", f"{path}/settled", by=login, json={"note": "x"}).status_code == status
    assert service.ask("GET", path, by="far-dispatcher").status_code == 404
    assert service.ask("POST", f"{path}/settled", by="dispatcher", json={"note": "đã gọi"}).status_code == 204
    assert service.ask("POST", f"{path}/settled", by="dispatcher", json={"note": "lại"}).status_code == 404
    decided = service.ask("GET", f"{path}?province={PROVINCE}", by="admin").json()
    assert (decided["is_open"], decided["note"]) == (False, "đã gọi")
    with service.runtime.database.read() as connection:
        noted = connection.execute(select(looks).where(looks.c.action == "event_settled")).one()
    assert (noted.subject, noted.province_id, noted.details) == (event["event_id"], PROVINCE, None)
    send(service, made("ATTEMPT", 5, data={**NO_ACTION, "action": "try_again"}, at=days_ago(0.9)))
    assert event["event_id"] not in open_codes(service)  # the same speaks against it as before
    send(service, made("ARRIVE", 3, data={**SITE, "scanned": ["S1"]}, at=days_ago(2)))
    looked = service.ask("GET", path, by="dispatcher").json()
    codes = ["missing_action", "custody_elsewhere"]
    assert (looked["is_open"], looked["settled_by"], looked["note"]) == (True, None, "đã gọi")
    assert [(piece["code"], piece["shipment"]) for piece in looked["pieces"]] == [(codes[0], None), (codes[1], "S1")]
    assert [piece["mend_en"] for piece in looked["pieces"]] == [mend_of(code)[1] for code in codes]
    assert looked["record"]["event_id"] == event["event_id"]


def test_the_counters_count_what_the_queue_shows(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    photo = {**COURIER, "reason": "other", "action": "try_again", "note": "x", "photos": ["ab" * 32]}
    send(service, made("ATTEMPT", 1, data=NO_ACTION), made("ATTEMPT", 2, data=photo), {"type": "??"})
    counted = service.ask("GET", f"{QUEUE}/counts", by="dispatcher").json()
    assert (counted["open"], counted["awaiting_files"], counted["refused"]) == (2, 1, 1)
    assert counted["by_piece"] == {"missing_action": 1}
    empty = service.ask("GET", f"{QUEUE}/counts", by="other-dispatcher").json()
    assert (empty["open"], empty["refused"], empty["oldest"]) == (0, 0, None)


def test_what_was_refused_is_shown_revealed_with_a_note_and_erased(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    send(service, {"name": "Nguyễn Văn A"}, {"name": "Trần B"})
    shown = service.ask("GET", REFUSED, by="auditor")
    assert "Nguyễn" not in shown.text
    first, second = shown.json()["events"]
    assert first["pieces"][0]["code"] == "malformed"
    path = f"{REFUSED}/{first['quarantine_id']}"
    came = service.ask("GET", path, by="dispatcher").json()["content"]
    assert json.loads(came) == {"name": "Nguyễn Văn A"}
    assert service.ask("GET", path, by="other-dispatcher").status_code == 404
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert service.runtime.writer.write_now(lambda c: erase_refused(c, later)) == 2
    assert service.runtime.writer.write_now(lambda c: erase_refused(c, later)) == 0
    assert service.ask("GET", path, by="dispatcher").json()["content"] == ""
    with service.runtime.database.read() as connection:
        names = set(connection.scalars(select(quarantine.c.sha256)))
        assert "refused_revealed" in set(connection.scalars(select(looks.c.action)))
    assert names == {f"erased-{one['quarantine_id']}" for one in (first, second)}


def test_every_piece_that_depends_on_others_says_what_would_mend_it() -> None:
    usual = mend_of("missing_photo")
    assert all(mend_of(code) != usual for code in REJUDGED)


def invited(service: Service, code: str, first: datetime, days: int, counter: int) -> list[tuple[str, list[str]]]:
    """Two invitations some days apart; the verdict of the second."""
    one = made("INVITE_1", counter, code=code, data=NOTICE, at=first.isoformat())
    two = made("INVITE_2", counter + 1, code=code, data=NOTICE, at=(first + timedelta(days=days)).isoformat())
    arrive = made(
        "ARRIVE", counter - 1, code=code, data={**SITE, "scanned": [code]},
        at=(first - timedelta(hours=1)).isoformat(),
    )  # fmt: skip
    send(service, arrive, one)
    return verdicts(send(service, two))


MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)


def test_invitations_are_judged_by_the_settings_of_their_moment(service: Service) -> None:
    """Monday and Wednesday: two working days by law; three are wanted from Tuesday of the next week on."""
    with_device(service, "courier", "D1", "S1", "S2", "S3")
    assert invited(service, "S1", MONDAY, 2, 2) == [("accepted", [])]
    put_settings(service, 1, MONDAY - timedelta(days=30), {}, date(2026, 3, 4))
    put_settings(service, 2, MONDAY + timedelta(days=8), {"attempts": {"gap_days": 3}})
    assert invited(service, "S2", MONDAY, 2, 12) == [("incomplete", ["invited_too_soon"])]  # Wednesday is a holiday
    assert invited(service, "S3", MONDAY + timedelta(days=14), 2, 22) == [("incomplete", ["invited_too_soon"])]


def test_storage_is_the_provinces_and_longer_in_the_country(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    service.runtime.writer.write_now(lambda connection: add_shipments(connection, "T1"))
    put_settings(service, 1, MONDAY - timedelta(days=30), {"storage": {"town_days": 10, "rural_days": 20}})
    assert invited(service, "S1", MONDAY, 2, 2) == [("accepted", [])]
    days = 20 if is_rural("30307", MONDAY.date()) else 10

    def hold(counter: int, until: int) -> list[str]:
        data = {**NOTICE, "held_until": (MONDAY.date() + timedelta(days=until)).isoformat()}
        event = made("HOLD", counter, data=data, at=(MONDAY + timedelta(days=3)).isoformat())
        return verdicts(send(service, event))[0][1]

    assert (hold(4, days), hold(5, days - 1)) == ([], ["held_too_short"])


def test_evidence_is_what_the_province_asks_for(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    put_settings(service, 1, MONDAY, {"evidence": {"outcomes": {"ATTEMPT": ["party", "reason"]}}})
    put_settings(service, 2, MONDAY + timedelta(days=7), {"evidence": {"reasons": {"no_time": ["note"]}}})
    asked = [
        verdicts(send(service, made("ATTEMPT", number, data=NO_ACTION, at=(MONDAY + timedelta(days=day)).isoformat())))
        for number, day in ((1, 1), (2, 8))
    ]
    found = [[code for code in codes if code.startswith("missing")] for ((_, codes),) in asked]
    assert found == [[], ["missing_action", "missing_note"]]


def test_a_duplicate_is_told_what_the_event_lacks_by_now(service: Service) -> None:
    """Each answer is that to a phone whose first answer was lost."""
    with_device(service, "courier", "D1", "S1")
    picture = jpeg(b"anh")
    event = made("ATTEMPT", 2, data={**NO_ACTION, "photos": [name_of(picture)]}, evidence=[name_of(picture)])
    first = verdicts(send(service, event))
    assert first == [("incomplete", ["missing_action", "missing_file"])]
    assert verdicts(send(service, event)) == [("duplicate", ["missing_action", "missing_file"])]
    answer = proof(service, [event, event], [picture])
    assert verdicts(answer.json()["answers"]) == [("duplicate", ["missing_action"])] * 2
    looked = service.ask("GET", f"{QUEUE}/{event['event_id']}", by="dispatcher").json()
    assert (looked["evidence"], looked["awaits"]) == ([name_of(picture)], [])
    mended = made(
        "ATTEMPT", 3, data={**NO_ACTION, "action": "try_again", "why": "ghi thiếu"}, replaces=event["event_id"]
    )
    assert verdicts(send(service, event, mended, event)) == [("duplicate", []), ("accepted", []), ("duplicate", [])]


def test_a_duplicate_says_nothing_more_once_somebody_has_decided(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    event = made("ATTEMPT", 1, data=NO_ACTION)
    assert verdicts(send(service, event, event)) == [
        ("incomplete", ["missing_action"]),
        ("duplicate", ["missing_action"]),
    ]
    service.ask("POST", f"{QUEUE}/{event['event_id']}/settled", by="dispatcher", json={"note": "đã hỏi"})
    assert verdicts(send(service, event)) == [("duplicate", [])]
