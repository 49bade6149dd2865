"""The table of evidence in force, as pages read it: what they ask for before they let an event go."""

from __future__ import annotations

from api.custody.evidence_rules import OFFLINE, EvidenceRules
from api.rounds.schemas import EvidenceTable


def evidence_table(rules: EvidenceRules) -> EvidenceTable:
    """Write the rules of a province as a table."""
    return EvidenceTable(
        outcomes={kind.value: needs for kind, needs in rules.outcomes.items()},
        reasons={reason.value: needs for reason, needs in rules.reasons.items()},
        scans_only=rules.scans_only,
        offline={kind.value: needs for kind, needs in OFFLINE.items()},
    )
