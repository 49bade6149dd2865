"""Forms written by httpx are read whole or refused."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.custody.forms import MOST_FILES, Form, read_form
from api.errors import BadFileError

BATCH = '{"events":["Thư ✓"]}'
PHOTOS = [b"\xff\xd8\r\n--\r\n", b"", b"\r\n" * 3]


def written(*parts: tuple[str, tuple[str | None, bytes]]) -> tuple[str, bytes]:
    """A form as a client sends it; a name of None makes a field."""
    request = httpx.Request("POST", "http://localhost/", files=list(parts))
    return request.headers["content-type"], request.read()


def photo(content: bytes) -> tuple[str, tuple[str | None, bytes]]:
    return "files", ("ảnh 1.jpg", content)


def batch(text: str = BATCH) -> tuple[str, tuple[str | None, bytes]]:
    return "batch", (None, text.encode())


@given(st.text(max_size=20), st.lists(st.binary(max_size=30), max_size=4))
def test_what_a_client_writes_is_read(text: str, photos: list[bytes]) -> None:
    assert read_form(*written(batch(text), *map(photo, photos))) == Form(text.encode(), photos)


def test_the_batch_may_stand_anywhere() -> None:
    assert read_form(*written(photo(b"1"), batch(), photo(b"2"))) == Form(BATCH.encode(), [b"1", b"2"])


def test_a_form_that_breaks_off_anywhere_is_refused() -> None:
    kind, body = written(batch(), *map(photo, PHOTOS))
    whole = len(body.rstrip(b"\r\n"))
    for end in range(whole):
        with pytest.raises(BadFileError):
            read_form(kind, body[:end])
    assert read_form(kind, body[:whole]).files == PHOTOS


@pytest.mark.parametrize(
    "parts",
    [
        [photo(b"1")],
        [batch(), batch()],
        [batch(), ("photo", ("1.jpg", b"1"))],
        [batch(), ("files", (None, b"1"))],
        [("batch", ("batch.json", b"{}"))],
        [batch(), *[photo(b"1")] * (MOST_FILES + 1)],
    ],
    ids=["no batch", "two", "another name", "no file", "batch as file", "too many"],
)
def test_other_parts_are_refused(parts: list[tuple[str, tuple[str | None, bytes]]]) -> None:
    with pytest.raises(BadFileError):
        read_form(*written(*parts))


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary=other"])
def test_another_content_type_is_refused(kind: str) -> None:
    with pytest.raises(BadFileError):
        read_form(kind, written(batch())[1])
