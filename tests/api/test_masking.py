"""Masking: what is shown of a name, a phone, an identity number and an address."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.masking import masked_address, masked_id, masked_name, masked_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Văn A", "N*** V*** A"),
        ("Đặng Thị  Ánh Tuyết", "Đ*** T*** Á*** T***"),
        ("Ứng", "Ứ***"),
        ("H’Hen Niê", "H*** N***"),
        ("", ""),
    ],
)
def test_of_a_name_the_first_letters_stay(name: str, shown: str) -> None:
    assert masked_name(name) == shown
    assert masked_name(unicodedata.normalize("NFD", name)) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("0912345612", "09******12"),
        ("0912 345 612", "09** *** *12"),
        ("+84 912-345-612", "+84 ***-***-*12"),
        ("113", "***"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_phone_keeps_two_digits_at_each_end(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("089199001234", "*********234"),
        ("B1234567", "********"),
        ("B12345678", "******678"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_an_identity_number_keeps_its_end_only_when_it_is_long(number: str, shown: str) -> None:
    assert masked_id(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("12 Lê Lợi, tổ 3, Phường Mỹ Long, An Giang", "***, Phường Mỹ Long, An Giang"),
        ("12 Lê Lợi, Phường Mỹ Long", "***, Phường Mỹ Long"),
        ("12 Lê Lợi", "***"),
        (" ", ""),
    ],
)
def test_an_address_keeps_commune_and_province(address: str, shown: str) -> None:
    assert masked_address(address) == shown


@given(st.text(alphabet="0123456789 -+", max_size=20))
def test_most_digits_of_any_number_are_covered(text: str) -> None:
    digits = sum(letter.isdigit() for letter in text)
    for shown in (masked_phone(text), masked_id(text)):
        assert len(shown) == len(text)
        assert sum(letter.isdigit() for letter in shown) <= digits * 2 / 3
