import bz2
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import osmium
import pytest

from geo.errors import CutOffError, ExtractError, NotExtractError
from geo.extract_file import FORMATS
from geo.osm import read_roads
from tests.geo.samples import square

XML = square().xml().encode()


def packed(folder: Path) -> bytes:
    """The square as .osm.pbf."""
    path = folder / "packed.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for thing in osmium.FileProcessor(str(square().write(folder, "plain.osm"))):
            writer.add(thing)
    return path.read_bytes()


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.osm", content)
    return buffer.getvalue()


def fault(folder: Path, name: str, content: bytes) -> ExtractError:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(ExtractError, match=name.replace(".", r"\.")) as caught:
        read_roads(path)
    return caught.value


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.pbf", "A.OSM.PBF", "a.osm", "a.osm.gz", "a.osm.bz2"])
def test_every_format_gives_the_same_roads(tmp_path: Path, name: str) -> None:
    packers: dict[str, Callable[[bytes], bytes]] = {
        ".pbf": lambda _: packed(tmp_path),
        ".gz": gzip.compress,
        ".bz2": bz2.compress,
    }
    path = tmp_path / name
    path.write_bytes(packers.get(path.suffix.lower(), bytes)(XML))
    assert read_roads(path)["van"].num_arcs == 8


@pytest.mark.parametrize("kept", [2, 4, 9, 14, 30, 0.3, 0.6, 0.9, -1])
def test_cut_off_pbf_is_told_from_other_files(tmp_path: Path, kept: float) -> None:
    whole = packed(tmp_path)
    end = int(kept * len(whole)) if 0 < kept < 1 else int(kept)
    assert type(fault(tmp_path, "a.osm.pbf", whole[:end])) is CutOffError


@pytest.mark.parametrize("kept", [0.1, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2"])
def test_cut_off_xml_is_told_from_other_files(tmp_path: Path, kept: float, suffix: str) -> None:
    packers: dict[str, Callable[[bytes], bytes]] = {".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}
    whole = packers.get(suffix, bytes)(XML)
    assert type(fault(tmp_path, f"a{suffix}", whole[: int(kept * len(whole))])) is CutOffError


HTML = b"<!doctype html><html><body>404 Not Found</body></html>" * 3


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.osm.pbf", b"", "is empty"),
        ("a.osm", b"", "is empty"),
        ("a.osm.pbf", zipped(XML), "a zip archive: unpack it"),
        ("a.osm", zipped(XML), "a zip archive: unpack it"),
        ("a.osm.gz", zipped(XML), "a zip archive: unpack it"),
        ("a.osm.pbf", gzip.compress(XML), "let its name end in .osm.gz"),
        ("a.osm", gzip.compress(XML), "let its name end in .osm.gz"),
        ("a.osm", bz2.compress(XML), "let its name end in .osm.bz2"),
        ("a.osm.pbf", XML, "XML or a web page"),
        ("a.osm.pbf", HTML, "XML or a web page"),
        ("a.osm", HTML, "XML or a web page"),
        ("a.osm", b'<?xml version="1.0"?><gpx></gpx>', "XML or a web page"),
        ("a.osm", b'<?xml version="1.0"?><osm version="0.5"></osm>', "version 0.5"),
        ("a.osm", b'{"type": "FeatureCollection"}', "JSON"),
        ("a.osm", b"duong, thu, tinh\n" * 9, "something else"),
        ("a.osm.pbf", b"duong, thu, tinh\n" * 9, "something else"),
        ("a.geojson", b"{}", "by its name"),
        ("a.shp", XML, "by its name"),
        ("roads", XML, "by its name"),
    ],
)
def test_what_is_no_extract_is_told_with_what_it_is(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    error = fault(tmp_path, name, content)
    assert type(error) is NotExtractError
    assert reason in str(error)


def test_pbf_under_another_name_is_told(tmp_path: Path) -> None:
    error = fault(tmp_path, "a.osm", packed(tmp_path))
    assert type(error) is NotExtractError
    assert "an .osm.pbf: rename it" in str(error)


def test_damage_inside_is_neither_cut_off_nor_another_kind(tmp_path: Path) -> None:
    whole = bytearray(packed(tmp_path))
    whole[-60:-20] = bytes(40)
    assert type(fault(tmp_path, "a.osm.pbf", bytes(whole))) is ExtractError
    assert type(fault(tmp_path, "a.osm", XML.replace(b"<way", b"<w<y"))) is ExtractError


@pytest.mark.parametrize("suffix", FORMATS)
def test_folder_is_no_extract(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").mkdir()
    with pytest.raises(NotExtractError, match="is a folder"):
        read_roads(tmp_path / f"a{suffix}")


def test_extract_that_may_not_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    path = square().write(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ExtractError, match=r"sample\.osm may not be opened: Permission denied"):
        read_roads(path)
