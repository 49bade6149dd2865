"""What is no number, or no whole one, is refused at the door, and the refusal says where it stood."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from routing.errors import InvalidProblemError
from routing.formats import Format, InstanceFileError, read_instance
from routing.json_io import problem_from_json, problem_to_json
from routing.model import IntMatrix
from tests.routing.formats.samples import JD, LI_LIM, SARTORI, SOLOMON, WANG_CHEN, vroom
from tests.routing.samples import four_stops

NOT_FINITE = ("nan", "inf", "-inf", "NaN", "Infinity", "sNaN")

Matrix = npt.NDArray[np.generic]


def holding(value: float) -> Callable[[IntMatrix], Matrix]:
    def change(matrix: IntMatrix) -> Matrix:
        changed = matrix.astype(np.float64)
        changed[1, 2] = value
        return changed

    return change


def negative(matrix: IntMatrix) -> Matrix:
    changed = matrix.copy()
    changed[1, 2] = -1
    return changed


WRONG_MATRICES: dict[str, tuple[Callable[[IntMatrix], Matrix], str]] = {
    "NaN": (holding(np.nan), "int32 arrays .* got float64"),
    "infinite": (holding(np.inf), "int32 arrays .* got float64"),
    "float": (lambda matrix: matrix.astype(np.float32), "int32 arrays .* got float32"),
    "int64": (lambda matrix: matrix.astype(np.int64), "int32 arrays .* got int64"),
    "uint32": (lambda matrix: matrix.astype(np.uint32), "int32 arrays .* got uint32"),
    "bool": (lambda matrix: matrix.astype(np.bool_), "int32 arrays .* got bool"),
    "object": (lambda matrix: matrix.astype(np.object_), "int32 arrays .* got object"),
    "other bytes": (lambda matrix: matrix.astype(np.dtype(np.int32).newbyteorder()), "int32 arrays"),
    "not square": (lambda matrix: matrix[:-1], "square"),
    "another size": (lambda matrix: matrix[:-1, :-1], "one shape"),
    "flat": (lambda matrix: matrix.ravel(), "square"),
    "negative": (negative, "no negative entry"),
}


@pytest.mark.parametrize("field", ["distances", "durations"])
@pytest.mark.parametrize(("change", "reason"), WRONG_MATRICES.values(), ids=WRONG_MATRICES)
def test_a_wrong_matrix_is_refused(field: str, change: Callable[[IntMatrix], Matrix], reason: str) -> None:
    base = four_stops()
    with pytest.raises(InvalidProblemError, match=reason):
        replace(base, **{field: (change(getattr(base, field)[0]),)})  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1.5, -1, 2**31, True, "7", None])
def test_a_wrong_entry_in_json_is_refused_with_its_place(value: object) -> None:
    document = json.loads(json.dumps(problem_to_json(four_stops())))
    document["durations"][0][1][2] = value
    with pytest.raises(InvalidProblemError, match=r"\$\.durations\[0\]"):
        problem_from_json(document)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.5, "7"])
def test_a_wrong_amount_in_json_is_refused_with_its_place(value: object) -> None:
    document = json.loads(json.dumps(problem_to_json(four_stops())))
    document["shipments"][0]["penalty"] = value
    with pytest.raises(InvalidProblemError, match=r"\$\.shipments\[0\]"):
        problem_from_json(document)


FIELDS = {
    "solomon x": (Format.SOLOMON, SOLOMON, "1      3   4", "1      {}   4", 11),
    "solomon y": (Format.SOLOMON, SOLOMON, "1      3   4", "1      3   {}", 11),
    "solomon depot": (Format.SOLOMON, SOLOMON, "0      0   0    0", "0      {}   0    0", 10),
    "solomon due date": (Format.SOLOMON, SOLOMON, "10     20    1", "10     {}    1", 12),
    "wang & chen x": (Format.WANG_CHEN, WANG_CHEN, "1      3   4", "1      {}   4", 11),
    "wang & chen y": (Format.WANG_CHEN, WANG_CHEN, "1      3   4", "1      3   {}", 11),
    "wang & chen pickup": (Format.WANG_CHEN, WANG_CHEN, "10     4     0", "10     {}     0", 11),
    "li & lim x": (Format.LI_LIM, LI_LIM, "1\t3\t4\t10", "1\t{}\t4\t10", 3),
    "li & lim y": (Format.LI_LIM, LI_LIM, "1\t3\t4\t10", "1\t3\t{}\t10", 3),
    "li & lim demand": (Format.LI_LIM, LI_LIM, "1\t3\t4\t10", "1\t3\t4\t{}", 3),
    "sartori & buriol latitude": (Format.SARTORI_BURIOL, SARTORI, "1 10.6 106.2", "1 {} 106.2", 8),
    "sartori & buriol longitude": (Format.SARTORI_BURIOL, SARTORI, "1 10.6 106.2", "1 10.6 {}", 8),
    "sartori & buriol minutes": (Format.SARTORI_BURIOL, SARTORI, "5 0 6", "5 0 {}", 12),
    "jd load": (Format.JD_VRPSPDTW, JD, "1,0.023300,", "1,{},", 11),
    "jd metres": (Format.JD_VRPSPDTW, JD, "0,2,2000,20", "0,2,{},20", 15),
    "jd unit cost": (Format.JD_VRPSPDTW, JD, "UNITCOST : 0.014", "UNITCOST : {}", 6),
}
"""Format, file, what is replaced by what, and the line where that stands."""


@pytest.mark.parametrize("value", NOT_FINITE)
@pytest.mark.parametrize(("kind", "text", "old", "new", "line"), FIELDS.values(), ids=FIELDS)
def test_a_reader_refuses_what_is_not_finite_with_file_and_line(
    tmp_path: Path, kind: Format, text: str, old: str, new: str, line: int, value: str
) -> None:
    file = tmp_path / "broken.txt"
    assert text.count(old) == 1
    file.write_text(text.replace(old, new.format(value)), "utf-8")
    with pytest.raises(InstanceFileError, match=rf"broken\.txt, line {line}: ") as caught:
        read_instance(file, kind)
    assert (caught.value.file, caught.value.place) == ("broken.txt", line)


@pytest.mark.parametrize("value", ["1e999", "1e12", "1e-13", "1.0000000000000001"])
def test_an_amount_with_more_digits_than_can_be_counted_is_refused(tmp_path: Path, value: str) -> None:
    file = tmp_path / "broken.txt"
    file.write_text(JD.replace("1,0.023300,", f"1,{value},"), "utf-8")
    with pytest.raises(InstanceFileError, match=r"broken\.txt, line 11: .*digits"):
        read_instance(file, Format.JD_VRPSPDTW)


VROOM_FIELDS: dict[str, Callable[[dict[str, list[dict[str, object]]], float], object]] = {
    "$.jobs[0].delivery[0]": lambda day, value: day["jobs"][0].update(delivery=[value]),
    "$.jobs[0].service": lambda day, value: day["jobs"][0].update(service=value),
    "$.vehicles[0].capacity[0]": lambda day, value: day["vehicles"][0].update(capacity=[value]),
    "$.vehicles[1].speed_factor": lambda day, value: day["vehicles"][1].update(speed_factor=value),
    "$.matrices.car.durations[0][1]": lambda day, value: _matrix_of(day).update(
        durations=[[0, value, 30], [40, 0, 20], [30, 20, 0]]
    ),
}


def _matrix_of(day: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    matrix = day["matrices"]["car"]  # type: ignore[call-overload]
    assert isinstance(matrix, dict)
    return matrix


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize(("place", "change"), VROOM_FIELDS.items(), ids=VROOM_FIELDS)
def test_the_vroom_reader_refuses_what_is_not_finite_with_its_path(
    tmp_path: Path, place: str, change: Callable[[dict[str, list[dict[str, object]]], float], object], value: float
) -> None:
    day, file = vroom(), tmp_path / "day.json"
    change(day, value)
    file.write_text(json.dumps(day), "utf-8")
    with pytest.raises(InstanceFileError) as caught:
        read_instance(file)
    assert (caught.value.file, caught.value.place) == ("day.json", place)
