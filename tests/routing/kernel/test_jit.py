"""Compiled code is that of the sources, wherever it is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import routing
from routing.kernel import cache
from routing.kernel.jit import inner, jit

PACKAGE = Path(routing.__file__).parent
DOOR = """
from routing.constraints.limit import allowed
from routing.kernel.jit import jit

@jit
def work(n):
    return allowed(n)
"""
LIMIT = """
from routing.kernel.jit import leaf

@leaf
def allowed(n):
    return n < {limit}
"""
ASK = """
from routing.kernel.anneal import work
from routing.kernel.cache import compiling_alone
from routing.kernel.jit import compiling

told = []
with compiling_alone(), compiling(lambda: told.append(True)):
    print(work({n}), len(told))
"""


class Project:
    """A small project of the same make: one door in `kernel`, one formula in `constraints`."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        for room in (".", "kernel", "constraints"):
            (folder / "routing" / room).mkdir(parents=True, exist_ok=True)
            (folder / "routing" / room / "__init__.py").touch()
        for name in ("cache.py", "jit.py", "linking.py"):
            shutil.copy(PACKAGE / "kernel" / name, folder / "routing" / "kernel")
        (folder / "routing" / "kernel" / "anneal.py").write_text(DOOR, encoding="utf-8")
        self.edit(limit)

    def edit(self, limit: int) -> None:
        """Change the formula, and leave the time of the file as it was."""
        file = self.folder / "routing" / "constraints" / "limit.py"
        file.write_text(LIMIT.format(limit=limit), encoding="utf-8")
        os.utime(file, (1_700_000_000, 1_700_000_000))

    def start(self, kept_in: Path, n: int = 5) -> subprocess.Popen[str]:
        """Ask the door in a process of its own."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "DUONGTHU_CACHE": str(kept_in)}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        command = [sys.executable, "-c", ASK.format(n=n)]
        return subprocess.Popen(command, env=environment, cwd=self.folder, stdout=subprocess.PIPE, text=True)

    def ask(self, kept_in: Path, n: int = 5) -> tuple[bool, bool]:
        """Whether n is allowed, and whether something was compiled to find out."""
        return said(self.start(kept_in, n))


def said(process: subprocess.Popen[str]) -> tuple[bool, bool]:
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    answer, compiled = out.split()
    return answer == "True", compiled == "1"


def versions(kept_in: Path) -> list[Path]:
    return [path for path in (kept_in / "duongthu" / "kernel").iterdir() if path.is_dir()]


@pytest.mark.slow
def test_an_edited_formula_is_compiled_anew(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", limit=3)
    assert project.ask(tmp_path) == (False, True)
    assert project.ask(tmp_path) == (False, False)
    project.edit(limit=7)
    assert project.ask(tmp_path) == (True, True)


@pytest.mark.slow
def test_versions_live_side_by_side(tmp_path: Path) -> None:
    small, large = Project(tmp_path / "small", limit=3), Project(tmp_path / "large", limit=7)
    assert [small.ask(tmp_path), large.ask(tmp_path)] == [(False, True), (True, True)]
    assert [small.ask(tmp_path), large.ask(tmp_path)] == [(False, False), (True, False)]
    assert len(versions(tmp_path)) == 2


@pytest.mark.slow
def test_two_processes_compile_once(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", limit=7)
    both = [project.start(tmp_path) for _ in range(2)]
    assert sorted(said(process) for process in both) == [(True, False), (True, True)]


@pytest.mark.slow
def test_old_versions_are_forgotten_when_a_new_one_is_compiled(tmp_path: Path) -> None:
    older = [tmp_path / "duongthu" / "kernel" / f"old{k}" for k in range(6)]
    for age, folder in enumerate(older):
        folder.mkdir(parents=True)
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    project = Project(tmp_path / "project", limit=7)
    assert project.ask(tmp_path) == (True, True)
    left = versions(tmp_path)
    assert len(left) == cache.KEPT
    assert set(older[: cache.KEPT - 1]) < set(left)


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", limit=7)
    (tmp_path / "file").touch()
    assert project.ask(tmp_path / "file") == (True, True)
    assert project.ask(tmp_path / "file") == (True, True)


def test_the_kernel_s_own_sources_are_all_hashed() -> None:
    hashed = {path for folder in cache.SOURCES for path in folder.glob("*.py")}
    assert {PACKAGE / "kernel" / "scan.py", PACKAGE / "constraints" / "setup.py"} < hashed


@inner
def _half(n: int) -> int:
    return n // 2


@jit
def _quarter(n: int) -> int:
    return _half(_half(n)) + _half(1)


def test_python_goes_through_the_door() -> None:
    assert _quarter(9) == 2
    with pytest.raises(TypeError, match="_half is called from compiled code only"):
        _half(9)


def test_a_function_is_compiled_once_whatever_it_is_called_with() -> None:
    _quarter(9)
    assert len(getattr(_half, "overloads", {1: 1})) == 1
