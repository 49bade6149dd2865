"""Positions and progress over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection, Row

from api.auth.access import allow
from api.auth.province import own_province
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.errors import ForbiddenError, NotFoundError, RefusedError
from api.live.fixes import judged
from api.live.position_store import add_fixes, consent_of, put_consent
from api.live.schemas import Consent, ConsentAnswer, DayProgress, FixBatch, FixesAnswer
from api.live.showing import shown
from api.plans.schemas import Words
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/live", tags=["live"])
Courier = Annotated[Who, allow(Role.COURIER)]
Watcher = Annotated[Who, allow(Role.DISPATCHER, Role.AUDITOR)]

TERMS: Final = "2026-1"
"""Changed with the words below: then everybody is asked anew."""
TERMS_WORDS: Final = Words(
    vi=(
        "Tôi đồng ý để điều phối viên thấy vị trí của tôi trong ca làm việc có chuyến phát đã công bố. Ngoài ca không "
        "ghi vị trí. Tôi có thể rút lại bất cứ lúc nào; vị trí được xóa sau thời hạn lưu."
    ),
    en=(
        "I agree that dispatchers see where I am during shifts with a published round. Outside of them nothing is "
        "kept. I can withdraw this at any time; positions are deleted at the end of their retention."
    ),
)


class NoConsentError(RefusedError):
    """The courier did not agree to be seen."""

    code = "no_consent"


class NoRoundError(RefusedError):
    """The courier has no published round that day."""

    code = "no_round"


@router.get("/consent")
def read_consent(who: Courier, request: Request) -> ConsentAnswer:
    """Say what one agreed to, and what the words are."""
    with runtime_of(request).database.read() as connection:
        return _consent(consent_of(connection, who.user_id))


@router.put("/consent")
def write_consent(body: Consent, who: Courier, request: Request) -> ConsentAnswer:
    """Agree to be seen during shifts, or withdraw that: then the last position is gone at once."""
    if body.given and body.terms != TERMS:
        raise RefusedError("Nội dung đồng ý đã thay đổi, hãy đọc lại.", "The words have changed: read them again.")

    def write(connection: Connection) -> ConsentAnswer:
        put_consent(connection, who, given=body.given, terms=body.terms, at=datetime.now(UTC))
        return _consent(consent_of(connection, who.user_id))

    return runtime_of(request).writer.write_now(write)


@router.post("/positions")
def post_positions(body: FixBatch, who: Courier, request: Request) -> FixesAnswer:
    """
    Keep where a courier's phone was, within the shift and with consent only.

    Sending again is harmless. Each fix that is refused is named with its reason; without consent (`no_consent`) or a
    published round (`no_round`) all are (409).
    """
    runtime, now = runtime_of(request), datetime.now(UTC)
    if who.device_id is None:
        raise ForbiddenError("Bưu tá chỉ gửi từ thiết bị đã đăng ký.", "A courier sends from an enrolled device.")
    published = runtime.rounds.on(own_province(who), body.day)
    mine = published.rounds.get(str(who.courier_id)) if published is not None else None
    if published is None or mine is None:
        raise NoRoundError(f"Không có chuyến đã công bố ngày {body.day}.", f"No round is published on {body.day}.")
    fixes = judged(body, now, mine, published)

    def write(connection: Connection) -> int:
        said = consent_of(connection, who.user_id)
        if said is None or not said.given or said.terms != TERMS:
            raise NoConsentError("Bưu tá chưa đồng ý chia sẻ vị trí.", "The courier has not agreed to be seen.")
        return add_fixes(connection, who, mine.route.base_id, fixes.good)

    accepted = runtime.writer.write_now(write)
    return FixesAnswer(
        accepted=accepted,
        duplicate=len(fixes.good) - accepted,
        refused=fixes.refused,
        clock_is_wrong=fixes.clock_is_wrong,
    )


@router.get("/progress")
def read_progress(who: Watcher, request: Request, day: Annotated[date, Query(examples=["2026-11-25"])]) -> DayProgress:
    """
    Say how far the couriers of one's offices are and how late they will be; dispatchers also learn where they are.

    Couriers agreed to be seen by dispatchers, so an auditor gets no position.
    """
    runtime, province_id, now = runtime_of(request), own_province(who), datetime.now(UTC)
    published = runtime.rounds.on(province_id, day)
    if published is None:
        raise NotFoundError(f"Chưa công bố kế hoạch ngày {day}.", f"No plan is published for {day}.")
    theirs = [one for one in published.rounds.values() if who.scope.covers(province_id, one.route.base_id)]
    seen = [one.route.courier_id for one in theirs]
    runtime.writer.write_now(
        lambda connection: note_look(connection, now, who, "live_progress", day.isoformat(), couriers=seen)
    )
    with runtime.database.read() as connection:
        couriers = shown(connection, province_id, published, theirs, now, places=who.role is Role.DISPATCHER)
    return DayProgress(day=day, plan_id=published.plan_id, version=published.version, now=now, couriers=couriers)


def _consent(said: Row[Any] | None) -> ConsentAnswer:
    given = said is not None and said.given and said.terms == TERMS
    return ConsentAnswer(given=given, at=said.at if said is not None else None, terms=TERMS, words=TERMS_WORDS)
