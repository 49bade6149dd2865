"""
A plan as a folder that proves itself: the plan, what it was made from, and what is handed out.

    plan.json         the plan
    routes.geojson    for maps
    rounds/           one GPX and one PDF a courier
    inputs/           the network and the shipments as they were read, with the roads as they were built
    manifest.json     SHA-256 of every other file

The folder appears at once or not at all, and never takes the place of files that it did not write itself.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from api.errors import ExistsError, InputError, NotFoundError, RowError
from api.network.model import Network
from api.plans.export import plan_geojson, round_gpx
from api.plans.schemas import Plan, parse_plan
from api.shipments.model import ShipmentList
from geo.roads import Roads

PLAN = "plan.json"
ROUTES = "routes.geojson"
ROUNDS = "rounds"
INPUTS = "inputs"
MANIFEST = "manifest.json"
ROADS = "roads.roads"
_SCHEMA = "duongthu/plan-folder/1"


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that a plan was made from."""

    network: Path
    """A folder of CSV files, a workbook or a JSON file."""
    shipments: Path


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which files of the folder belong to the plan."""

    sources: Sources
    """Relative to the folder."""
    files: dict[str, str]
    """SHA-256 by relative path."""


def write_plan_folder(
    out: Path,
    plan: Plan,
    sources: Sources,
    network: Network,
    shipments: ShipmentList,
    roads: Roads,
    *,
    executor: Executor | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> None:
    """
    Write a plan with everything that proves it.

    Parameters
    ----------
    network
        In force on the plan's day.
    executor
        Prints the round sheets; None = one after another, here.
    on_progress
        Called with the number of rounds printed, and of all.

    Raises
    ------
    ExistsError
        When `out` holds files of somebody else.
    """
    require_free(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
        folder = Path(name) / "plan"
        folder.mkdir()
        (folder / PLAN).write_text(plan.to_json(), encoding="utf-8")
        drawn = json.dumps(plan_geojson(plan, network, shipments), ensure_ascii=False, separators=(",", ":"))
        (folder / ROUTES).write_text(drawn + "\n", encoding="utf-8")
        _write_rounds(folder / ROUNDS, plan, network, shipments, executor, on_progress)
        kept = _keep_inputs(folder / INPUTS, sources, roads)
        _write_manifest(folder, kept)
        _take_the_place(folder, out, Path(name) / "before")


def require_free(out: Path) -> None:
    """
    Make sure that a plan may be written to a folder: it is new, empty, or an earlier plan with nothing added.

    Raises
    ------
    ExistsError
        When it is not.
    """
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir():
        raise ExistsError(f"{out} đã có và không phải là thư mục.", f"{out} exists and is no folder.")
    found = set(_files(out))
    if not found:
        return
    own = {*read_manifest(out).files, MANIFEST} if MANIFEST in found else set()
    if foreign := sorted(found - own):
        raise ExistsError(
            f"Thư mục {out} có tệp khác ({foreign[0]}); hãy chọn thư mục mới hoặc trống.",
            f"The folder {out} holds other files ({foreign[0]}); choose a new or empty one.",
        )


def read_manifest(folder: Path) -> Manifest:
    """
    Read which files a plan folder should hold.

    Raises
    ------
    NotFoundError
        When it is no plan folder.
    InputError
        When its manifest is malformed.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise NotFoundError(
            f"{folder} không phải là thư mục kế hoạch: thiếu {MANIFEST}.",
            f"{folder} is no plan folder: it has no {MANIFEST}.",
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        schema = str(data["schema"])
        files = {str(name): str(digest) for name, digest in data["files"].items()}
        sources = Sources(_inside(data["network"]), _inside(data["shipments"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError([_malformed(MANIFEST, str(error))]) from error
    if schema != _SCHEMA:
        raise InputError([_malformed(MANIFEST, f"schema {schema}")])
    return Manifest(sources, files)


def read_plan(folder: Path) -> Plan:
    """
    Read the plan of a folder.

    Raises
    ------
    NotFoundError
        When there is none.
    InputError
        When it is malformed: every place is named.
    """
    path = folder / PLAN
    if not path.is_file():
        raise NotFoundError(f"Không có {PLAN} trong {folder}.", f"There is no {PLAN} in {folder}.")
    try:
        return parse_plan(path.read_bytes())
    except ValidationError as error:
        rows = [_malformed(PLAN, f"{'.'.join(map(str, e['loc']))}: {e['msg']}") for e in error.errors()]
        raise InputError(rows) from error


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def plan_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder but the manifest, by relative path."""
    return {name: digest(folder / name) for name in sorted(_files(folder)) if name != MANIFEST}


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _inside(name: object) -> Path:
    path = Path(str(name))
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{name} lies outside the folder")
    return path


def _malformed(file: str, reason: str) -> RowError:
    return RowError(file, None, None, "malformed", f"tệp không đúng dạng: {reason}", f"the file is malformed: {reason}")


def _write_rounds(
    folder: Path,
    plan: Plan,
    network: Network,
    shipments: ShipmentList,
    executor: Executor | None,
    on_progress: Callable[[int, int], None] | None,
) -> None:
    from api.reports.printing import round_sheet_pdf
    from api.reports.round_sheet import round_sheets

    folder.mkdir()
    sheets = round_sheets(plan, network, shipments)
    printed = executor.map(round_sheet_pdf, sheets) if executor is not None else map(round_sheet_pdf, sheets)
    for done, (route, pdf) in enumerate(zip(plan.routes, printed, strict=True), 1):
        (folder / f"{route.courier_id}.gpx").write_text(round_gpx(plan, route, network), encoding="utf-8")
        (folder / f"{route.courier_id}.pdf").write_bytes(pdf)
        if on_progress is not None:
            on_progress(done, len(sheets))


def _keep_inputs(folder: Path, sources: Sources, roads: Roads) -> Sources:
    """Copy what was read; the roads go along as built, so that neither an extract nor this version is needed later."""
    folder.mkdir()
    shipments = folder / f"shipments{sources.shipments.suffix}"
    shutil.copyfile(sources.shipments, shipments)
    network = folder / "network" / sources.network.resolve().name  # a network without a name has its folder's
    network.parent.mkdir()
    if sources.network.is_dir():
        network.mkdir()
        for path in sorted(sources.network.iterdir()):
            if path.is_file() and not path.name.startswith(("roads.", ".")):
                shutil.copyfile(path, network / path.name)
    else:
        shutil.copyfile(sources.network, network)
        beside = sources.network.with_name("settings.toml")
        if beside.is_file():
            shutil.copyfile(beside, network.with_name("settings.toml"))
    roads.save((network if network.is_dir() else network.parent) / ROADS)
    return Sources(network, shipments)


def _write_manifest(folder: Path, kept: Sources) -> None:
    said = {
        "schema": _SCHEMA,
        "network": kept.network.relative_to(folder).as_posix(),
        "shipments": kept.shipments.relative_to(folder).as_posix(),
        "files": plan_files(folder),
    }
    (folder / MANIFEST).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def _take_the_place(folder: Path, out: Path, before: Path) -> None:
    """Rename into place; an earlier plan is put back when that fails."""
    if out.exists():
        out.rename(before)
    try:
        folder.rename(out)
    except OSError:
        if before.exists():
            before.rename(out)
        raise
