"""What subscribers can be told, and with which facts: what is not named here cannot leave by this way."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Something that happened."""

    TEST = "webhook.test"
    SHIPMENT_EVENT = "shipment.event"
    """An event was taken into the custody ledger."""
    PLAN_PUBLISHED = "plan.published"
    PLAN_WITHDRAWN = "plan.withdrawn"
    IMPORT_TAKEN = "import.taken"


Fact = str | int | bool | None

FACTS: dict[Kind, frozenset[str]] = {
    Kind.TEST: frozenset(),
    Kind.SHIPMENT_EVENT: frozenset({"event_id", "kind", "outcome", "reason", "site_id", "at"}),
    Kind.PLAN_PUBLISHED: frozenset({"site_id", "day", "version"}),
    Kind.PLAN_WITHDRAWN: frozenset({"site_id", "day", "version"}),
    Kind.IMPORT_TAKEN: frozenset({"site_id", "day", "rows"}),
}
"""Codes, counts and moments: never a name, a phone number, an address or a place of a person."""

LONGEST_FACT = 80
"""Characters."""


def require_known(kind: Kind, facts: dict[str, Fact]) -> None:
    """
    Keep out what was not agreed on.

    Raises
    ------
    ValueError
        When a fact is not among those of its kind, or is longer than a code is.
    """
    if unknown := facts.keys() - FACTS[kind]:
        raise ValueError(f"a webhook of kind {kind} tells {sorted(FACTS[kind])}, not {sorted(unknown)}")
    if any(isinstance(value, str) and len(value) > LONGEST_FACT for value in facts.values()):
        raise ValueError(f"a fact of a webhook has at most {LONGEST_FACT} characters")
