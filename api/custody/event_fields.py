"""The forms that the fields of an event have: codes, moments, hashes, amounts."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Final, TypeAlias

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

MAX_SHIPMENTS: Final = 500
"""In one event."""

LARGEST_INTEGER: Final = 2**53 - 1
"""That every reader of JSON keeps exactly (RFC 7493 §2.2)."""


_DAY_FORM: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT_FORM: Final = re.compile(_DAY_FORM.pattern + "T.*", re.ASCII)


def _written_as(form: re.Pattern[str]) -> BeforeValidator:
    """
    Numbers are no moments here, though pydantic would take them for seconds, as text too.

    A day stands in the chain for ever, and so would a telephone number that somebody typed for one.
    """

    def require(value: object) -> object:
        if not isinstance(value, str) or form.fullmatch(value) is None:
            raise ValueError("must be text, ISO 8601")
        return value

    return BeforeValidator(require)


def dated(moment: datetime) -> datetime:
    """
    Require a moment that clocks show: a phone without a battery says 1970; beyond 2199 sums of times may overflow.

    Raises
    ------
    ValueError
        When it is another.
    """
    if not 1970 <= moment.year < 2200:
        raise ValueError("must lie between 1970 and 2199")
    return moment


def _plausible(moment: datetime) -> datetime:
    """A phone whose battery died may live in 1970, and its clock's offset puts that right; no clock is beyond."""
    if not 1900 <= moment.year < 3000:
        raise ValueError("must lie between 1900 and 3000")
    return moment


Code: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,64}$")]
"""A text key of the network folder, or two joined by a slash."""
Uuid7: TypeAlias = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
"""RFC 9562 §5.7, version 7 and variant 10, in lower case."""
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=2000)]
Dong: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=100_000)]
Moment: TypeAlias = Annotated[AwareDatetime, Field(strict=False), _written_as(_MOMENT_FORM), AfterValidator(_plausible)]
Day: TypeAlias = Annotated[date, Field(strict=False), _written_as(_DAY_FORM)]
Codes: TypeAlias = Annotated[tuple[Code, ...], Field(strict=False, max_length=MAX_SHIPMENTS)]
Hashes: TypeAlias = Annotated[tuple[Sha256, ...], Field(strict=False, max_length=50)]
Base64Url: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=1024)]


class Strict(BaseModel):
    """Nothing is converted, nothing unknown is let in."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
