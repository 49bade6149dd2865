"""Signatures and canonical JSON against published vectors."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from api.custody.signing import (
    digest,
    from_base64url,
    is_signed,
    require_public_key,
    sign,
    signed_bytes,
    to_base64url,
)
from tests.api.custody.made import KEY, PUBLIC_KEY, raw_event, signed_event

# RFC 6979 appendix A.2.5: P-256 with SHA-256, message "sample".
VECTOR_KEY = to_base64url(
    bytes.fromhex(
        "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
        "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"
    )
)
VECTOR = to_base64url(
    bytes.fromhex(
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
    )
)


def test_the_published_signature_verifies() -> None:
    assert is_signed(b"sample", VECTOR, VECTOR_KEY)
    assert not is_signed(b"simple", VECTOR, VECTOR_KEY)
    assert not is_signed(b"sample", VECTOR, PUBLIC_KEY)


@given(st.integers(0, 511))
def test_no_bit_of_a_signature_may_change(bit: int) -> None:
    raw = bytearray(from_base64url(VECTOR))
    raw[bit // 8] ^= 1 << bit % 8
    assert not is_signed(b"sample", to_base64url(bytes(raw)), VECTOR_KEY)


@pytest.mark.parametrize("signature", ["", "AA", VECTOR[:-2], VECTOR + "AA", VECTOR + "==", to_base64url(bytes(64))])
def test_what_is_no_signature_signs_nothing(signature: str) -> None:
    assert not is_signed(b"sample", signature, VECTOR_KEY)


def test_the_example_of_rfc_8785_is_canonical() -> None:
    """Section 3.2.2 and 3.2.3, whose result section 3.2.4 gives in bytes."""
    text = r"""{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    assert signed_bytes(json.loads(text)) == bytes.fromhex(
        "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e33"
        "3333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e"
        "4127425c225c5c5c5c5c222f227d"
    )


def test_keys_are_sorted_by_utf16() -> None:
    """Section 3.2.3, the second example."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    order = list(json.loads(signed_bytes(dict.fromkeys(keys, 0))))
    assert order == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_a_device_signs_what_the_server_verifies() -> None:
    signed = signed_event(1, "DELIVER", data={"recipient_name": "Nguyễn Văn A"})
    assert is_signed(signed_bytes(signed), signed["signature"], PUBLIC_KEY)
    forged = {**signed, "data": {"recipient_name": "Nguyễn Văn B"}}
    assert not is_signed(signed_bytes(forged), signed["signature"], PUBLIC_KEY)


def test_the_order_of_keys_changes_nothing_and_signing_again_neither() -> None:
    raw = raw_event(1, "OUT")
    again = sign(dict(reversed(raw.items())), KEY)
    assert digest(signed_bytes(again)) == digest(signed_bytes(sign(raw, KEY)))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800"])
def test_what_readers_understand_differently_is_not_signed(value: object) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        signed_bytes({"data": {"extra": value}})


@pytest.mark.parametrize(
    "key",
    ["", "AA", PUBLIC_KEY + "=", to_base64url(b"\x04" + bytes(64)), to_base64url(b"\x02" + bytes(32)), VECTOR],
    ids=["empty", "short", "padded", "off the curve", "compressed", "a signature"],
)
def test_what_is_no_key_is_not_enrolled(key: str) -> None:
    with pytest.raises(ValueError):
        require_public_key(key)
