"""Pictures are recognised by content; what cameras write into them goes, the pixels stay, broken ones are refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from api.errors import BadFileError
from api.evidence.images import cleaned

SECRET = "GPS 10.38 105.43"


def picture(kind: str, **options: object) -> bytes:
    """A photograph with EXIF, made by another program."""
    made = Image.effect_noise((64, 48), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = SECRET
    file = BytesIO()
    made.save(file, kind, exif=exif, **options)
    return file.getvalue()


def pixels(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as opened:
        return opened.convert("RGB").tobytes()


PICTURES = {
    "jpeg": picture("JPEG", comment=SECRET.encode()),
    "progressive": picture("JPEG", progressive=True),
    "png": picture("PNG"),
    "webp": picture("WEBP"),
    "lossless": picture("WEBP", lossless=True),
}


@pytest.mark.parametrize("kind", list(PICTURES))
def test_metadata_goes_and_the_pixels_stay(kind: str) -> None:
    content = PICTURES[kind]
    assert SECRET.encode() in content
    found = cleaned(content)
    assert SECRET.encode() not in found.content
    assert pixels(found.content) == pixels(content)
    assert cleaned(found.content) == found
    with Image.open(BytesIO(found.content)) as opened:
        assert not opened.getexif()
        assert opened.get_format_mimetype() == found.media_type


def test_words_in_a_png_go() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET)
    words.add_itxt("Place", SECRET, zip=True)
    file = BytesIO()
    Image.new("L", (2, 2)).save(file, "PNG", pnginfo=words)
    assert b"Author" in file.getvalue()
    assert b"Author" not in cleaned(file.getvalue()).content
    assert b"Place" not in cleaned(file.getvalue()).content


def test_what_hangs_behind_a_jpeg_goes() -> None:
    assert cleaned(PICTURES["jpeg"] + b"a film") == cleaned(PICTURES["jpeg"])


@pytest.mark.parametrize("kind", list(PICTURES))
def test_every_cut_is_refused(kind: str) -> None:
    content = cleaned(PICTURES[kind]).content
    for length in range(len(content)):
        with pytest.raises(BadFileError):
            cleaned(content[:length])


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"<svg/>", b"GIF89a", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff"])
def test_other_kinds_are_refused(content: bytes) -> None:
    with pytest.raises(BadFileError):
        cleaned(content)
