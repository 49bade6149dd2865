"""Webhooks over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from api.auth.schemas import Strict
from api.webhooks.kinds import Kind

_ID = "01936f5e-7a00-7000-8000-000000000000"


class NewSubscriber(Strict):
    """Who wants to hear, and what."""

    province_id: str = Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$", examples=["89"])
    url: str = Field(max_length=500, pattern=r"^https?://[!-~]+$", examples=["https://motcua.example.vn/buu-chinh"])
    kinds: tuple[Kind, ...] = Field(min_length=1, max_length=len(Kind), examples=[["shipment.event"]])


class SubscriberMade(Strict):
    """A new subscriber; its secret is in this answer, and nowhere else."""

    subscriber_id: str = Field(examples=[_ID])
    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    """By which the receiver checks `webhook-signature` (Standard Webhooks)."""


class SubscriberShown(Strict):
    """A subscriber, without its secret."""

    subscriber_id: str = Field(examples=[_ID])
    province_id: str
    url: str
    kinds: tuple[Kind, ...]
    created_at: datetime


class SubscriberList(Strict):
    """Subscribers, by id."""

    subscribers: tuple[SubscriberShown, ...]
    next_after: str | None


class Told(Strict):
    """What will be told now."""

    event_id: str = Field(examples=[_ID])


class DeliveryShown(Strict):
    """What became of one telling."""

    number: int
    event_id: str = Field(examples=[_ID])
    kind: Kind
    subject: str
    at: datetime
    status: Literal["waiting", "parked", "delivered", "failed"]
    """Parked: tried in vain so often that later ones go on without it; it is still tried."""
    attempts: int
    next_at: datetime | None
    last_at: datetime | None
    answer: str | None
    out_of_order: bool
    """Told while an earlier one was parked, or parked itself; the payload says so."""


class DeliveryList(Strict):
    """Deliveries, the latest first."""

    deliveries: tuple[DeliveryShown, ...]
    next_before: int | None
