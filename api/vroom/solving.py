"""
A VROOM problem in, VROOM's solution out.

Requests are read by `routing.formats.vroom_json`, exactly or not at all; on top of that come limits that keep one
request from taking the machine. Errors have VROOM's own form and codes.

References
----------
.. [1] VROOM project, docs/API.md, section Output: code 0 no error, 1 internal, 2 input, 3 routing.
   https://github.com/VROOM-Project/vroom
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from routing.errors import InvalidProblemError, UnsupportedProblemError
from routing.formats.errors import InstanceFileError
from routing.formats.vroom_json import read_vroom
from routing.formats.vroom_solution import vroom_solution
from routing.solver import solve
from routing.stopping import StoppingCriterion

REQUEST = "request"
"""Stands for a file's name."""


class VroomCode(IntEnum):
    OK = 0
    INTERNAL = 1
    INPUT = 2


@dataclass(frozen=True, slots=True)
class VroomLimits:
    """The largest request that is solved."""

    tasks: int = 2000
    """Jobs, and two for each shipment."""
    vehicles: int = 200
    locations: int = 2500
    """Rows of a matrix."""


DEFAULT_LIMITS = VroomLimits()


def solve_vroom(payload: Any, *, seconds: float, limits: VroomLimits = DEFAULT_LIMITS) -> dict[str, Any]:
    """
    Solve a VROOM problem.

    Parameters
    ----------
    payload
        The parsed JSON of a request.
    seconds
        Of search.

    Returns
    -------
    answer
        VROOM's solution, or `{code: 2, error}` when the request cannot be honoured.
    """
    if (reason := _too_large(payload, limits)) is not None:
        return vroom_error(VroomCode.INPUT, reason)
    text = json.dumps(payload, ensure_ascii=False)
    try:
        text.encode()
        instance = read_vroom(REQUEST, text)
        found = solve(instance.problem, StoppingCriterion(seconds=seconds), objective=instance.objective, explain=False)
    except UnicodeEncodeError as error:  # half a surrogate pair, which no answer could repeat
        return vroom_error(VroomCode.INPUT, f"no Unicode text: {error}")
    except InstanceFileError as error:
        return vroom_error(VroomCode.INPUT, f"{error.place}: {error.reason}")
    except (InvalidProblemError, UnsupportedProblemError) as error:
        return vroom_error(VroomCode.INPUT, str(error))
    return vroom_solution(instance, found.solution)


def vroom_error(code: VroomCode, reason: str) -> dict[str, Any]:
    """VROOM's form of an error."""
    return {"code": int(code), "error": reason}


def _too_large(payload: Any, limits: VroomLimits) -> str | None:
    """Say which limit a request exceeds; what is malformed is for the reader to name."""
    if not isinstance(payload, Mapping):
        return None
    tasks = _length(payload.get("jobs")) + 2 * _length(payload.get("shipments"))
    matrices = payload.get("matrices")
    tables = [m for m in matrices.values() if isinstance(m, Mapping)] if isinstance(matrices, Mapping) else []
    rows = max((_length(m.get(kind)) for m in tables for kind in ("durations", "distances")), default=0)
    sizes = (
        ("jobs and shipments' ends", tasks, limits.tasks),
        ("vehicles", _length(payload.get("vehicles")), limits.vehicles),
        ("locations", rows, limits.locations),
    )
    return next((f"too many {what}: {size}, at most {most}" for what, size, most in sizes if size > most), None)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0
