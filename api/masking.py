"""
Personal data with the telling part covered: enough to know one's own parcel by, too little to look anybody up by.

A Vietnamese name ends with the name that a person is called by, which stays: a desk calls out “chị Lan”. Family and
middle names keep a letter. Whoever may see all asks with `?reveal=true`, and the look is noted.
"""

from __future__ import annotations

import re
import unicodedata

COVER = "***"
_SHOWN_DIGITS = 2
"""At each end of a phone number."""
_SHOWN_ID_DIGITS = 3
"""Of an identity number, at its end: its beginning tells province, sex and year of birth (Decree 70/2024/NĐ-CP)."""
_SHOWN_PLACES = 2
"""At the end of an address: commune and province, since 1 July 2025."""


def masked_name(name: str) -> str:
    """`Nguyễn Thị Lan` -> `N*** T*** L***`; a word of one letter has nothing to cover."""
    words = unicodedata.normalize("NFC", name).split()
    return " ".join(word if len(word) == 1 else word[0] + COVER for word in words)


def masked_phone(phone: str) -> str:
    """`0912 345 612` -> `09** *** *12`; what is too short to be one is covered altogether."""
    return _covered(phone, _SHOWN_DIGITS, _SHOWN_DIGITS)


def masked_id(number: str) -> str:
    """`089 199 001 234` -> `*** *** *** 234`; four digits asked for at the counter are covered altogether."""
    return _covered(number, 0, _SHOWN_ID_DIGITS)


def masked_address(address: str) -> str:
    """`12 Lê Lợi, tổ 3, Phường Mỹ Long, An Giang` -> `***, Phường Mỹ Long, An Giang`."""
    parts = [part.strip() for part in address.split(",")]
    return ", ".join((COVER, *parts[1:][-_SHOWN_PLACES:])) if address.strip() else ""


def _covered(text: str, first: int, last: int) -> str:
    digits = sum(letter.isalnum() for letter in text)
    if digits < 3 * max(first, last):
        first = last = 0
    at = iter(range(digits))

    def cover(found: re.Match[str]) -> str:
        position = next(at)
        return found[0] if position < first or position >= digits - last else "*"

    return re.sub(r"[^\W_]", cover, text)
