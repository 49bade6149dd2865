"""Reports over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.reports.store import By, Counts, Part, Standing

Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class Strict(BaseModel):
    """A body with nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Definition(Strict):
    """What a count means."""

    name: str = Field(examples=["late"])
    vi: str
    en: str


class Punctuality(Strict):
    """Promises of one group; `definitions` of the answer says what each count is."""

    group: str | None = Field(examples=["CQ1"])
    """Site, commune, leg, month or day; none = it has none, or the whole."""
    name: str | None
    """What people call the site or commune; none = nobody has named it."""
    total: int
    settled: int
    early: int
    on_the_day: int
    late: int
    open: int
    overdue: int
    returned: int
    early_percent: float | None
    """Of the settled ones, two decimals; none when nothing is settled."""
    on_time_percent: float | None
    late_percent: float | None

    @classmethod
    def of(cls, group: str | None, counts: Counts, name: str | None = None) -> Punctuality:
        settled = counts.settled
        return cls(
            group=group, name=name, total=counts.total, settled=settled,
            early=counts.early, on_the_day=counts.on_the_day,
            late=counts.late, open=counts.open, overdue=counts.overdue, returned=counts.returned,
            early_percent=percent(counts.early, settled),
            on_time_percent=percent(counts.early + counts.on_the_day, settled),
            late_percent=percent(counts.late, settled),
        )  # fmt: skip


class PunctualityReport(Strict):
    """Early, on the day, late."""

    part: Part
    by: By
    first_day: date
    last_day: date
    as_of: date
    whole: Punctuality
    groups: tuple[Punctuality, ...]
    definitions: tuple[Definition, ...]


class CountedShipment(Strict):
    """One promise behind a count; nothing of the citizen but the commune."""

    code: str
    kind: str
    agency: str | None
    agency_name: str | None
    commune: str | None
    commune_name: str | None
    due_on: date
    done_on: date | None
    days: int
    """From due to kept, or to `as_of` when it is open; below zero = before."""
    leg: str


class CountedShipments(Strict):
    """Some of the promises behind a count."""

    part: Part
    state: Standing
    shipments: tuple[CountedShipment, ...]
    next_skip: int | None
    """Where the list goes on; none = it ends here."""


class CommuneShape(Strict):
    """Where a commune lies, roughly."""

    code: str
    name: str
    outline: tuple[tuple[tuple[float, float], ...], ...]
    """Closed rings, degrees (lon, lat), estimated from the points of communes alone: never an official boundary."""


class CommuneShapes(Strict):
    """The communes of a province's network."""

    communes: tuple[CommuneShape, ...]


class ToldMonth(Strict):
    """What an agency told of a month."""

    month: str
    received: int
    returned: int


class QuarterTarget(Strict):
    """What is aimed at in a quarter; none = nothing is set."""

    quarter: str
    dossier_percent: float | None
    result_percent: float | None


class AgencyShare(Strict):
    """How much of an agency's paper goes by post."""

    site_id: str | None = Field(examples=["CQ1"])
    """None: shipments that name no agency."""
    name: str | None
    posted_dossiers: int
    posted_results: int
    received: int | None
    """Dossiers in all, as told; none when a month of the period was not told."""
    returned: int | None
    dossier_percent: float | None
    result_percent: float | None
    dossier_target: float | None
    """Of the quarters of the period, each as heavy as what was received in it; none when one has no target."""
    result_target: float | None
    dossier_gap: float | None
    """Percentage points above the target; below zero = short of it."""
    result_gap: float | None
    months: tuple[ToldMonth, ...]
    months_missing: tuple[str, ...]
    targets: tuple[QuarterTarget, ...]


class ShareReport(Strict):
    """The postal share, by agency."""

    first_day: date
    last_day: date
    quarters: tuple[str, ...]
    agencies: tuple[AgencyShare, ...]
    whole_dossier_percent: float | None
    """Of the agencies whose numbers are complete."""
    whole_result_percent: float | None
    definitions: tuple[Definition, ...]


class AgencyMonth(Strict):
    """What an agency had in a month, by any way."""

    received: Count = Field(examples=[310])
    """Dossiers."""
    returned: Count = Field(examples=[295])
    """Results handed out."""


class Target(Strict):
    """What share of an agency's paper is to go by post, percent; none of both takes the target back."""

    dossier_percent: Percent | None = Field(examples=[50.0])
    result_percent: Percent | None = Field(examples=[40.0])


def percent(part: int, whole: int) -> float | None:
    """Two decimals; none of nothing."""
    return round(100 * part / whole, 2) if whole else None
