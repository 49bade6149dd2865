from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from geo.calibration import Calibration, ClassSpeed, Verdict, calibrate
from geo.errors import SpeedTableError, TracesError
from geo.graph import RoadGraph
from geo.profiles import FERRY, ROAD_CLASSES, default_speed_table
from geo.synthetic import synthetic_roads
from geo.traces import Trace, Traces
from geo.turns import turn_ms
from tests.geo.drivers import Town, courier

TABLE = default_speed_table()
USUAL = {name: TABLE.class_kph("motorbike", name) for name in ROAD_CLASSES}
SLOWNESS = {"trunk": 0.9, "secondary": 1.25, "local": 1.5}


def places(seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.column_stack((105.4 + rng.uniform(0, 0.15, 30), 10.3 + rng.uniform(0, 0.15, 30)))


@pytest.fixture(scope="module")
def graph() -> RoadGraph:
    return synthetic_roads(places(), seed=1)["motorbike"]


def traces_of(parts: list[Trace]) -> Traces:
    return Traces(tuple(parts), 1, (), sum(part.time.size for part in parts), 0, 0, 0, 0, 0)


def recorded(
    town: Town, *, every: float, noise: float = 0.0, jumps: float = 0.0, couriers: int = 8, seed: int = 3
) -> Traces:
    rng = np.random.default_rng(seed)
    rounds = [courier(town, rng, stops=6) for _ in range(couriers)]
    return traces_of(
        [town.trace(f"k{n}", r, every=every, noise=noise, jumps=jumps, rng=rng) for n, r in enumerate(rounds)]
    )


def by_class(found: Calibration) -> dict[str, ClassSpeed]:
    return {row.road_class: row for row in found.classes}


@pytest.mark.slow
def test_without_noise_the_true_speeds_come_out_but_for_fixes_amid_a_turn(graph: RoadGraph) -> None:
    found = calibrate(graph, recorded(Town(graph, SLOWNESS), every=10), TABLE)
    assert found.speeds() == pytest.approx({name: USUAL[name] / slow for name, slow in SLOWNESS.items()}, abs=0.15)
    for row in found.classes:
        if row.verdict is Verdict.FITTED:
            assert (row.low_kph, row.high_kph) == pytest.approx((row.new_kph, row.new_kph), abs=0.25)
    assert (found.outliers, found.jumps) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("every", "noise"), [(5.0, 5.0), (5.0, 15.0), (15.0, 10.0), (30.0, 15.0)])
def test_noise_halts_and_jumps_leave_the_speeds_right(graph: RoadGraph, every: float, noise: float) -> None:
    found = calibrate(graph, recorded(Town(graph, SLOWNESS), every=every, noise=noise, jumps=0.01), TABLE)
    for name, slow in SLOWNESS.items():
        row = by_class(found)[name]
        assert row.verdict is Verdict.FITTED
        assert row.new_kph == pytest.approx(USUAL[name] / slow, rel=0.02)
        assert row.low_kph is not None
        assert row.high_kph is not None
        assert 0.97 * row.high_kph < row.new_kph < 1.03 * row.low_kph
    assert found.jumps > 5


@pytest.mark.slow
def test_the_interval_holds_the_truth_where_couriers_differ(graph: RoadGraph) -> None:
    """Each courier has a pace of his own, so the whole differs by chance; nominally 19 of 20 intervals hold."""
    spread, held, widths = 0.15, 0, []
    mean_pace = np.exp(spread**2 / 2)
    for seed in range(6):
        rng = np.random.default_rng(100 + seed)
        parts = []
        for number, pace in enumerate(np.exp(rng.normal(scale=spread, size=12))):
            town = Town(graph, {name: slow * float(pace) for name, slow in SLOWNESS.items()})
            parts.append(town.trace(f"k{number}", courier(town, rng, stops=3), every=10, noise=5, rng=rng))
        rows = by_class(calibrate(graph, traces_of(parts), TABLE))
        for name, slow in SLOWNESS.items():
            low, high = rows[name].low_kph, rows[name].high_kph
            assert low is not None
            assert high is not None
            held += low <= USUAL[name] / slow / mean_pace <= high
            widths.append(high / low)
    assert held >= 15  # of 18
    assert 1.05 < min(widths) <= max(widths) < 1.4  # 12 couriers: +-2 x 0.15 / sqrt(12), more where few drove much


@pytest.mark.slow
def test_new_speeds_make_the_model_take_the_time_that_was_observed(graph: RoadGraph) -> None:
    """The loop closes: roads made with the new speeds need no further change."""
    town = Town(graph, SLOWNESS)
    traces = recorded(town, every=10)
    faster = TABLE.with_class_speeds({"motorbike": calibrate(graph, traces, TABLE).speeds()})
    ratio = {name: USUAL[name] / faster.class_kph("motorbike", name) for name in SLOWNESS}
    factor = np.array([ratio.get(name, 1.0) for name in ROAD_CLASSES])
    durations = np.rint(graph.duration_ms * factor[graph.road_class]).astype(np.int32)
    again = calibrate(replace(graph, duration_ms=durations), traces, faster)
    for name in SLOWNESS:
        assert by_class(again)[name].new_kph == pytest.approx(faster.class_kph("motorbike", name), abs=0.11)


@pytest.mark.slow
def test_surfaces_keep_their_effect(graph: RoadGraph) -> None:
    """Half of the arcs of a class are bad: the factor is measured on both, the class speed is that of good ones."""
    bad = (graph.head + graph.tails()) % 2 == 0
    durations = np.where(bad, np.rint(graph.duration_ms / 0.65), graph.duration_ms).astype(np.int32)
    rough = replace(graph, duration_ms=durations)
    found = calibrate(rough, recorded(Town(rough, SLOWNESS), every=10), TABLE)
    assert found.speeds() == {name: round(USUAL[name] / slow, 1) for name, slow in SLOWNESS.items()}


@pytest.mark.slow
def test_too_little_evidence_leaves_the_speed_and_says_why(graph: RoadGraph) -> None:
    town = Town(graph, SLOWNESS)
    few = calibrate(graph, recorded(town, every=10, couriers=2), TABLE)
    assert {row.verdict for row in few.classes} == {Verdict.FEW_TRACES, Verdict.FERRY}
    assert few.speeds() == {}
    assert all(row.new_kph == row.old_kph and row.low_kph is None for row in few.classes)
    assert all(row.km > 5 and row.hours > 0 for row in few.classes if row.verdict is not Verdict.FERRY)
    short = calibrate(graph, recorded(town, every=10, couriers=4), TABLE, min_km=1e4)
    assert {row.verdict for row in short.classes} == {Verdict.FEW_KM, Verdict.FERRY}


@pytest.mark.slow
def test_km_and_hours_add_up_to_what_was_driven_ashore(graph: RoadGraph) -> None:
    found = calibrate(graph, recorded(Town(graph, SLOWNESS), every=10), TABLE)
    seconds = metres = 0.0
    for match in found.matched.matches:
        for leg, (first, last) in enumerate(pairwise(match.first_step.tolist())):
            if (graph.road_class[match.step_arc[first:last]] != FERRY).all():
                seconds += match.time[leg + 1] - match.time[leg]
                driven = match.step_arc[max(first - 1, 0) : last]
                ends = graph.head[driven[:-1]] == graph.tails()[driven[1:]]
                seconds -= turn_ms(graph, driven[:-1][ends], driven[1:][ends]).sum() / 1000
                metres += match.step_mm[first:last].sum() / 1000
    assert sum(row.hours for row in found.classes) == pytest.approx(seconds / 3600, rel=0.005)  # no short ends
    assert sum(row.km for row in found.classes) == pytest.approx(metres / 1000, rel=0.005)
    rows = by_class(found)
    for name, slow in SLOWNESS.items():
        assert rows[name].km / rows[name].hours == pytest.approx(USUAL[name] / slow, rel=1e-3)


@pytest.mark.slow
def test_a_ride_at_a_fifth_of_the_pace_bends_nothing(graph: RoadGraph) -> None:
    """As by somebody who pushed his broken motorbike: these stretches are outliers, the speeds stay exact."""
    traces = recorded(Town(graph, SLOWNESS), every=10)
    odd = traces.parts[0].take(slice(0, 150))
    pushed = Trace(odd.name, odd.time[0] + 5 * (odd.time - odd.time[0]), odd.lon, odd.lat, odd.accuracy)
    found = calibrate(graph, replace(traces, parts=(pushed, *traces.parts[1:])), TABLE)
    assert found.outliers > 20
    assert found.speeds() == pytest.approx({name: USUAL[name] / slow for name, slow in SLOWNESS.items()}, abs=0.15)


@pytest.mark.slow
def test_another_table_is_refused_or_its_classes_kept(graph: RoadGraph) -> None:
    traces = recorded(Town(graph, SLOWNESS), every=10, couriers=4)
    with pytest.raises(SpeedTableError, match=r"38\.0 km/h on secondary there, 30 km/h"):
        calibrate(graph, traces, TABLE.with_class_speeds({"motorbike": {"secondary": 30}}))
    found = calibrate(graph, traces, TABLE.with_class_speeds({"motorbike": {"secondary": 50}}))
    assert by_class(found)["secondary"].verdict is Verdict.OTHER_SPEED
    assert by_class(found)["trunk"].verdict is Verdict.FITTED
    with pytest.raises(SpeedTableError, match="profile boat"):
        calibrate(replace(graph, profile="boat"), traces, TABLE)


@pytest.mark.slow
def test_a_class_that_only_tags_open_is_never_opened(graph: RoadGraph) -> None:
    closed = ROAD_CLASSES.index("motorway")
    classes = np.where(graph.road_class == ROAD_CLASSES.index("trunk"), closed, graph.road_class).astype(np.uint8)
    motorways = replace(graph, road_class=classes)
    found = calibrate(motorways, recorded(Town(motorways, SLOWNESS), every=10), TABLE)
    assert by_class(found)["motorway"].verdict is Verdict.CLOSED
    assert set(found.speeds()) == {"secondary", "local"}


def test_traces_elsewhere_are_told(graph: RoadGraph) -> None:
    [here] = recorded(Town(graph, {}), every=10, couriers=1).parts
    with pytest.raises(TracesError, match="on these roads"):
        calibrate(graph, traces_of([Trace(here.name, here.time, here.lon + 2, here.lat, here.accuracy)]), TABLE)


@pytest.mark.slow
def test_the_same_input_gives_the_same_answer(graph: RoadGraph) -> None:
    traces = recorded(Town(graph, SLOWNESS), every=20, noise=10, couriers=4)
    assert calibrate(graph, traces, TABLE).classes == calibrate(graph, traces, TABLE).classes


def test_traces_from_elsewhere_are_told_with_where_both_lie(graph: RoadGraph) -> None:
    traces = recorded(Town(graph, SLOWNESS), every=10, couriers=2)
    away = replace(traces, parts=tuple(Trace(p.name, p.time, p.lon + 3, p.lat, p.accuracy) for p in traces.parts))
    with pytest.raises(TracesError, match=r"the traces reach from 10[78]\.\d+,.*, the roads from 10[45]\.\d+"):
        calibrate(graph, away, TABLE)


@pytest.mark.slow
def test_waiting_at_signals_is_not_the_road_s(graph: RoadGraph) -> None:
    """Half a minute at the end of every twentieth arc, which the model knows of: the speeds come out all the same."""
    waiting = np.where(np.arange(graph.num_arcs) % 20 == 0, 30_000, 0).astype(np.int32)
    signals = replace(graph, waiting_ms=waiting, duration_ms=graph.duration_ms + waiting)
    town = Town(graph, SLOWNESS)
    town.seconds = town.seconds + waiting / 1000
    found = calibrate(signals, recorded(town, every=10), TABLE)
    assert found.speeds() == pytest.approx({name: USUAL[name] / slow for name, slow in SLOWNESS.items()}, rel=0.04)
