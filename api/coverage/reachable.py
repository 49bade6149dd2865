"""Where couriers can come at all: no remedy can be had where they cannot."""

from __future__ import annotations

from api.coverage.document import Means
from api.coverage.situation import Situation
from api.plans.schemas import Words
from geo.matrix import UNREACHABLE


def out_of_reach(situation: Situation) -> frozenset[str]:
    """Places where no remedy can be had."""
    return frozenset(place_id for place_id in situation.number if why_not(situation, place_id) is not None)


def why_not(situation: Situation, place_id: str) -> Words | None:
    """Why no remedy can be had at a place; None = it can."""
    place = situation.places[situation.number[place_id]]
    base_id = situation.network.base_of_commune(place.commune_code)
    if base_id is None:
        return Words(
            vi=f"Chưa bưu cục nào phục vụ {place.name}: không ai đến thu gom.",
            en=f"No base serves {place.name}: nobody would come to collect.",
        )
    base = situation.network.site(base_id)
    vehicles = {courier.vehicle.value for courier in situation.network.bases[base_id]}
    means = [each for each in Means if each.value in vehicles] or [Means.MOTORBIKE]
    row = situation.number[place_id]
    if all(int(situation.ways.to(each, [(base.lon, base.lat)])[row, 0]) == UNREACHABLE for each in means):
        return Words(
            vi=f"Bưu tá của {base.name} không có đường đến {place.name} (cù lao không có phà, hoặc không có đường).",
            en=f"No way leads couriers of {base.name} to {place.name} (an island without a ferry, or no road).",
        )
    return None
