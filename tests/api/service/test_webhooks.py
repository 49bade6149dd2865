"""Webhooks: in order, signed, at least once, without personal data, and never into our own network unasked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from api.auth.tables import user_offices, users
from api.db.engine import Database
from api.db.writer import Writer
from api.errors import RefusedError
from api.webhooks.guard import address_of, is_public, target_of
from api.webhooks.kinds import Fact, Kind
from api.webhooks.sender import Sender, deliver
from api.webhooks.signing import signed_headers
from api.webhooks.store import PARKED_AFTER, WAITS, Due, announce
from api.webhooks.tables import deliveries, outbox
from tests.api.service.receiving import Receiver, receiving
from tests.api.service.running import OFFICE, OTHER_PROVINCE, PROVINCE, Service

HOOKS = "/api/v1/webhooks"
FACTS: dict[str, Fact] = {"site_id": "BC-LX", "day": "2026-07-01", "version": 1}
INSIDE = ("127.0.0.1",)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def hooked(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service that may tell this machine, and looks often for what there is to tell."""
    monkeypatch.setattr("api.webhooks.sender.LOOKED_AT_EVERY", 0.05)
    with Service.opened(database_url, tmp_path, webhook_hosts=INSIDE) as opened:
        yield opened


def _subscribe(service: Service, url: str, **more: object) -> dict[str, str]:
    body = {"province_id": PROVINCE, "url": url, "kinds": ["plan.published"], **more}
    answer = service.ask("POST", HOOKS, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _announce(service: Service, subject: str, *, province_id: str = PROVINCE) -> str | None:
    at = datetime.now(UTC)
    return service.runtime.writer.write_now(
        lambda c: announce(c, Kind.PLAN_PUBLISHED, subject, FACTS, province_id=province_id, at=at)
    )


def _deliveries(service: Service, subscriber_id: str) -> list[dict[str, object]]:
    return list(service.ask("GET", f"{HOOKS}/{subscriber_id}/deliveries").json()["deliveries"])


def _settled(service: Service, subscriber_id: str, status: str) -> dict[str, object]:
    """Wait until the latest delivery has a status and an attempt behind it."""
    for _ in range(500):
        latest = _deliveries(service, subscriber_id)[0]
        if latest["status"] == status and latest["attempts"]:
            return latest
        time.sleep(0.02)
    raise AssertionError(latest)


def _hurry(service: Service) -> None:
    service.runtime.writer.write_now(
        lambda c: c.execute(
            update(deliveries).where(deliveries.c.next_at.is_not(None)).values(next_at=datetime.now(UTC))
        )
    )


def test_things_come_in_order_signed_and_with_codes_only(hooked: Service, receiver: Receiver) -> None:
    made = _subscribe(hooked, receiver.url)
    ids = [_announce(hooked, f"plan-{number}") for number in range(12)]
    receiver.wait_for(12)
    assert receiver.ids == ids
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    for number, (headers, body) in enumerate(receiver.came):
        content = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
        expected = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
        told = json.loads(body)
        assert told["type"] == "plan.published"
        assert told["data"].pop("sequence") > 0
        assert told["data"] == {"subject": f"plan-{number}", **FACTS}


def test_the_signature_is_that_of_the_published_example() -> None:
    """The vector of the Standard Webhooks libraries."""
    secret, event_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    headers = signed_headers(secret, event_id, 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_rolled_back_is_told_to_nobody(hooked: Service, receiver: Receiver) -> None:
    _subscribe(hooked, receiver.url)

    def refused(connection: object) -> None:
        announce(connection, Kind.PLAN_PUBLISHED, "never", FACTS, province_id=PROVINCE, at=datetime.now(UTC))  # type: ignore[arg-type]
        raise RefusedError("không", "no")

    with pytest.raises(RefusedError):
        hooked.runtime.writer.write_now(refused)
    told = _announce(hooked, "plan-1")
    receiver.wait_for(1)
    assert receiver.ids == [told]


@pytest.mark.slow
def test_a_failure_is_tried_again_later_and_what_follows_waits(hooked: Service, receiver: Receiver) -> None:
    receiver.statuses = [500, 503]
    made = _subscribe(hooked, receiver.url)
    first = _announce(hooked, "plan-1")
    receiver.wait_for(1)
    latest = _settled(hooked, made["subscriber_id"], "waiting")
    wait = datetime.fromisoformat(str(latest["next_at"])) - datetime.fromisoformat(str(latest["last_at"]))
    assert (wait, latest["answer"]) == (WAITS[0], "HTTP 500")
    second = _announce(hooked, "plan-2")
    time.sleep(1.2)
    assert receiver.ids == [first]
    _hurry(hooked)
    receiver.wait_for(2)
    _hurry(hooked)
    receiver.wait_for(3)
    _settled(hooked, made["subscriber_id"], "delivered")
    assert receiver.ids == [first, first, first, second]
    assert [one["attempts"] for one in _deliveries(hooked, made["subscriber_id"])] == [1, 3]


@pytest.mark.slow
def test_waits_grow_and_end(hooked: Service, receiver: Receiver) -> None:
    assert list(WAITS) == sorted(WAITS)
    receiver.statuses = [500] * (len(WAITS) + 1)
    made = _subscribe(hooked, receiver.url)
    told = _announce(hooked, "plan-1")
    hooked.runtime.writer.write_now(lambda c: c.execute(update(deliveries).values(attempts=len(WAITS))))
    assert _settled(hooked, made["subscriber_id"], "failed")["answer"] == "HTTP 500"
    receiver.statuses = []
    path = f"{HOOKS}/{made['subscriber_id']}/deliveries/{told}/redeliver"
    assert hooked.ask("POST", path).status_code == 202
    _settled(hooked, made["subscriber_id"], "delivered")
    assert receiver.ids[-1] == told


def _told(receiver: Receiver) -> list[tuple[str, bool]]:
    """Subject and mark of each telling."""
    data = [json.loads(body)["data"] for _, body in receiver.came]
    return [(one["subject"], one.get("out_of_order", False)) for one in data]


def test_what_is_never_taken_is_parked_and_later_ones_go_on_marked(hooked: Service, receiver: Receiver) -> None:
    """A poison event fails until it is parked; what follows comes at once, in its own order, and says so."""
    receiver.statuses = [500] * PARKED_AFTER
    made = _subscribe(hooked, receiver.url)
    poison = _announce(hooked, "poison")
    for number in range(1, PARKED_AFTER):
        _wait_for_attempts(hooked, made, number)
        _hurry(hooked)
    latest = _settled(hooked, made["subscriber_id"], "parked")
    assert (latest["attempts"], latest["out_of_order"]) == (PARKED_AFTER, True)
    assert latest["next_at"] is not None  # it is tried on, by itself
    for number in range(3):
        _announce(hooked, f"later-{number}")
    receiver.wait_for(PARKED_AFTER + 3)
    assert _settled(hooked, made["subscriber_id"], "delivered")["out_of_order"] is True
    assert _told(receiver)[PARKED_AFTER:] == [(f"later-{number}", True) for number in range(3)]
    path = f"{HOOKS}/{made['subscriber_id']}/deliveries/{poison}/redeliver"
    assert hooked.ask("POST", path).status_code == 202
    receiver.wait_for(PARKED_AFTER + 4)
    assert _told(receiver)[-1] == ("poison", True)
    assert receiver.ids[-1] == poison
    _announce(hooked, "after")
    receiver.wait_for(PARKED_AFTER + 5)
    assert _told(receiver)[-1] == ("after", False)
    _settled(hooked, made["subscriber_id"], "delivered")
    shown = {one["subject"]: one["status"] for one in _deliveries(hooked, made["subscriber_id"])}
    assert set(shown.values()) == {"delivered"}


def test_a_parked_one_is_tried_beside_what_waits_and_blocks_nothing(hooked: Service, receiver: Receiver) -> None:
    receiver.statuses = [500] * (PARKED_AFTER + 1)
    made = _subscribe(hooked, receiver.url)
    poison = _announce(hooked, "poison")
    for number in range(1, PARKED_AFTER + 1):
        _wait_for_attempts(hooked, made, number)
        _hurry(hooked)
    _wait_for_attempts(hooked, made, PARKED_AFTER + 1)
    _announce(hooked, "later")
    receiver.wait_for(PARKED_AFTER + 2)
    states = {one["event_id"]: one["status"] for one in _deliveries(hooked, made["subscriber_id"])}
    assert states[poison] == "parked"


def _wait_for_attempts(service: Service, made: dict[str, str], number: int) -> None:
    for _ in range(500):
        if _deliveries(service, made["subscriber_id"])[-1]["attempts"] == number:
            return
        time.sleep(0.02)
    raise AssertionError(number)


@pytest.mark.slow
def test_one_that_is_gone_is_not_asked_again(hooked: Service, receiver: Receiver) -> None:
    receiver.statuses = [410]
    made = _subscribe(hooked, receiver.url)
    _announce(hooked, "plan-1")
    assert _settled(hooked, made["subscriber_id"], "failed")["attempts"] == 1


def _due(url: str) -> Due:
    secret = "whsec_" + base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    return Due("s", 1, "e", "plan.published", "plan-1", {}, datetime.now(UTC), url, secret, 0)


def test_a_receiver_that_does_not_answer_is_left(receiver: Receiver) -> None:
    receiver.hold = threading.Event()
    answer = deliver(_due(receiver.url), INSIDE, datetime.now(UTC), timeout=0.2)
    assert not answer.taken
    assert not answer.last


def test_nobody_is_followed_to_another_place(receiver: Receiver) -> None:
    with receiving() as elsewhere:
        receiver.statuses, receiver.headers = [302], {"Location": elsewhere.url}
        answer = deliver(_due(receiver.url), INSIDE, datetime.now(UTC), timeout=5)
        assert (answer.words, answer.taken) == ("HTTP 302", False)
        assert elsewhere.came == []


CHILD = """
import sys, time
from api.db.engine import Database
from api.db.writer import Writer
from api.webhooks.sender import Sender
database = Database(sys.argv[1])
Sender(database, Writer(database), ("127.0.0.1",)).start()
time.sleep(60)
"""


def test_a_server_killed_while_telling_tells_again_with_the_same_id(
    hooked: Service, receiver: Receiver, database_url: str
) -> None:
    hooked.runtime.webhooks.close()
    receiver.hold = threading.Event()
    made = _subscribe(hooked, receiver.url)
    told = _announce(hooked, "plan-1")
    child = subprocess.Popen([sys.executable, "-c", CHILD, database_url])
    try:
        receiver.wait_for(1)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(20)
    receiver.hold.set()
    database = Database(database_url)
    writer = Writer(database)
    sender = Sender(database, writer, INSIDE)
    sender.start()
    _settled(hooked, made["subscriber_id"], "delivered")
    sender.close()
    writer.close()
    database.close()
    assert receiver.ids == [told, told]
    assert receiver.came[0][1] == receiver.came[1][1]


def test_a_test_is_told_although_nobody_asked_for_its_kind(hooked: Service, receiver: Receiver) -> None:
    made = _subscribe(hooked, receiver.url)
    answer = hooked.ask("POST", f"{HOOKS}/{made['subscriber_id']}/test")
    receiver.wait_for(1)
    assert receiver.ids == [answer.json()["event_id"]]
    assert json.loads(receiver.came[0][1])["type"] == "webhook.test"


def test_only_what_is_asked_for_in_the_own_province_is_kept(hooked: Service, receiver: Receiver) -> None:
    _subscribe(hooked, receiver.url, kinds=["import.taken"])
    assert _announce(hooked, "plan-1") is None
    _subscribe(hooked, receiver.url)
    assert _announce(hooked, "plan-1", province_id=OTHER_PROVINCE) is None
    with hooked.runtime.database.read() as connection:
        assert connection.execute(outbox.select()).all() == []


@pytest.mark.slow
def test_another_province_neither_sees_nor_touches_a_subscriber(hooked: Service, receiver: Receiver) -> None:
    body = {"province_id": OTHER_PROVINCE, "url": receiver.url, "kinds": ["plan.published"]}
    assert hooked.ask("POST", HOOKS, by="local-admin", json=body).status_code == 403
    far = hooked.ask("POST", HOOKS, json=body).json()["subscriber_id"]
    assert hooked.ask("GET", HOOKS, by="local-admin").json()["subscribers"] == []
    for method, path in (("DELETE", ""), ("POST", "/test"), ("GET", "/deliveries")):
        assert hooked.ask(method, f"{HOOKS}/{far}{path}", by="local-admin").status_code == 404
    assert hooked.ask("DELETE", f"{HOOKS}/{far}").status_code == 204
    assert hooked.ask("GET", HOOKS).json()["subscribers"] == []


def test_an_administrator_of_an_office_sees_no_subscriber_of_the_province(hooked: Service, receiver: Receiver) -> None:
    of_province = _subscribe(hooked, receiver.url)
    hooked.runtime.writer.write_now(_move_to_an_office)
    assert hooked.ask("GET", HOOKS, by="local-admin").json() == {"subscribers": [], "next_after": None}
    path = f"{HOOKS}/{of_province['subscriber_id']}"
    assert hooked.ask("GET", f"{path}/deliveries", by="local-admin").status_code == 404


def _move_to_an_office(connection: Connection) -> None:
    user_id = select(users.c.user_id).where(users.c.login == "local-admin").scalar_subquery()
    connection.execute(insert(user_offices).values(user_id=user_id, site_id=OFFICE))


def test_a_secret_is_shown_once(hooked: Service, receiver: Receiver) -> None:
    secret = _subscribe(hooked, receiver.url)["secret"]
    assert secret not in hooked.ask("GET", HOOKS).text


@pytest.mark.parametrize("fact", [{"recipient": "Nguyễn Văn A"}, {"site_id": "x" * 81}])
def test_what_was_not_agreed_on_is_not_told(hooked: Service, fact: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"fact|tells"):
        hooked.runtime.writer.write_now(
            lambda c: announce(c, Kind.PLAN_PUBLISHED, "p", dict(fact), province_id=PROVINCE, at=datetime.now(UTC))
        )


# Where a webhook may go


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://user:pass@example.com/",
        "https://example.com/#part",
        "https:///path",
        "https://[::1",
        "https://example.com:99999/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:192.168.1.1]/",
    ],
)
def test_addresses_that_lead_astray_are_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        target_of(url, ())


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("203.162.0.11", True),
        ("2001:4860:4860::8888", True),
        ("192.168.0.1", False),
        ("172.31.255.255", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_private_addresses_are_known_also_when_wrapped(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_with_one_private_address_is_refused_and_the_first_one_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def names(*addresses: str) -> None:
        found = [(2, 1, 6, "", (address, 443)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    target = target_of("https://post.example/hook", ())
    names("203.162.0.11", "203.162.0.12")
    assert address_of(target) == "203.162.0.11"
    names("203.162.0.11", "10.0.0.5")
    with pytest.raises(RefusedError):
        address_of(target)
    assert address_of(target_of("http://post.example/hook", ("post.example",))) == "203.162.0.11"


def test_a_name_that_turns_inward_later_is_not_reached(monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> None:
    port = receiver.url.split(":")[2].partition("/")[0]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", int(port)))])
    answer = deliver(_due(f"https://post.example:{port}/hook"), (), datetime.now(UTC), timeout=5)
    assert "private network" in answer.words
    assert receiver.came == []


def test_by_default_this_machine_cannot_be_subscribed(sqlite_service: Service) -> None:
    for url in ("http://127.0.0.1:5432/", "https://127.0.0.1/", "http://localhost/"):
        body = {"province_id": PROVINCE, "url": url, "kinds": ["plan.published"]}
        assert sqlite_service.ask("POST", HOOKS, json=body).status_code == 409
