"""The door to all formats: it tells them apart, and answers every broken file with one kind of error."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.formats import Format, Instance, InstanceFileError, InstanceOptionError, Rounding, read_instance
from routing.formats.reader import GIVEN, PLANAR, detect
from tests.routing.formats.samples import JD, LI_LIM, SARTORI, SOLOMON, WANG_CHEN, vroom

SAMPLES = {
    Format.SOLOMON: SOLOMON,
    Format.LI_LIM: LI_LIM,
    Format.SARTORI_BURIOL: SARTORI,
    Format.JD_VRPSPDTW: JD,
    Format.WANG_CHEN: WANG_CHEN,
    Format.VROOM: json.dumps(vroom(), indent=1),
}
GARBAGE = ["", "x", "-1", "1e400", "99999999999999", "0", "1.5", "\n", "[", "null", "٣"]


def parse(kind: Format, text: str) -> Instance:
    return PLANAR[kind]("file", text, Rounding.EXACT) if kind in PLANAR else GIVEN[kind]("file", text)


@pytest.mark.parametrize("kind", Format)
def test_each_format_is_told_by_how_it_begins(kind: Format, tmp_path: Path) -> None:
    path = tmp_path / "instance"
    path.write_text(SAMPLES[kind])
    assert detect("instance", SAMPLES[kind]) is kind
    assert read_instance(path).format is read_instance(path, kind.value).format is kind


@pytest.mark.parametrize("kind", Format)
@given(data=st.data())
def test_a_truncated_file_is_read_or_named_but_never_a_traceback(kind: Format, data: st.DataObject) -> None:
    text = SAMPLES[kind]
    cut = data.draw(st.integers(1, len(text) - 1))
    with suppress(InstanceFileError):
        parse(kind, text[:cut])


@pytest.mark.parametrize("kind", Format)
@given(data=st.data())
def test_a_garbled_file_is_read_or_named_but_never_a_traceback(
    kind: Format, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    words = SAMPLES[kind].split(" ")
    at = data.draw(st.integers(0, len(words) - 1))
    words[at] = data.draw(st.sampled_from(GARBAGE))
    path = tmp_path_factory.mktemp("garbled") / "file"
    path.write_text(" ".join(words))
    with suppress(InstanceFileError):
        read_instance(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xff\xfe\x00R", "not UTF-8"),
        (b"once upon a time\n", "none of the known formats"),
        (b"{ not json", "not JSON"),
    ],
)
def test_what_is_no_instance_is_named(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(content)
    with pytest.raises(InstanceFileError, match=rf"^odd\.txt.*{reason}"):
        read_instance(path)


def test_a_folder_is_no_instance(tmp_path: Path) -> None:
    with pytest.raises(InstanceFileError, match="folder"):
        read_instance(tmp_path)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_instance(tmp_path / "nothing.txt")


def test_options_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "town.txt"
    path.write_text(SARTORI)
    with pytest.raises(InstanceOptionError, match="format must be"):
        read_instance(path, "cvrplib")
    with pytest.raises(InstanceOptionError, match="gives its own"):
        read_instance(path, rounding=Rounding.DIMACS)
