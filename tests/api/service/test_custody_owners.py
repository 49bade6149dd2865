"""Who may say what in an event, over HTTP: devices that are shared, handed over, replaced; desks that move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select, update

from api.auth.device_store import revoke_device
from api.auth.people import change_user
from api.auth.roles import Role
from api.auth.store import find_user
from api.auth.tables import devices, user_office_terms
from api.custody.answers import ON_ITS_WAY
from api.custody.signing import CURVE
from api.custody.tables import custody, events, quarantine
from tests.api.service.custody_made import add_device, add_person, made, send, user_id_of, verdicts, with_device
from tests.api.service.running import COURIER, OFFICE, OTHER_OFFICE, Service

OWN = {"courier_id": COURIER, "reason": "no_time", "action": "try_again"}
BAG = {"bag_id": "T1", "seal": "N2", "count": 1}
EARLY: dict[str, Any] = {"at": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}


def by_desk(counter: int, kind: str = "BAG", *, device_id: str = "DK", **fields: Any) -> dict[str, Any]:
    data = {"site_id": OFFICE, **BAG, **fields.pop("data", {})}
    return made(kind, counter, device_id=device_id, data=data, **fields)


def count(service: Service, table: Any) -> int:
    with service.runtime.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def codes(answers: list[dict[str, Any]]) -> list[list[str]]:
    return [found for _, found in verdicts(answers)]


def test_a_courier_speaks_for_nobody_else_and_the_rest_of_the_batch_is_taken(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    answers = send(
        service,
        made("ATTEMPT", 1, data={**OWN, "courier_id": "BT-02"}),
        made("ATTEMPT", 2, data=OWN),
        made("BAG", 3, data={**BAG, "site_id": OTHER_OFFICE}),
        made("CORRECT", 4, data={"who": user_id_of(service, "desk")}),
        made("ATTEMPT", 5, data=OWN),
    )
    refused = ("refused", ["not_the_owner"])
    assert verdicts(answers) == [refused, ("accepted", []), refused, refused, ("accepted", [])]
    assert all(piece["message_vi"] and piece["message_en"] for answer in answers for piece in answer["pieces"])
    with service.runtime.database.read() as connection:
        assert set(connection.scalars(select(quarantine.c.reason))) == {"not_the_owner"}
    assert (count(service, events), count(service, quarantine), count(service, custody)) == (2, 3, 1)


def test_a_desk_says_it_from_its_browser_or_its_device(service: Service) -> None:
    """A log-in by password has no device; the page signs with the computer's key all the same."""
    with_device(service, "courier", "D1", "S1")
    token = service.token("desk")
    with_device(service, "desk", "DK")
    for number, access in enumerate((token, service.token("desk"))):
        service.tokens["desk"] = access
        own, others = by_desk(2 * number), by_desk(2 * number + 1, data={"site_id": OTHER_OFFICE})
        found = verdicts(send(service, own, others, by="desk"))
        assert found[0][0] != "refused"
        assert "sent_by_another" not in found[0][1]
        assert found[1] == ("refused", ["not_the_owner"])


def test_a_desk_that_moved_is_judged_by_where_it_worked_then(service: Service) -> None:
    with_device(service, "desk", "DK", "S1")
    hours = timedelta(hours=1)

    def move(connection: Any) -> None:
        moved = datetime.now(UTC)
        connection.execute(update(user_office_terms).values(since=moved - 5 * hours))
        desk = find_user(connection, login="desk")
        assert desk is not None
        change_user(connection, desk, moved - 2 * hours, offices=[OTHER_OFFICE])

    service.runtime.writer.write_now(move)
    with_device(service, "desk", "DN")  # logs in again, at the new desk
    then, now = (datetime.now(UTC) - 3 * hours).isoformat(), datetime.now(UTC).isoformat()
    service.runtime.writer.write_now(lambda c: _enrolled_at(c, datetime.now(UTC) - 5 * hours))
    answers = send(
        service,
        by_desk(1, device_id="DN", at=then),
        by_desk(2, device_id="DN", at=now),
        by_desk(3, device_id="DN", at=then, data={"site_id": OTHER_OFFICE}),
        by_desk(4, device_id="DN", at=now, data={"site_id": OTHER_OFFICE}),
        by="desk",
    )
    assert ["not_the_owner" in found for found in codes(answers)] == [False, True, True, False]


def _enrolled_at(connection: Any, at: datetime) -> None:
    connection.execute(update(devices).values(enrolled_at=at))


def test_terms_follow_every_change_of_offices(service: Service) -> None:
    def write(connection: Any) -> None:
        for offices in ([OFFICE, OTHER_OFFICE], [OTHER_OFFICE], [], [OFFICE]):
            desk = find_user(connection, login="desk")
            assert desk is not None
            change_user(connection, desk, datetime.now(UTC), offices=offices)

    service.runtime.writer.write_now(write)
    user_id = user_id_of(service, "desk")
    with service.runtime.database.read() as connection:
        rows = connection.execute(select(user_office_terms).where(user_office_terms.c.user_id == user_id)).all()
    assert sorted((row.site_id, row.until is None) for row in rows) == [
        (OTHER_OFFICE, False), (OFFICE, False), (OFFICE, True),
    ]  # fmt: skip


def test_two_clerks_share_the_computer_of_a_desk(service: Service) -> None:
    with_device(service, "desk", "DK", "S1")
    add_person(service, "colleague", Role.DESK)
    mine = {"who": user_id_of(service, "colleague"), "why": "nhầm", "correction": "did_not_occur"}
    event = by_desk(1)
    answers = send(service, event, by_desk(2, "CORRECT", replaces=event["event_id"], data=mine), by="colleague")
    assert verdicts(answers) == [("incomplete", ["custody_elsewhere"]), ("accepted", [])]
    nobody = by_desk(3, "CORRECT", replaces=event["event_id"], data={**mine, "who": user_id_of(service, "courier")})
    assert codes(send(service, nobody, by="colleague")) == [["not_the_owner"]]


def test_the_queue_of_a_phone_that_was_handed_over_is_not_lost(service: Service) -> None:
    """The next courier's session sends what the last one signed: taken in, and looked at."""
    with_device(service, "courier", "D1", "S1")
    queued = made("ATTEMPT", 1, data=OWN, **EARLY)
    borrowed = made("ATTEMPT", 2, data={**OWN, "courier_id": "BT-02"}, **EARLY)
    service.runtime.writer.write_now(lambda c: revoke_device(c, "D1", datetime.now(UTC)))
    add_person(service, "next", Role.COURIER, "BT-02")
    key = ec.derive_private_key(0xC1, CURVE)
    service.tokens["next"] = service.runtime.writer.write_now(lambda c: add_device(c, "next", "D2", key))
    own = made("ATTEMPT", 1, key=key, device_id="D2", data={**OWN, "courier_id": "BT-02"})
    late = made("ATTEMPT", 3, data=OWN, at=(datetime.now(UTC) + 2 * ON_ITS_WAY).isoformat())
    answers = send(service, queued, borrowed, own, late, queued, by="next")
    assert verdicts(answers) == [
        ("incomplete", ["before_revocation", "sent_by_another"]),
        ("refused", ["not_the_owner"]),
        ("accepted", []),
        ("refused", ["device_revoked"]),
        ("duplicate", ["before_revocation", "sent_by_another"]),
    ]


def test_a_phone_that_was_replaced_leaves_its_queue_to_the_next_one(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    queued, unrevoked = made("ATTEMPT", 1, data=OWN, **EARLY), made("ATTEMPT", 2, data=OWN)
    key = ec.derive_private_key(0xC1, CURVE)
    service.tokens["courier"] = service.runtime.writer.write_now(lambda c: add_device(c, "courier", "D2", key))
    assert verdicts(send(service, unrevoked)) == [("incomplete", ["sent_by_another"])]
    service.runtime.writer.write_now(lambda c: revoke_device(c, "D1", datetime.now(UTC)))
    assert verdicts(send(service, queued)) == [("incomplete", ["before_revocation"])]


def test_a_device_of_another_province_is_not_known(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    assert codes(send(service, made("ATTEMPT", 1, data=OWN), by="far-dispatcher")) == [["unknown_device"]]


def test_a_hand_over_is_told_by_both_sides(service: Service) -> None:
    """The courier brings it, the desk says so in an event that follows; neither speaks for the other."""
    with_device(service, "courier", "D1", "S1")
    key = ec.derive_private_key(0xC1, CURVE)
    service.tokens["desk"] = service.runtime.writer.write_now(lambda c: add_device(c, "desk", "DK", key))
    both = {"courier_id": COURIER, "site_id": OFFICE, "seal_intact": True}
    brought = made("ARRIVE", 1, data=both)
    taken = made("ARRIVE", 1, key=key, device_id="DK", follows=brought["event_id"], data=both)
    assert [verdict for verdict, _ in verdicts(send(service, brought))] == ["incomplete"]
    (answer,) = send(service, taken, by="desk")
    assert answer["verdict"] != "refused"
    elsewhere = made("ARRIVE", 2, key=key, device_id="DK", data={**both, "site_id": OTHER_OFFICE})
    delivered = made("DELIVER", 3, key=key, device_id="DK", data={"site_id": OFFICE, "courier_id": COURIER})
    assert codes(send(service, elsewhere, delivered, by="desk")) == [["not_the_owner"]] * 2


def test_a_courier_who_corrects_a_desk_is_looked_at(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    key = ec.derive_private_key(0xC1, CURVE)
    service.tokens["desk"] = service.runtime.writer.write_now(lambda c: add_device(c, "desk", "DK", key))
    before = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    of_desk, own = by_desk(1, key=key), made("ATTEMPT", 1, data=OWN, at=before)
    send(service, of_desk, by="desk")
    said = {"who": user_id_of(service, "courier"), "why": "nhầm", "correction": "did_not_occur"}
    undo = [made("CORRECT", 2 + n, replaces=one["event_id"], data=said) for n, one in enumerate((of_desk, own))]
    assert codes(send(service, own, *undo)) == [[], ["replaces_anothers"], []]
