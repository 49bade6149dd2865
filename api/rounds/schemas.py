"""A courier's round over HTTP."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from api.auth.schemas import Strict
from api.plans.schemas import PlannedRoute, Position
from api.shipments.model import ShipmentKind


class Stopover(Strict):
    """A site of the post or of an agency that the round visits."""

    site_id: str = Field(examples=["BC-LX"])
    name: str
    kind: str = Field(examples=["post_office"])
    point: Position


class CommuneName(Strict):
    """A commune that the round passes, for its map."""

    name: str = Field(examples=["Phường Long Xuyên"])
    point: Position
    """Somewhere in it, to about 100 m; not always its centre."""


class Parcel(Strict):
    """A shipment of the round: what the courier has to know at the door."""

    code: str = Field(examples=["RR123456785VN"])
    kind: ShipmentKind
    name: str | None
    """Of the citizen; None = erased by retention."""
    phone: str | None
    address: str | None
    """Where the citizen is; None when this round meets a site only, or after erasure."""
    windows: str | None
    note: str | None
    pieces: int
    fee_dong: int
    """For the State."""
    postage_dong: int
    id_check: bool
    due_on: date
    has_pin: bool
    """The recipient may say a PIN instead of signing."""


class EvidenceTable(Strict):
    """Which pieces make an event complete: `a|b` = one of them. The page asks for them before it lets go."""

    outcomes: dict[str, tuple[str, ...]] = Field(examples=[{"RETURN_DONE": ["recipient_name", "signature_theirs"]}])
    """By the type of the event."""
    reasons: dict[str, tuple[str, ...]] = Field(examples=[{"absent": ["place", "photo|notice_no"]}])
    """Besides, by the reason of an ATTEMPT."""
    scans_only: tuple[str, ...] = Field(examples=[["documents", "scan", "signature_theirs"]])
    """Of an ACCEPT with `scans_only`, instead of its line among the outcomes."""
    offline: dict[str, tuple[str, ...]]
    """Besides, without a connection."""


class MyRound(Strict):
    """The caller's round in the published plan of a day."""

    plan_id: str
    version: int
    """Grows whenever the plan changes."""
    day: date
    synthetic_roads: bool
    """Paths and times are estimates over an invented network."""
    route: PlannedRoute
    stopovers: tuple[Stopover, ...]
    communes: tuple[CommuneName, ...]
    parcels: tuple[Parcel, ...]
    evidence: EvidenceTable
    asked_at: datetime
