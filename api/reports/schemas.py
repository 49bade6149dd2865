"""Reports over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.reports.store import By, Counts, Part

Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


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
    """Site, commune, leg or month; none = it has none, or the whole."""
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
    def of(cls, group: str | None, counts: Counts) -> Punctuality:
        settled = counts.settled
        return cls(
            group=group, total=counts.total, settled=settled, early=counts.early, on_the_day=counts.on_the_day,
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


class AgencyShare(Strict):
    """How much of an agency's paper goes by post."""

    site_id: str | None = Field(examples=["CQ1"])
    """None: shipments that name no agency."""
    posted_dossiers: int
    posted_results: int
    received: int | None
    """Dossiers in all, as told; none when a month of the period was not told."""
    returned: int | None
    dossier_percent: float | None
    result_percent: float | None
    months_missing: tuple[str, ...]


class ShareReport(Strict):
    """The postal share, by agency."""

    first_day: date
    last_day: date
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


def percent(part: int, whole: int) -> float | None:
    """Two decimals; none of nothing."""
    return round(100 * part / whole, 2) if whole else None
