"""
What is said when the ledger does not prove what it should.

UnprovenError
└── BrokenLedgerError   an exported ledger, a head or a receipt that does not hold
"""

from __future__ import annotations

from api.errors import UnprovenError


class BrokenLedgerError(UnprovenError):
    """The ledger does not hold: what is wrong, and at which record."""
