"""What a network holds on a day, counted: the figures that a province compares with its own decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.network.model import Network, Procedure
from api.network.rows import SiteKind

AGENCY_KINDS = (SiteKind.AGENCY, SiteKind.ONE_STOP)
"""Sites where the State decides or receives."""


@dataclass(frozen=True, slots=True)
class PostalList:
    """The procedures that one decision allows to go by post, or keeps from it."""

    decision_no: str
    """Empty = the catalogue names none."""
    postal: bool
    procedures: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The rows in force on a day."""

    name: str
    valid_on: date
    sha256: str
    sites: dict[str, int]
    """By kind; a kind without sites is 0."""
    agency_nodes: int
    """Agencies and one-stop desks together."""
    reception_desks: int
    """One-stop desks alone."""
    procedures: dict[str, int]
    """By level that decides; `none` = the catalogue does not say."""
    postal: dict[str, int]
    """Of those that may go by post, likewise by level."""
    lists: tuple[PostalList, ...]
    """By decision number, those that may go first."""
    areas: int
    couriers: int
    """The reserve included."""
    lines: int
    """Runs."""


def summarise(network: Network) -> Summary:
    """
    Count what is in force.

    Parameters
    ----------
    network
        Of one day: `Network.on(day)`.

    Raises
    ------
    ValueError
        When it is that of all days.
    """
    if network.valid_on is None:
        raise ValueError("rows are dated: choose a day with Network.on first")
    kinds = Counter(site.kind for site in network.sites)
    return Summary(
        name=network.name,
        valid_on=network.valid_on,
        sha256=network.sha256,
        sites={kind.value: kinds[kind] for kind in SiteKind},
        agency_nodes=sum(kinds[kind] for kind in AGENCY_KINDS),
        reception_desks=kinds[SiteKind.ONE_STOP],
        procedures=_by_level(network.procedures),
        postal=_by_level(procedure for procedure in network.procedures if procedure.postal),
        lists=_lists(network.procedures),
        areas=len(network.areas),
        couriers=len(network.couriers),
        lines=len(network.lines),
    )


def _by_level(procedures: Iterable[Procedure]) -> dict[str, int]:
    levels = Counter(procedure.level.value if procedure.level else "none" for procedure in procedures)
    return {word: levels[word] for word in ("province", "district", "commune", "none")}


def _lists(procedures: Iterable[Procedure]) -> tuple[PostalList, ...]:
    counts = Counter((procedure.decision_no, procedure.postal) for procedure in procedures)
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], not item[0][1]))
    return tuple(PostalList(decision, postal, count) for (decision, postal), count in ordered)
