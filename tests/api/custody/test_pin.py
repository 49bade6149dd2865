"""The PIN of a shipment: checked, limited, re-issued, sealed on the way."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from hmac import new as hmac_new

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from api.custody.pin import (
    PinSealError,
    PinVerdict,
    StoredPin,
    check_pin,
    check_sealed,
    issue_pin,
    new_pin,
    open_pin,
    seal_pin,
)
from api.custody.signing import CURVE, from_base64url, public_key_text, to_base64url
from tests.api.custody.made import MORNING, event_id

KEY = bytes(range(32))
SERVER = ec.derive_private_key(0x5E, CURVE)
SERVER_KEY = public_key_text(SERVER.public_key())
STORED = issue_pin("S1", "012345", KEY)
EVENT = event_id(4)


def test_new_pins_are_six_digits_and_differ() -> None:
    pins = Counter(new_pin() for _ in range(200))
    assert all(len(pin) == 6 and pin.isdigit() for pin in pins)
    assert len(pins) > 150


def test_what_is_stored_is_a_keyed_hash() -> None:
    message = b"duongthu pin v1\x00S1\x001\x00012345"
    assert StoredPin("S1", 1, hmac_new(KEY, message, sha256).hexdigest()) == STORED


def test_the_right_pin_is_right_only_for_its_shipment_and_key() -> None:
    assert check_pin(STORED, "012345", KEY, MORNING)[0] is PinVerdict.RIGHT
    assert check_pin(STORED, "012346", KEY, MORNING)[0] is PinVerdict.WRONG
    assert check_pin(STORED, "012345", bytes(32), MORNING)[0] is PinVerdict.WRONG
    other = StoredPin("S2", 1, STORED.tag)
    assert check_pin(other, "012345", KEY, MORNING)[0] is PinVerdict.WRONG


def test_a_re_issued_pin_makes_the_old_one_worthless() -> None:
    blocked = StoredPin("S1", 1, STORED.tag, 9, MORNING + timedelta(days=1))
    again = issue_pin("S1", "999999", KEY, blocked)
    assert (again.issue, again.failures, again.waits_until) == (2, 0, None)
    assert check_pin(again, "012345", KEY, MORNING)[0] is PinVerdict.WRONG
    assert check_pin(again, "999999", KEY, MORNING)[0] is PinVerdict.RIGHT


def test_wrong_pins_cost_a_wait_that_doubles_up_to_a_day() -> None:
    stored, now, waits = STORED, MORNING, []
    for _ in range(14):
        verdict, stored = check_pin(stored, "999999", KEY, now)
        assert verdict is PinVerdict.WRONG
        waits.append(int((stored.waits_until - now).total_seconds() / 60) if stored.waits_until else 0)
        if stored.waits_until:
            early = stored.waits_until - timedelta(seconds=1)
            assert check_pin(stored, "012345", KEY, early) == (PinVerdict.WAITING, stored)
            now = stored.waits_until
    assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]
    verdict, stored = check_pin(stored, "012345", KEY, now)
    assert (verdict, stored) == (PinVerdict.RIGHT, STORED)


def test_a_sealed_pin_opens_for_its_event_and_server_only() -> None:
    sealed = seal_pin("012345", EVENT, SERVER_KEY)
    assert open_pin(sealed, EVENT, SERVER) == "012345"
    assert "012345" not in sealed
    assert seal_pin("012345", EVENT, SERVER_KEY) != sealed
    with pytest.raises(PinSealError):
        open_pin(sealed, event_id(5), SERVER)
    with pytest.raises(PinSealError):
        open_pin(sealed, EVENT, ec.derive_private_key(0x5F, CURVE))


def test_the_seal_is_ecdh_hkdf_and_aes_gcm_as_described() -> None:
    """Opened once more from the primitives alone, with HKDF written out (RFC 5869)."""
    sealed = seal_pin("012345", EVENT, SERVER_KEY)
    raw = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    point, nonce, rest = raw[:65], raw[65:77], raw[77:]
    shared = SERVER.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
    extracted = hmac_new(bytes(32), shared, sha256).digest()
    info = b"duongthu pin v1" + point + from_base64url(SERVER_KEY)
    key = hmac_new(extracted, info + b"\x01", sha256).digest()
    assert AESGCM(key).decrypt(nonce, rest, EVENT.encode()) == b"012345"


SEALED = seal_pin("012345", EVENT, SERVER_KEY)


@given(st.integers(0, len(from_base64url(SEALED)) * 8 - 1))
def test_no_bit_of_a_sealed_pin_may_change(bit: int) -> None:
    raw = bytearray(from_base64url(SEALED))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(PinSealError):
        open_pin(to_base64url(bytes(raw)), EVENT, SERVER)


@pytest.mark.parametrize("sealed", ["", "AA", "A" * 87, "ệ", SEALED[:-4], SEALED + "AAAA"])
def test_what_is_no_sealed_pin_is_not_opened(sealed: str) -> None:
    with pytest.raises(PinSealError):
        open_pin(sealed, EVENT, SERVER)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345x", "Nguyễn"])
def test_what_is_sealed_must_be_a_pin(pin: str) -> None:
    with pytest.raises(PinSealError):
        open_pin(seal_pin(pin, EVENT, SERVER_KEY), EVENT, SERVER)


def arrival(sealed: str, *stored: StoredPin) -> tuple[str, str | None]:
    found = check_sealed(sealed, EVENT, stored, KEY, [SERVER], MORNING)
    return found.verdict, None if found.incident is None else found.incident.code


def test_a_right_pin_opens_no_incident_and_a_wrong_one_does() -> None:
    assert arrival(SEALED, STORED) == ("right", None)
    assert arrival(seal_pin("999999", EVENT, SERVER_KEY), STORED) == ("wrong", "pin_wrong")
    assert arrival("AAAA", STORED) == ("unreadable", "pin_unreadable")
    waiting = StoredPin("S1", 1, STORED.tag, 5, MORNING + timedelta(minutes=1))
    assert arrival(SEALED, waiting) == ("waiting", "pin_not_looked_at")


def test_a_wrong_pin_that_arrives_counts_as_a_failure() -> None:
    found = check_sealed(seal_pin("999999", EVENT, SERVER_KEY), EVENT, [STORED], KEY, [SERVER], MORNING)
    assert [stored.failures for stored in found.stored] == [1]


def test_the_pin_of_one_of_several_shipments_will_do() -> None:
    other = issue_pin("S2", "777777", KEY)
    found = check_sealed(SEALED, EVENT, [other, STORED], KEY, [SERVER], MORNING)
    assert (found.verdict, found.stored) == (PinVerdict.RIGHT, (STORED,))


def test_a_pin_without_any_shipment_that_has_one_waits_to_be_checked() -> None:
    assert arrival(SEALED) == ("not_checked", "pin_not_checked")
