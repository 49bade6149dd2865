"""`python -m benchmarks.ledger`: how many records of an exported ledger are verified a second, on one core."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from api.custody.chain import canonical
from api.custody.exported import write_export
from api.custody.verifying import verify_export
from benchmarks.machine import machine


def record(seq: int) -> bytes:
    """Canonical bytes of a record of the usual size."""
    return canonical({
        "at": f"2026-11-20T08:{seq // 60 % 60:02}:{seq % 60:02}+07:00",
        "device_id": f"phone-{seq % 200}",
        "event_id": f"01930000-0000-7000-8000-{seq:012}",
        "evidence": ["9f" * 32],
        "recorded_at": f"2026-11-20T08:{seq // 60 % 60:02}:{seq % 60:02}+07:00",
        "recipient": "5d" * 32,
        "shipments": [f"CA{seq:09}VN"],
        "site_id": "AG-CHAU-DOC",
        "type": "DELIVER",
    })  # fmt: skip


def main() -> None:
    """Write a ledger, verify it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--runs", type=int, default=3, help="The best one counts.")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        with path.open("wb") as file:
            write_export(file, "ledger.example/bench", map(record, range(options.records)))
        seconds = min(_verify(path) for _ in range(options.runs))
        size = path.stat().st_size / options.records
    print(machine())
    print(f"{options.records:,} records of {size:.0f} bytes in {seconds:.2f} s: {options.records / seconds:,.0f}/s")


def _verify(path: Path) -> float:
    began = time.process_time()
    with path.open("rb") as file:
        verify_export(file)
    return time.process_time() - began


if __name__ == "__main__":
    main()
