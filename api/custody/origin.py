"""The ledger's name."""

from __future__ import annotations

from urllib.parse import urlsplit


def ledger_origin(public_url: str) -> str:
    """
    Name a deployment's ledger after its address, as C2SP checkpoints do.

    It is used once, when the ledger begins; an address that changes later changes nothing.
    """
    return f"{urlsplit(public_url).netloc}/ledger"
