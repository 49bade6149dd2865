"""
VROOM JSON, a problem in: every field is honoured exactly, or refused by its JSON path.

Jobs may be left behind. As in VROOM, carrying a higher sum of priorities comes first, then carrying more tasks, then
cost; penalties are chosen so that no cost outweighs a task.

References
----------
.. [1] VROOM project, docs/API.md. https://github.com/VROOM-Project/vroom
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

import numpy as np

from routing.formats.instance import Format, Pricing
from routing.formats.json_fields import JsonField
from routing.formats.vroom_instance import VroomInstance
from routing.formats.vroom_tasks import Tasks
from routing.formats.vroom_travel import Profiles, read_matrices
from routing.formats.vroom_vehicles import Vehicles
from routing.model import Problem
from routing.objective import Objective, weights

DOCUMENT = frozenset({"jobs", "shipments", "vehicles", "matrices"})
REFUSED = {
    "matrix": "a single matrix is obsolete: give matrices.<profile>.durations",
    "options": "options belong to the VROOM service, not to a problem",
}


def read_vroom(file: str, text: str) -> VroomInstance:
    """
    Read a problem.

    Parameters
    ----------
    file
        Name of the file, for messages; the instance is named after it.

    Raises
    ------
    InstanceFileError
        Naming the JSON path of what is wrong, or cannot be honoured.
    """
    document = JsonField.document(file, text)
    document.only(DOCUMENT, REFUSED)
    given = document.get("matrices")
    if given is None:
        raise document.error("matrices is missing: travel times cannot be computed from coordinates")
    open_ends = any(v.get(f"{end}_index") is None for v in document.items("vehicles") for end in ("start", "end"))
    matrices = {key: read_matrices(given.need(key), open_ends) for key in given.members()}
    sizes = {len(m.durations) for m in matrices.values()}
    if len(sizes) != 1:
        raise given.error("the matrices of all profiles need one size")
    num_locations = sizes.pop() - open_ends
    tasks, vehicles = Tasks(num_locations), Vehicles(matrices, num_locations)
    tasks.read(document)
    vehicles.read(document)
    _check_dimensions(document, tasks)
    profiles = vehicles.profiles
    return VroomInstance(
        name=PurePath(file).stem,
        format=Format.VROOM,
        problem=_problem(tasks, vehicles),
        objective=Objective.DAILY,
        scale=1,
        nodes={task: number for number, task in enumerate(tasks.steps, 1)},
        lengths=_lengths(profiles),
        pricing=Pricing(length=0.0, problem=1 / profiles.cost_scale),
        steps=tasks.steps,
        vehicles=tuple(tuple(names) for names in vehicles.names),
        metres=tuple(profiles.metres),
    )


def _lengths(profiles: Profiles) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], ...]:
    """Metres where the file gives them, seconds otherwise."""
    pairs = zip(profiles.metres, profiles.durations, strict=True)
    return tuple((durations if metres is None else metres).astype(np.float64) for metres, durations in pairs)


def _check_dimensions(document: JsonField, tasks: Tasks) -> None:
    """Amounts and capacities all have one length, as VROOM asks."""
    sources = [(v, v.naturals("capacity")) for v in document.items("vehicles")]
    sources += [(source, load) for i, source in enumerate(tasks.sources) for load in tasks.amounts(i)]
    expected = len(sources[0][1])
    for source, load in sources:
        if len(load) != expected:
            elsewhere = f"{expected} at {sources[0][0].path}"
            raise source.error(f"amounts and capacities need one length: {elsewhere}, {len(load)} here")


def _problem(tasks: Tasks, vehicles: Vehicles) -> Problem:
    problem = Problem(
        stops=tuple(tasks.stops),
        shipments=tuple(tasks.shipments),
        vehicle_types=vehicles.grouped(),
        depots=tuple(vehicles.depots),
        distances=tuple(vehicles.profiles.paid),
        durations=tuple(vehicles.profiles.durations),
    )
    more_than_any_cost = weights(problem, Objective.DAILY).must_go_left
    more_than_all = len(problem.shipments) + 1
    priorities = {task.shipment: step.priority for task, step in tasks.steps.items()}
    penalised = (
        replace(shipment, penalty=more_than_any_cost * (1 + priorities[i] * more_than_all))
        for i, shipment in enumerate(problem.shipments)
    )
    return replace(problem, shipments=tuple(penalised))
