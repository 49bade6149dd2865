"""Runs in child processes that are pinned to their cores and may fail alone; what a child may say of itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

SINGLE_THREADED = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
LOOK_SECONDS = 0.2
"""How long the cores are watched to find the quietest."""
LAST_WORDS = 200
"""Letters kept of what a failed child said."""


class ChildError(Exception):
    """A child crashed, hung, or said something else than its result."""


def ask_child(
    module: str, request: Mapping[str, Any], cores: int, seconds: float, environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """
    Run a module in a process of its own: a request as JSON in, a result as JSON out.

    Raises
    ------
    ChildError
        When there is no result within `seconds`.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", module],
            input=json.dumps(request), capture_output=True, text=True, encoding="utf-8", errors="replace",
            cwd=ROOT, env={**single_threaded(cores), **(environment or {})}, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ChildError(f"stopped after {seconds:.0f} s") from error
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise ChildError(_last_words(done)) from error
    return result


def single_threaded(cores: int) -> dict[str, str]:
    """The environment of a child that gets so many cores."""
    return {**os.environ, **{name: str(cores) for name in SINGLE_THREADED}}


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return f"exit {done.returncode}: {lines[-1][:LAST_WORDS] if lines else 'no message'}"


def quiet_cores(count: int) -> list[int]:
    """The cores, of those that this process may use, that were idle most just now."""
    before = _idle_ticks()
    time.sleep(LOOK_SECONDS)
    after = _idle_ticks()
    ours = sorted(os.sched_getaffinity(0), key=lambda core: before[core] - after[core])
    return sorted(ours[:count])


def _idle_ticks() -> dict[int, int]:
    lines = Path("/proc/stat").read_text(encoding="ascii").splitlines()
    cores = [line.split() for line in lines if line.startswith("cpu") and line[3].isdigit()]
    return {int(words[0][3:]): int(words[4]) + int(words[5]) for words in cores}


def peak_memory_mb() -> float:
    """Of this process: resident, since its program began (`ru_maxrss` would count the parent's too)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return float("nan")
