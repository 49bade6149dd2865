"""What a phone's camera sees: a slip's QR code, then a parcel's bars, for Chromium's fake camera."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from PIL import Image
from reportlab.graphics.barcode.code128 import Code128

SIZE = (1280, 720)


def picture_of_bars(text: str) -> Image.Image:
    """As the labels have it; `decomposed` names bars in capitals and spaces in small letters, A = one module wide."""
    code: Any = Code128(text, quiet=False)
    for step in (code.validate, code.encode, code.decompose):
        step()
    widths = [(3 * (ord(one.lower()) - ord("a") + 1), one.isupper()) for one in code.decomposed]
    picture = Image.new("RGB", (sum(width for width, _ in widths), 160), "white")
    at = 0
    for width, is_bar in widths:
        if is_bar:
            picture.paste("black", (at, 0, at + width, 160))
        at += width
    return on_paper(picture)


def picture_of_qr(text: str) -> Image.Image:
    picture = BytesIO()
    segno.make(text, error="m").save(picture, kind="png", scale=8)
    return on_paper(Image.open(picture))


def on_paper(picture: Image.Image) -> Image.Image:
    paper = Image.new("RGB", SIZE, "white")
    paper.paste(picture.convert("RGB"), ((SIZE[0] - picture.width) // 2, (SIZE[1] - picture.height) // 2))
    return paper


def write_film(file: Path, slip: str, parcel: str) -> list[str]:
    """Write the film, 20 frames of each; returns what Chromium is started with to show it."""
    frames = [picture_of_qr(f"https://buudien.example/track/{slip}")] * 20 + [picture_of_bars(parcel)] * 20
    with file.open("wb") as opened:
        for frame in frames:
            frame.save(opened, format="JPEG", quality=92)
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    return [*camera, f"--use-file-for-fake-video-capture={file}"]
