"""
Problems and solutions as JSON.

The published schemas in `routing/schema/` say what a file holds. A field that has its default is left out. Reading
checks a file against its schema first, so that every complaint names the place in the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from routing.errors import InvalidProblemError
from routing.model import UNREACHABLE, IntMatrix, Problem
from routing.solution import Solution

Json = Any
"""What `json.load` gives: dict, list, str, int, float, bool or None."""

T = TypeVar("T")

MATRICES = ("distances", "durations")
"""Fields of a problem that are too large for a general validator."""


def problem_to_json(problem: Problem) -> dict[str, Json]:
    """Write a problem as plain dicts, lists and integers."""
    return _written_object(problem)


def problem_from_json(data: Json) -> Problem:
    """
    Read a problem.

    Raises
    ------
    InvalidProblemError
        When the data break the schema or the rules of the model; the message begins with the place, as a JSONPath.
    """
    if isinstance(data, Mapping):
        _check(schema("problem"), {**data, **{name: _outline(data[name]) for name in MATRICES if name in data}})
        _check_matrices(data)
    else:
        _check(schema("problem"), data)
    return _read_object(Problem, data, "$")


def solution_to_json(solution: Solution) -> dict[str, Json]:
    """Write a solution as plain dicts, lists and integers."""
    return _written_object(solution)


def solution_from_json(data: Json) -> Solution:
    """
    Read a solution.

    Raises
    ------
    InvalidProblemError
        When the data break the schema; the message begins with the place, as a JSONPath.
    """
    _check(schema("solution"), data)
    return _read_object(Solution, data, "$")


@cache
def schema(name: str) -> Mapping[str, Json]:
    """The published JSON Schema (2020-12) of a "problem" or a "solution"."""
    loaded: Mapping[str, Json] = json.loads(files("routing").joinpath(f"schema/{name}.schema.json").read_text("utf-8"))
    return loaded


def _check(rules: Mapping[str, Json], data: Json, place: str = "$") -> None:
    error = best_match(Draft202012Validator(rules).iter_errors(data))
    if error is not None:
        message = error.message if len(error.message) <= 200 else f"{error.message[:200]} ..."
        raise InvalidProblemError(f"{place}{error.json_path[1:]}: {message}")


def _outline(matrices: Json) -> Json:
    """A list of matrices with the entries left out."""
    return (
        [[] if isinstance(matrix, list) else matrix for matrix in matrices] if isinstance(matrices, list) else matrices
    )


def _check_matrices(data: Mapping[str, Json]) -> None:
    """Check matrices entry by entry, at once; only a bad one goes to the validator, for the place of its fault."""
    definitions = schema("problem")["$defs"]
    for name in MATRICES:
        for number, matrix in enumerate(data[name]):
            place = f"$.{name}[{number}]"
            if not all(isinstance(row, list) and _all_entries(row) for row in matrix):
                _check({"$ref": "#/$defs/matrix", "$defs": definitions}, matrix, place)
            if any(len(row) != len(matrix) for row in matrix):
                raise InvalidProblemError(f"{place}: a matrix is square, with one row and one column a location")


def _all_entries(row: list[Json]) -> bool:
    return all(type(entry) is int and 0 <= entry <= UNREACHABLE for entry in row)


def _written_object(value: Any) -> dict[str, Json]:
    return {f.name: _written(member) for f in fields(value) if not _is_default(member := getattr(value, f.name), f)}


def _is_default(value: Any, field: Field[Any]) -> bool:
    return field.default is not MISSING and type(value) is type(field.default) and bool(value == field.default)


def _written(value: Any) -> Json:
    if is_dataclass(value):
        return _written_object(value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


_types: Callable[[type], dict[str, Any]] = cache(get_type_hints)
"""The type of each field of a class."""


def _read_object(cls: type[T], data: Mapping[str, Json], place: str) -> T:
    types = _types(cls)
    members = {name: _read(types[name], value, f"{place}.{name}") for name, value in data.items()}
    try:
        return cls(**members)
    except ValueError as error:
        raise InvalidProblemError(f"{place}: {error}") from error


def _read(kind: Any, data: Json, place: str) -> Any:
    """Read a value that fits the schema as the type that the model gives it."""
    if get_origin(kind) is UnionType:
        (kind,) = (member for member in get_args(kind) if member is not NoneType)
        if data is None:
            return None
    container = get_origin(kind)
    if container is np.ndarray:
        return _read_matrix(data)
    if container in (tuple, frozenset):
        item = get_args(kind)[0]
        return container(_read(item, value, f"{place}[{k}]") for k, value in enumerate(data))
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_object(kind, data, place)
    return kind(data)  # int, bool or an enumeration; 3.0 is the integer 3 in JSON


def _read_matrix(rows: list[list[Json]]) -> IntMatrix:
    return np.array(rows, dtype=np.int32).reshape(len(rows), len(rows))
