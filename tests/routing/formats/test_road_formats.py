"""Formats that give their own travel: Sartori & Buriol, JD Logistics."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from routing.formats import Format, InstanceFileError, read_instance, solution_text
from routing.formats.jd_vrpspdtw import read_jd_vrpspdtw
from routing.formats.sartori_buriol import read_sartori_buriol
from routing.objective import Objective, measure
from tests.routing.formats.samples import JD, SARTORI


def test_sartori_and_buriol_count_minutes_and_name_no_fleet() -> None:
    instance = read_sartori_buriol("town.txt", SARTORI)
    problem = instance.problem
    assert (instance.name, instance.scale, problem.num_vehicles) == ("town-n2-1", 1, 1)
    assert (problem.shipments[0].pickup_duration, problem.shipments[0].delivery_duration) == (2, 3)
    solution = solution_text.time_routes(instance, [(1, 2)])
    assert instance.distance(solution) == instance.cost(solution) == 4 + 6 + 8  # asymmetric: 2 -> 0 takes 8


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("5 0 6", "5 0", 12, "expected 3 values"),
        ("5 0 6", "5 0 x", 12, "must be a number"),
        ("5 0 6", "5 0 -6", 12, "must not be negative"),
        ("EDGES", "EDGE", 10, "expected EDGES"),
        ("SIZE: 3", "SIZE: 4", 10, "expected 9 values"),
        ("SIZE: 3\n", "", None, "no SIZE"),
        ("8 7 0\nEOF\n", "", 12, "ends before the row of node 2"),
        ("EOF\n", "", 13, "ends before EOF"),
    ],
)
def test_a_broken_sartori_file_names_the_line(old: str, new: str, place: int | None, reason: str) -> None:
    with pytest.raises(InstanceFileError, match=reason) as caught:
        read_sartori_buriol("broken.txt", SARTORI.replace(old, new))
    assert caught.value.place == place


def test_jd_loads_and_costs_become_whole_numbers() -> None:
    instance = read_jd_vrpspdtw("tiny", JD)
    vehicle, (first, second) = instance.problem.vehicle_types[0], instance.problem.shipments
    assert (instance.objective, vehicle.num_available) == (Objective.DAILY, 4)
    assert (vehicle.capacity, first.load, first.collected) == ((2_500_000,), (23_300,), (1_039_600,))
    assert (second.load, second.collected) == ((1_500_000,), (209_655,))
    assert (vehicle.fixed_cost, vehicle.unit_distance_cost) == (300_000, 14)


def test_jd_cost_is_300_a_vehicle_and_14_a_kilometre() -> None:
    instance = read_jd_vrpspdtw("tiny", JD)
    solution = solution_text.time_routes(instance, [(2, 1)])
    assert instance.distance(solution) == 2000 + 3100 + 1100
    assert instance.cost(solution) == pytest.approx(300 + 0.014 * 6200)
    assert measure(instance.problem, solution).cost == pytest.approx(1000 * instance.cost(solution))


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("2,1,3100,31\n", "", 19, "expected 4 values"),
        ("2,1,3100,31\nDEPOT_SECTION\n0\n", "", 18, "ends before the last arc"),
        ("2,1,3100,31", "2,0,3100,31", 19, "given twice"),
        ("2,1,3100,31", "2,3,3100,31", 19, "do not exist"),
        ("2,1,3100,31", "2,1,3100.5,31", 19, "whole number"),
        ("2,1.5,0.209655", "2,1.5,abc", 12, "must be a number"),
        ("2,1.5,0.209655", "2,-1.5,0.2", 12, "not negative"),
        ("UNITCOST : 0.014\n", "", None, "no UNITCOST"),
        ("1,0.023300", "3,0.023300", 11, "expected node 1"),
    ],
)
def test_a_broken_jd_file_names_the_line(old: str, new: str, place: int | None, reason: str) -> None:
    with pytest.raises(InstanceFileError, match=reason) as caught:
        read_jd_vrpspdtw("broken", JD.replace(old, new))
    assert caught.value.place == place


def test_a_gzipped_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tiny.vrpsdptw.gz"
    path.write_bytes(gzip.compress(JD.encode()))
    assert read_instance(path).format is Format.JD_VRPSPDTW


def test_a_cut_gzip_stream_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(JD.encode())[:-20])
    with pytest.raises(InstanceFileError, match="gzip stream is broken"):
        read_instance(path)
