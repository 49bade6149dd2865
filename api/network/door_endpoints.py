"""What a courier needs to take papers in at a door without a signal, in one answer that the phone keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response

from api.auth.access import allow
from api.auth.province import own_province
from api.auth.roles import Role, Who
from api.network.changing import road_folder
from api.network.model import Network
from api.network.rows import Procedure, SiteKind
from api.network.schemas import DoorAgency, DoorCatalogue, DoorCommune, DoorProcedure, DoorTariff
from api.network.store import list_versions, read_network_at
from api.service.runtime import runtime_of
from geo.units import load_communes

router = APIRouter(prefix="/api/v1/network", tags=["network"])
Courier = Annotated[Who, allow(Role.COURIER)]
AGENCIES = frozenset({SiteKind.AGENCY, SiteKind.ONE_STOP})


@router.get("/door", response_model=DoorCatalogue)
def read_door(request: Request, who: Courier) -> Response:
    """Answer with today's procedures, tariff, agencies, and the communes of the caller's base."""
    runtime, province_id, at = runtime_of(request), own_province(who), datetime.now(UTC)
    with runtime.database.read() as connection:
        network = read_network_at(connection, province_id, folder=road_folder(runtime, province_id))
        (newest,) = list_versions(connection, province_id, before=None, limit=1)
    day = at.astimezone(network.settings.zone).date()
    # A phone's browser shows the tag it kept, whoever it was kept for: the next courier's base serves other communes.
    tag = f'"{newest.version}-{day}-{who.courier_id}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    found = _catalogue(network.on(day), who)
    return Response(found.model_dump_json(), media_type="application/json", headers=headers)


def _catalogue(network: Network, who: Who) -> DoorCatalogue:
    assert network.valid_on is not None
    bases = {courier.base_id for courier in network.couriers if courier.courier_id == who.courier_id}
    names = load_communes(network.valid_on).by_code
    codes = sorted(area.commune_code for area in network.areas if area.base_id in bases)
    sites = sorted(network.sites, key=lambda site: site.name)
    return DoorCatalogue(
        day=network.valid_on,
        procedures=tuple(_procedure(one) for one in network.procedures),
        tariffs=tuple(
            DoorTariff(level=t.level, commune=t.commune_code, procedure=t.procedure_code, dong=t.postage_dong)
            for t in network.tariffs
        ),
        agencies=tuple(DoorAgency(site_id=s.site_id, name=s.name) for s in sites if s.kind in AGENCIES),
        communes=tuple(DoorCommune(code=code, name=names[code].name) for code in codes),
    )


def _procedure(one: Procedure) -> DoorProcedure:
    return DoorProcedure(
        code=one.procedure_code,
        title=one.title,
        level=one.level,
        postal=one.postal,
        decision_no=one.decision_no,
        digital_enough=one.digital_enough,
    )
