"""Settlement over HTTP; all amounts in đồng."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Kind = Literal["courier", "site", "device"]
TakerCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]{1,80}$")]
"""As events name couriers, sites and devices."""
Dong = Annotated[int, Field(ge=-(2**53), le=2**53)]


class Strict(BaseModel):
    """A body with nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SignOff(Strict):
    """What was handed in, counted."""

    fee_dong: Dong = Field(examples=[50_000])
    """Of the State's fees; below zero when more was handed on to agencies than taken."""
    postage_dong: Dong = Field(examples=[24_000])
    expected_cash_dong: Dong = Field(examples=[74_000])
    """The amount that the dispatcher saw: when it has changed since, nothing is signed."""
    note: str = Field(default="", max_length=1_000, pattern=r"^[^\x00]*$")
    """Needed for a difference, a correction, and amounts that were erased."""
    corrects: int | None = Field(default=None, ge=1, le=10_000)
    """Number of the sign-off before; none for the first of a day."""


class Signed(Strict):
    """A sign-off; never changed, only corrected by a further one."""

    number: int
    expected_fee_dong: int
    expected_postage_dong: int
    expected_cash_dong: int
    handed_fee_dong: int
    handed_postage_dong: int
    difference_dong: int
    """Handed in less expected in cash."""
    note: str
    signed_by: str
    signed_name: str
    signed_at: datetime


class Settled(Strict):
    """One taker's day."""

    day: date
    kind: Kind
    taker: str = Field(examples=["BT-01"])
    """Code of the courier or site; of the device, when the events name neither."""
    name: str | None
    """Of the courier or site, as the network calls them now; none = it names nobody so."""
    events: int
    """That tell of money; those that others replace are left out."""
    erased_events: int
    """Of them, those whose amounts retention erased before they were tallied: the sums lack them."""
    fee_dong: int
    """Taken for the State, less what was handed on to agencies."""
    postage_dong: int
    cash_dong: int
    """To be handed in: the part of both that changed hands in cash."""
    state: Literal["open", "signed", "changed"]
    """`changed`: events came in after the sign-off; it has to be corrected."""
    signed: tuple[Signed, ...]
    """The last one counts."""


class SettlementList(Strict):
    """The takers of some days."""

    settled: tuple[Settled, ...]
    expected_cash_dong: int
    handed_dong: int
    """By the last sign-offs."""
    difference_dong: int
    """Of the signed days only."""
    open: int
    """Days of takers that nobody signed, or that changed since."""
