"""Renewal on bad roads: an answer that was lost, two at once, a phone that has nothing left but its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, func, select, update

from api.auth.device_store import offer_challenge, take_challenge
from api.auth.limits import OF_AN_ADDRESS, count_failure
from api.auth.store import begin_session, renew_session
from api.auth.tables import challenges, devices, sessions, users
from api.auth.tokens import DEVICE_MOST, GRACE, IDLE_FOR, derived_token, token_hash
from api.custody.signing import to_base64url
from api.db.engine import Database
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import add_shipments, made, send
from tests.api.service.phones import RENEW, Phone, status_of, user_id_of
from tests.api.service.running import PASSWORD, Service

LOGIN, REFRESH = "/api/v1/auth/login", "/api/v1/auth/refresh"
AT = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
Result = TypeVar("Result")


def _write(service: Service, statement: Any) -> None:
    service.runtime.writer.write_now(lambda c: c.execute(statement))


def _logged_in(service: Service, login: str = "desk") -> dict[str, Any]:
    body: dict[str, Any] = service.client.post(LOGIN, json={"login": login, "password": PASSWORD}).json()
    return body


def _refreshed(service: Service, token: str) -> dict[str, Any]:
    answer = service.client.post(REFRESH, json={"refresh_token": token})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@contextmanager
def _meanwhile(database_url: str, work: Callable[[Connection], Result]) -> Iterator[Future[Result]]:
    """Another server does the same, while this one has not committed: it has to wait."""

    def run(database: Database) -> Result:
        with database.writer.begin() as connection:
            return work(connection)

    with closing(Database(database_url)) as database, ThreadPoolExecutor(1) as pool:
        yield pool.submit(run, database)


# An answer that was lost


def test_an_answer_that_was_lost_is_given_again(service: Service) -> None:
    first = _logged_in(service)
    lost = _refreshed(service, first["refresh_token"])
    again = _refreshed(service, first["refresh_token"])
    assert again == lost
    assert status_of(service, again["access_token"]) == 200
    after = _refreshed(service, again["refresh_token"])
    assert after["refresh_token"] != again["refresh_token"]
    assert status_of(service, after["access_token"]) == 200


@pytest.mark.parametrize(("late", "stays"), [(GRACE, True), (GRACE + timedelta(microseconds=1), False)])
def test_the_token_before_works_for_a_short_time_and_then_ends_the_session(
    service: Service, late: timedelta, stays: bool
) -> None:
    def work(connection: Connection) -> tuple[bool, int]:
        user_id = connection.execute(select(users.c.user_id).where(users.c.login == "desk")).scalar_one()
        shown = begin_session(connection, user_id, AT, lasts=IDLE_FOR).refresh
        renewed = renew_session(connection, shown, AT)
        again = renew_session(connection, shown, AT + late)
        is_open = sessions.c.ended_at.is_(None)
        left = connection.execute(select(func.count()).where(sessions.c.user_id == user_id, is_open)).scalar_one()
        return again is not None and again == renewed, left

    assert service.runtime.writer.write_now(work) == (stays, int(stays))
    looks = service.ask("GET", "/api/v1/looks").json()["looks"]
    assert ("refresh_reused" in {look["action"] for look in looks}) is not stays


def test_two_servers_that_renew_at_once_answer_the_same(service: Service, database_url: str) -> None:
    token = _logged_in(service)["refresh_token"]
    at = datetime.now(UTC)
    with service.runtime.database.writer.begin() as connection:
        one = renew_session(connection, token, at)
        with _meanwhile(database_url, lambda c: renew_session(c, token, at)) as other:
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)
            connection.commit()
            assert other.result(timeout=10) == one
    assert one is not None
    assert status_of(service, one.access) == 200
    assert _refreshed(service, one.refresh)["refresh_token"] != one.refresh


def test_the_next_token_comes_from_the_one_before_and_a_salt() -> None:
    # RFC 4231 §4.3: HMAC-SHA-256, key "Jefe", data "what do ya want for nothing?".
    digest = bytes.fromhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    assert derived_token("Jefe", "what do ya want for", "nothing?") == to_base64url(digest)


def test_the_database_holds_no_token_that_works(service: Service) -> None:
    renewed = _refreshed(service, _logged_in(service)["refresh_token"])
    with service.runtime.database.read() as connection:
        kept = repr(connection.execute(select(sessions)).all())
    assert token_hash(renewed["refresh_token"]) in kept
    assert renewed["refresh_token"] not in kept
    assert renewed["access_token"] not in kept


def test_a_renewal_says_that_the_password_has_to_be_changed(service: Service) -> None:
    body = {"login": "mai", "name": "Mai", "role": "planner", "province_id": "89"}
    password = service.ask("POST", "/api/v1/users", json=body).json()["password"]
    first = service.client.post(LOGIN, json={"login": "mai", "password": password}).json()
    renewed = _refreshed(service, first["refresh_token"])
    assert renewed["must_change_password"] is True
    assert _refreshed(service, first["refresh_token"]) == renewed
    assert _refreshed(service, _logged_in(service)["refresh_token"])["must_change_password"] is False


# A phone and its key


def test_a_phone_gets_in_by_its_key_when_every_token_is_lost(service: Service) -> None:
    phone = Phone.enrolled(service)
    service.runtime.writer.write_now(lambda c: c.execute(update(sessions).values(ended_at=datetime.now(UTC))))
    service.tokens.clear()
    service.runtime.callers.forget()
    assert phone.refresh() == 401
    fresh = phone.renew()
    assert fresh.status_code == 200, fresh.text
    headers = {"Authorization": f"Bearer {fresh.json()['access_token']}"}
    me = service.client.get("/api/v1/auth/me", headers=headers).json()
    assert (me["device_id"], me["role"], me["offices"]) == (phone.device_id, "courier", ["BC-LX"])
    phone.tokens = fresh.json()
    assert phone.refresh() == 200
    looks = service.ask("GET", "/api/v1/looks", params={"subject": phone.device_id}).json()["looks"]
    assert [look["action"] for look in looks] == ["device_renewed", "device_enrolled"]


def test_one_signed_answer_works_once(service: Service) -> None:
    phone = Phone.enrolled(service)
    answer = phone.answer(phone.challenge())
    assert service.client.post(RENEW, json=answer).status_code == 200
    assert service.client.post(RENEW, json=answer).status_code == 401
    looks = service.ask("GET", "/api/v1/looks", params={"subject": phone.device_id}).json()["looks"]
    assert looks[0]["action"] == "renewal_refused"


def test_one_challenge_serves_one_of_two_servers(service: Service, database_url: str) -> None:
    at = datetime.now(UTC)
    challenge, _ = service.runtime.writer.write_now(lambda c: offer_challenge(c, at))
    with service.runtime.database.writer.begin() as connection:
        assert take_challenge(connection, challenge, at)
        with _meanwhile(database_url, lambda c: take_challenge(c, challenge, at)) as other:
            connection.commit()
            assert other.result(timeout=10) is False


def test_an_answer_that_comes_too_late_is_refused_and_the_challenge_forgotten(service: Service) -> None:
    phone = Phone.enrolled(service)
    late = phone.answer(phone.challenge())
    _write(service, update(challenges).values(expires_at=datetime.now(UTC)))
    assert service.client.post(RENEW, json=late).status_code == 401
    phone.challenge()
    with service.runtime.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(challenges)).scalar_one() == 1


def test_only_the_key_of_the_device_and_only_for_this_purpose_gets_in(service: Service) -> None:
    phone, other = Phone.enrolled(service), Phone.enrolled(service, "desk")
    stolen = Phone(service, other.key, phone.device_id)
    assert stolen.renew().status_code == 401
    borrowed = other.answer(phone.challenge()) | {"device_id": phone.device_id}
    assert service.client.post(RENEW, json=borrowed).status_code == 401
    as_event = phone.answer(phone.challenge(), purpose="accepted")
    assert service.client.post(RENEW, json=as_event).status_code == 401
    nobody = Phone(service, other.key, "01936f5e-7a00-7000-8000-000000000000")
    assert nobody.renew().status_code == 401
    invented = phone.answer("A" * 43)
    assert service.client.post(RENEW, json=invented).status_code == 401
    assert phone.renew().status_code == 200


def _revoke(service: Service, phone: Phone) -> None:
    assert service.ask("DELETE", f"/api/v1/devices/{phone.device_id}", by="dispatcher").status_code == 204


def _disable(service: Service, _: Phone) -> None:
    path = f"/api/v1/users/{user_id_of(service, 'courier')}"
    assert service.ask("PATCH", path, json={"disabled": True}).status_code == 200


def _reset(service: Service, _: Phone) -> None:
    assert service.ask("POST", f"/api/v1/users/{user_id_of(service, 'courier')}/password").status_code == 200


def test_a_revoked_phone_renews_for_its_last_words_only(service: Service) -> None:
    phone = Phone.enrolled(service)
    _revoke(service, phone)
    last = phone.renew().json()
    assert (last["must_wipe"], status_of(service, last["access_token"])) == (True, 403)


@pytest.mark.parametrize("end", [_disable, _reset])
def test_whoever_is_out_renews_neither_by_token_nor_by_key(
    service: Service, end: Callable[[Service, Phone], None]
) -> None:
    phone = Phone.enrolled(service)
    ready = phone.answer(phone.challenge())
    access = phone.renew().json()["access_token"]
    assert status_of(service, access) == 200
    end(service, phone)
    assert status_of(service, access) == 401
    assert phone.refresh() == 401
    assert service.client.post(RENEW, json=ready).status_code == 401
    assert phone.renew().status_code == 401


def test_only_the_holder_of_the_key_is_told_that_a_phone_is_revoked(service: Service) -> None:
    phone, other = Phone.enrolled(service), Phone.enrolled(service)
    _revoke(service, phone)
    thief = Phone(service, other.key, phone.device_id)
    assert phone.renew().json()["must_wipe"] is True
    assert thief.renew().json()["error"]["code"] == "unauthenticated"
    borrowed = service.client.post(RENEW, json=phone.answer("A" * 43))
    assert borrowed.json()["error"]["code"] == "unauthenticated"


def test_a_person_who_is_let_in_again_keeps_the_phone(service: Service) -> None:
    phone = Phone.enrolled(service)
    _disable(service, phone)
    path = f"/api/v1/users/{user_id_of(service, 'courier')}"
    assert service.ask("PATCH", path, json={"disabled": False}).status_code == 200
    assert phone.renew().status_code == 200


def test_after_a_reset_the_phone_is_enrolled_anew_and_says_so(service: Service) -> None:
    phone = Phone.enrolled(service)
    _reset(service, phone)
    again = Phone.enrolled(service)
    assert again.renew().status_code == 200
    shown = {one["device_id"]: one for one in service.ask("GET", "/api/v1/devices").json()["devices"]}
    assert shown[phone.device_id]["barred_at"] is not None
    assert shown[phone.device_id]["revoked_at"] is None
    assert shown[again.device_id]["barred_at"] is None


def test_what_a_barred_phone_signed_counts_and_the_next_phone_brings_it(service: Service) -> None:
    service.runtime.writer.write_now(lambda c: add_shipments(c, "S1", "S2"))
    phone = Phone.enrolled(service)
    queued = made("OUT", data=COMPLETE["OUT"], device_id=phone.device_id, key=phone.key)
    _reset(service, phone)
    later = made("OUT", 2, data=COMPLETE["OUT"], code="S2", device_id=phone.device_id, key=phone.key)
    service.tokens["courier"] = Phone.enrolled(service).tokens["access_token"]
    assert "refused" not in {answer["verdict"] for answer in send(service, queued, later)}


def test_a_year_after_its_enrolment_a_phone_is_enrolled_anew(service: Service) -> None:
    phone = Phone.enrolled(service)
    nearly = datetime.now(UTC) - DEVICE_MOST + timedelta(minutes=5)
    _write(service, update(devices).values(enrolled_at=nearly))
    last = phone.renew()
    assert last.status_code == 200
    assert datetime.fromisoformat(last.json()["refresh_until"]) - nearly == DEVICE_MOST
    _write(service, update(devices).values(enrolled_at=nearly - timedelta(minutes=5)))
    assert phone.renew().status_code == 401


def test_a_phone_in_two_places_stays_in_and_leaves_nothing_behind(service: Service) -> None:
    phone = Phone.enrolled(service)
    one, two = phone.renew().json(), phone.renew().json()
    assert [status_of(service, tokens["access_token"]) for tokens in (one, two)] == [200, 200]
    over = datetime.now(UTC) - timedelta(seconds=1)
    _write(service, update(sessions).where(sessions.c.device_id == phone.device_id).values(access_until=over))
    three = phone.renew().json()
    with service.runtime.database.read() as connection:
        is_open = (sessions.c.device_id == phone.device_id, sessions.c.ended_at.is_(None))
        (left,) = connection.scalars(select(sessions.c.access_hash).where(*is_open))
    assert left == token_hash(three["access_token"])


def test_an_address_that_fails_too_often_waits(service: Service) -> None:
    phone = Phone.enrolled(service)
    ready, soon = phone.answer(phone.challenge()), datetime.now(UTC) + timedelta(minutes=1)

    def fail(connection: Connection) -> None:
        for _ in range(OF_AN_ADDRESS.free):
            count_failure(connection, "from:testclient", soon)

    service.runtime.writer.write_now(fail)
    refused = service.client.post(RENEW, json=ready)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
