"""Formats whose places lie on a plane: Solomon, Wang & Chen, Li & Lim."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.formats import InstanceFileError, Rounding
from routing.formats.euclidean import FINEST_SCALE, choose_scale, euclidean
from routing.formats.li_lim import read_li_lim
from routing.formats.solomon import read_solomon
from routing.formats.wang_chen import read_wang_chen
from routing.model import Action, Task
from routing.objective import Objective
from tests.routing.formats.samples import LI_LIM, SOLOMON, WANG_CHEN


def test_a_solomon_file_is_read_as_it_stands() -> None:
    instance = read_solomon("square.txt", SOLOMON)
    problem, scale = instance.problem, instance.scale
    assert (instance.name, instance.objective, scale) == ("SQUARE", Objective.HIER, 10_000)
    assert (problem.num_vehicles, problem.vehicle_types[0].capacity) == (2, (20,))
    assert [s.load for s in problem.shipments] == [(10,), (10,), (5,)]
    assert (problem.stops[1].windows[0].early, problem.stops[1].windows[0].late) == (10 * scale, 20 * scale)
    assert problem.shipments[0].delivery_duration == scale
    assert all(s.must_go for s in problem.shipments)
    assert (problem.depots[0].tw_late, problem.vehicle_types[0].tw_late) == (100 * scale, 100 * scale)
    assert int(problem.distances[0][0, 1]) == 5 * scale
    assert instance.nodes[Task(2, Action.DELIVER)] == 3


def test_travel_times_are_rounded_up_and_lengths_to_the_nearest() -> None:
    instance = read_solomon("square.txt", SOLOMON)
    exact = math.sqrt(2) * instance.scale  # 14142.13...
    assert int(instance.problem.distances[0][0, 3]) == 14142 == round(exact)
    assert int(instance.problem.durations[0][0, 3]) == 14143 == math.ceil(exact)


def test_dimacs_rounding_cuts_every_arc_to_one_decimal() -> None:
    instance = read_solomon("square.txt", SOLOMON, Rounding.DIMACS)
    assert (instance.scale, instance.objective) == (10, Objective.DISTANCE)
    assert int(instance.problem.distances[0][0, 3]) == int(instance.problem.durations[0][0, 3]) == 14
    assert instance.lengths[0][0, 3] == pytest.approx(1.4)


def test_a_customer_who_gets_and_gives_is_one_shipment() -> None:
    instance = read_wang_chen("both.txt", WANG_CHEN)
    first, second = instance.problem.shipments
    assert (first.load, first.collected, first.delivery) == ((10,), (4,), 0)
    assert (second.load, second.collected) == ((10,), ())


def test_a_pickup_and_its_delivery_are_one_shipment() -> None:
    instance = read_li_lim("pairs.txt", LI_LIM)
    first, second = instance.problem.shipments
    assert (first.pickup, first.delivery, first.load) == (0, 2, (10,))
    assert (second.pickup, second.delivery, second.load) == (3, 1, (5,))
    assert instance.nodes[Task(1, Action.COLLECT)] == 4
    assert instance.nodes[Task(1, Action.DELIVER)] == 2
    assert instance.name == "pairs"


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("4\t6\t8\t5\t0\t50\t1\t0\t2", "4\t6\t8\t5\t0\t50\t1\t0\t3", 4, "not the other way round"),
        ("1\t3\t4\t10\t0\t50\t1\t0\t3", "1\t3\t4\t10\t0\t50\t1\t0\t9", 3, "partner"),
        ("3\t0\t4\t-10", "3\t0\t4\t-9", 3, "takes aboard"),
        ("2\t20\t1", "2\t20\t4", 1, "speed"),
        ("2\t20\t1", "2\t20", 1, "expected 3 values"),
        ("3\t0\t4\t-10", "7\t0\t4\t-10", 5, "expected node 3"),
        ("1\t3\t4\t10\t0\t50", "1\t3\t4\t10\t60\t50", 3, "closes at 50"),
        ("1\t3\t4\t10", "1\tnan\t4\t10", 3, "finite"),
        ("1\t3\t4\t10", "1\t3\tx\t10", 3, "number"),
    ],
)
def test_a_broken_li_lim_file_names_the_line(old: str, new: str, place: int, reason: str) -> None:
    with pytest.raises(InstanceFileError, match=reason) as caught:
        read_li_lim("broken.txt", LI_LIM.replace(old, new))
    assert (caught.value.file, caught.value.place) == ("broken.txt", place)


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("   2          20", "   2", 5, "expected 2 values"),
        ("10    10     20    1", "10    30     20    1", 12, "ready time 30 is after due date 20"),
        ("    2      3   0   10", "    5      3   0   10", 12, "expected customer 2"),
        ("10    10     20    1", "10.5  10     20    1", 12, "whole number"),
        ("10    10     20    1", "-10   10     20    1", 12, "from 0"),
    ],
)
def test_a_broken_solomon_file_names_the_line(old: str, new: str, place: int, reason: str) -> None:
    with pytest.raises(InstanceFileError, match=reason) as caught:
        read_solomon("broken.txt", SOLOMON.replace(old, new))
    assert caught.value.place == place


def test_a_wang_chen_file_with_too_few_customers_is_refused() -> None:
    with pytest.raises(InstanceFileError, match="2 customers are promised, the file holds 1"):
        read_wang_chen("short.txt", WANG_CHEN.rsplit("\n", 2)[0])


def test_the_scale_shrinks_until_the_times_fit() -> None:
    assert choose_scale(10_000, Rounding.EXACT) == FINEST_SCALE
    assert choose_scale(10_000_000, Rounding.EXACT) == 100
    assert choose_scale(2**31 - 1, Rounding.EXACT) == 1


points = st.lists(st.tuples(st.integers(-500, 500), st.integers(-500, 500)), min_size=2, max_size=8)


@given(points, st.sampled_from([10, 1000, FINEST_SCALE]))
def test_no_arc_is_faster_or_more_than_a_unit_slower_than_in_double_precision(
    places: list[tuple[int, int]], scale: int
) -> None:
    travel = euclidean(np.array(places, dtype=np.float64), scale, Rounding.EXACT)
    exact = np.array([[math.dist(a, b) for b in places] for a in places]) * scale
    assert np.all(travel.durations >= exact - 1e-6)
    assert np.all(travel.durations < exact + 1 + 1e-6)
    assert np.all(np.abs(travel.distances - exact) <= 0.5 + 1e-6)
