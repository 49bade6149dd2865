"""What a desk asks before it takes papers: may they go by post, and what does that cost?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.auth.access import EVERY_ROLE, allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Who
from api.network.changing import road_folder
from api.network.postal import may_go_by_post
from api.network.schemas import Postage
from api.network.store import read_network_at
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/network", tags=["network"])
Reader = Annotated[Who, allow(*EVERY_ROLE)]
Key = Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]


@router.get("/postage")
def read_postage(
    request: Request,
    who: Reader,
    procedure: Key,
    commune: Annotated[Key, Query(description="Of the citizen's end.")],
    on: Annotated[date | None, Query(description="The day of acceptance; empty = today.")] = None,
    province: ProvinceQuery = None,
) -> Postage:
    """Price a procedure's papers by the tariff in force; one that may not go by post says so by its decision."""
    runtime, province_id = runtime_of(request), province_of(who, province)
    with runtime.database.read() as connection:
        network = read_network_at(connection, province_id, folder=road_folder(runtime, province_id))
    there = network.on(on or datetime.now(UTC).astimezone(network.settings.zone).date())
    verdict = may_go_by_post(there, procedure)
    found = there.procedure(procedure)
    return Postage(
        procedure_code=procedure,
        title=found.title,
        allowed=verdict.allowed,
        decision_no=verdict.decision_no,
        message_vi=verdict.message_vi,
        message_en=verdict.message_en,
        digital_enough=found.digital_enough,
        postage_dong=there.postage(found.level, commune, procedure),
    )
