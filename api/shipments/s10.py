"""
UPU S10 item identifiers: two letters of service, eight digits, a check digit, two letters of country.

References
----------
.. [1] Universal Postal Union. S10: Identification of postal items, 13-character identifier.
"""

from __future__ import annotations

import re

SHAPE = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def check_digit(serial: str) -> int:
    """
    Compute the ninth digit.

    Parameters
    ----------
    serial
        Eight digits.

    Raises
    ------
    ValueError
        When it is anything else.
    """
    if not re.fullmatch("[0-9]{8}", serial):
        raise ValueError(f"an S10 serial number has eight digits, got {serial!r}")
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def make_s10(number: int, service: str = "RR", country: str = "VN") -> str:
    """Build the identifier of a number below 100,000,000."""
    serial = f"{number:08d}"
    return f"{service}{serial}{check_digit(serial)}{country}"


def is_s10(code: str) -> bool:
    """Whether a code is a valid S10 identifier."""
    return bool(SHAPE.fullmatch(code)) and int(code[10]) == check_digit(code[2:10])
