"""Subscribers of webhooks: added, tried and looked after by administrators."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.people import require_within
from api.auth.roles import Role, Scope, Who
from api.auth.store import note_look
from api.repeats.repeatable import Once
from api.service.runtime import runtime_of
from api.webhooks import store
from api.webhooks.guard import target_of
from api.webhooks.schemas import (
    DeliveryList,
    DeliveryShown,
    NewSubscriber,
    SubscriberList,
    SubscriberMade,
    SubscriberShown,
    Told,
)
from api.webhooks.signing import new_secret

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])

Admin = Annotated[Who, allow(Role.ADMIN)]
Id = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", examples=["01936f5e-7a00-7000-8000-000000000000"])]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows a page.")]


@router.post("", status_code=201)
async def post_subscriber(body: NewSubscriber, who: Admin, request: Request, once: Once) -> SubscriberMade:
    """Add a subscriber. Its secret is in the answer, and nowhere else."""
    require_within(who, Scope(body.province_id))
    target_of(body.url, runtime_of(request).settings.webhook_hosts)
    at, secret = datetime.now(UTC), new_secret()

    def write(connection: Connection) -> SubscriberMade:
        subscriber_id = store.add_subscriber(connection, who, body.province_id, body.url, secret, body.kinds, at)
        note_look(connection, at, who, "webhook_added", subscriber_id, url=body.url)
        return SubscriberMade(subscriber_id=subscriber_id, secret=secret)

    return await once.write(write)


@router.get("")
def read_subscribers(
    who: Admin, request: Request, after: Annotated[str, Query(max_length=80)] = "", limit: Limit = 100
) -> SubscriberList:
    """List the subscribers of the caller's province; they are for those who work for all of it."""
    if who.scope.offices:
        return SubscriberList(subscribers=(), next_after=None)
    with runtime_of(request).database.read() as connection:
        rows = store.list_subscribers(connection, who, after=after, limit=limit)
    shown = tuple(
        SubscriberShown(
            subscriber_id=row.subscriber_id,
            province_id=row.province_id,
            url=row.url,
            kinds=row.kinds,
            created_at=row.created_at,
        )
        for row in rows
    )
    return SubscriberList(subscribers=shown, next_after=rows[-1].subscriber_id if len(rows) == limit else None)


@router.delete("/{subscriber_id}", status_code=204)
async def delete_subscriber(subscriber_id: Id, who: Admin, request: Request) -> Response:
    """Remove a subscriber, and what waits for it."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> None:
        found = store.subscriber_of(connection, who, subscriber_id)
        store.remove_subscriber(connection, found.subscriber_id)
        note_look(connection, at, who, "webhook_removed", subscriber_id, url=found.url)

    await runtime_of(request).writer.write(write)
    return Response(status_code=204)


@router.post("/{subscriber_id}/test", status_code=202)
async def post_test(subscriber_id: Id, who: Admin, once: Once) -> Told:
    """Tell a subscriber something harmless; see its deliveries for what it said."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> Told:
        subscriber = store.subscriber_of(connection, who, subscriber_id)
        return Told(event_id=store.announce_test(connection, subscriber, at))

    return await once.write(write)


@router.get("/{subscriber_id}/deliveries")
def read_deliveries(
    subscriber_id: Id,
    who: Admin,
    request: Request,
    before: Annotated[int, Query(ge=1, le=2**53)] = 2**53,
    limit: Limit = 100,
) -> DeliveryList:
    """List what a subscriber was told or waits for, the latest first."""
    with runtime_of(request).database.read() as connection:
        store.subscriber_of(connection, who, subscriber_id)
        rows = store.list_deliveries(connection, subscriber_id, before=before, limit=limit)
    shown = tuple(
        DeliveryShown(
            number=row.number,
            event_id=row.event_id,
            kind=row.kind,
            subject=row.subject,
            at=row.at,
            status=row.status,
            attempts=row.attempts,
            next_at=row.next_at,
            last_at=row.last_at,
            answer=row.answer,
            out_of_order=row.out_of_order,
        )
        for row in rows
    )
    return DeliveryList(deliveries=shown, next_before=rows[-1].number if len(rows) == limit else None)


@router.post("/{subscriber_id}/deliveries/{event_id}/redeliver", status_code=202)
async def post_redelivery(subscriber_id: Id, event_id: Id, who: Admin, request: Request) -> Told:
    """Tell a subscriber something once more, with the same id: now, before whatever waits."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> None:
        store.subscriber_of(connection, who, subscriber_id)
        store.redeliver(connection, subscriber_id, event_id, at)

    await runtime_of(request).writer.write(write)
    return Told(event_id=event_id)
