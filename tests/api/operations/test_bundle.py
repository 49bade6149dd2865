"""The real bundle, installed and used where there is no network at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from api.network.template import write_template
from api.version import VERSION
from build_bundle import ROOT, gather, lay_out, own_wheel, pack, requirements
from tests.api.operations.wheels import as_version
from tests.api.small_day import DAY, write_small_day

pytestmark = [pytest.mark.long, pytest.mark.slow, pytest.mark.bundle]

NAMESPACES = ("unshare", "--user", "--map-root-user", "--net")
NEXT = "99.0"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every wheel of the bundle, fetched once."""
    folder = tmp_path_factory.mktemp("wheels")
    gather(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def archive(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle."""
    return pack(ROOT, wheels, requirements(ROOT), tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def bundle(archive: Path) -> Path:
    """The bundle, unpacked beside it."""
    with tarfile.open(archive) as opened:
        opened.extractall(archive.parent, filter="data")
    return archive.parent / archive.name.removesuffix(".tar.gz")


def copy_of(wheels: Path, folder: Path) -> Path:
    return Path(shutil.copytree(wheels, folder, copy_function=os.link))


@pytest.fixture
def namespaces() -> None:
    if shutil.which("unshare") is None or subprocess.run([*NAMESPACES, "true"], capture_output=True).returncode:
        pytest.skip("network namespaces are not allowed here (unshare)")


def bare_environment(home: Path) -> dict[str, str]:
    """Nothing that tells pip of an index, a folder of wheels or a cache; the compiled kernel may be shared."""
    compiled = os.environ.get("DUONGTHU_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    base = str(Path(sys.base_prefix, "bin", "python3"))
    return {
        "PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHON": base, "PIP_CONFIG_FILE": os.devnull, "LANG": "C.UTF-8",
        "DUONGTHU_CACHE": compiled,
    }  # fmt: skip


@pytest.mark.timeout(1_200)
def test_installs_serves_upgrades_and_goes_back_without_any_network(
    bundle: Path, wheels: Path, tmp_path: Path, namespaces: None
) -> None:
    following = copy_of(wheels, tmp_path / "next")
    (own,) = following.glob("duongthu-*.whl")
    as_version(own, NEXT, following)
    own.unlink()
    home = tmp_path / "home"
    home.mkdir()
    write_small_day(tmp_path)

    script = Path(__file__).with_name("offline.py")
    bundles = bundle, lay_out(ROOT, following, requirements(ROOT), tmp_path)
    paths = (str(path) for path in (script, *bundles, tmp_path))
    command = [*NAMESPACES, sys.executable, "-I", *paths, DAY.isoformat()]
    done = subprocess.run(command, env=bare_environment(home), capture_output=True, text=True, timeout=1_100)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("offline: done\n")
    ours = write_template(tmp_path / "ours")
    for file in ours:
        if file.suffix != ".xlsx":  # a workbook holds the moment at which it was written
            assert (tmp_path / "template" / file.name).read_bytes() == file.read_bytes()


def test_bundle_holds_the_pages_and_a_wheel_for_everything(bundle: Path) -> None:
    assert (bundle / "VERSION").read_text() == f"{VERSION}\n"
    listed = {line.split("  ")[1] for line in (bundle / "SHA256SUMS").read_text().splitlines()}
    present = {file.relative_to(bundle).as_posix() for file in bundle.rglob("*") if file.is_file()}
    assert present - listed == {"SHA256SUMS"}
    assert {"docs/operations.md", "docs/van-hanh.md", "operations/duongthu.service"} < listed
    names = {name.split("/")[1].split("-")[0].lower() for name in listed if name.startswith("wheels/")}
    assert {"duongthu", "fastapi", "ortools", "psycopg", "psycopg_binary"} < names


def test_building_twice_gives_the_same_bytes(archive: Path, wheels: Path, tmp_path: Path) -> None:
    """The wheels of others are held by their hashes: only the own one is built."""
    again = copy_of(wheels, tmp_path / "wheels")
    (own,) = again.glob("duongthu-*.whl")
    own.unlink()
    own_wheel(ROOT, again)
    assert pack(ROOT, again, requirements(ROOT), tmp_path).read_bytes() == archive.read_bytes()
