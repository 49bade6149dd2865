"""Where lines begin and call: the hub of a province, and its bases."""

from __future__ import annotations

from api.errors import InputError, NotFoundError
from api.messages import did_you_mean, row_error
from api.network.model import Network
from api.network.rows import Site, SiteKind


def choose_hub(network: Network, hub_id: str | None) -> Site:
    """
    Find the hub: the site named, else the only one of kind hub.

    Raises
    ------
    NotFoundError
        When there is none.
    InputError
        When there are several.
    """
    hubs = [site for site in network.sites if site.kind is SiteKind.HUB]
    if hub_id is not None:
        return _named(network, hub_id)
    if not hubs:
        raise NotFoundError(
            "Không có điểm nào loại hub có hiệu lực trong ngày; hãy chỉ một điểm bằng --hub.",
            "No site of kind hub is in force on the day; name a site with --hub.",
        )
    if len(hubs) > 1:
        named = ", ".join(site.site_id for site in hubs)
        raise InputError(row_error(site.source, "kind", "several_hubs", value=named) for site in hubs[1:])
    return hubs[0]


def _named(network: Network, site_id: str) -> Site:
    known = {site.site_id: site for site in network.sites}
    if site_id not in known:
        hint = {"hint_vi": ".", "hint_en": ".", **did_you_mean(site_id, known)}
        raise NotFoundError(
            f"Không có điểm {site_id} nào có hiệu lực trong ngày{hint['hint_vi']}",
            f"No site {site_id} is in force on the day{hint['hint_en']}",
        )
    return known[site_id]


def bases_of(network: Network, hub: Site) -> tuple[Site, ...]:
    """
    List the sites with couriers, without the hub.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    bases = tuple(network.site(base) for base in network.bases if base != hub.site_id)
    if not bases:
        raise NotFoundError(
            f"Ngoài {hub.site_id} không có bưu cục phát nào (điểm có bưu tá) trong ngày.",
            f"There is no base (a site with couriers) besides {hub.site_id} on the day.",
        )
    return bases
