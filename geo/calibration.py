"""Speeds by road class from what couriers drove: observed time against the time that the road model gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.clipping import box_text
from geo.coordinates import FloatArray
from geo.errors import SpeedTableError, TracesError
from geo.graph import RoadGraph
from geo.halts import HALT_SECONDS, drives
from geo.matching import Matched, MatchProgress, match_drives
from geo.profiles import FERRY, ROAD_CLASSES, SpeedTable
from geo.stretches import SHORTEST, Stretches
from geo.traces import Trace, Traces

MIN_KM, MIN_TRACES = 5.0, 3
"""Evidence below which a class keeps its speed."""
WIDEST = 2.0
"""A class whose interval reaches further than from v to 2 v keeps its speed: the traces do not tell it from others."""
SPEEDS_KPH = 1.0, 130.0
"""What a province may set."""

_TRIM = 2.0, 4.0  # a stretch that differs from the fit by less than the first stays, by more than the second goes
_DEVIATIONS = 4.0  # in between, those within so many (robust) standard deviations stay
_ROUNDS = 30
_RESAMPLES = 1_000
_LONG_MM, _TOLERANCE = 20_000, 1e-3  # the time of so long an arc, in whole milliseconds, tells its speed so well
_WALK_HALT_SECONDS = 120.0  # who walks needs a minute for 60 m anyway


class Verdict(StrEnum):
    """What becomes of a class's speed."""

    FITTED = "fitted"
    FEW_KM = "few_km"
    FEW_TRACES = "few_traces"
    VAGUE = "vague"
    """The interval is wider than `WIDEST`, or the speed not one of `SPEEDS_KPH`."""
    OTHER_SPEED = "other_speed"
    """No arc is as fast as the table says: the graph may have been built with another one."""
    CLOSED = "closed"
    """The class is closed unless a tag opens a way; a speed for it would open it everywhere."""
    FERRY = "ferry"
    """A crossing's time is its timetable and waiting, no speed."""


@dataclass(frozen=True, slots=True)
class ClassSpeed:
    """What the traces say about one road class."""

    road_class: str
    verdict: Verdict
    old_kph: float
    new_kph: float
    """The old one unless the verdict is `FITTED`."""
    low_kph: float | None
    """95 % interval; None = not estimated."""
    high_kph: float | None
    km: float
    """Driven on it, outliers left out."""
    hours: float
    traces: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Speeds of one profile, and the evidence."""

    profile: str
    classes: tuple[ClassSpeed, ...]
    """Those that the graph has, the most important first."""
    traces: Traces
    matched: Matched
    jumps: int
    """Fixes left out as impossible."""
    halts: int
    halted_hours: float
    stretches: int
    """Pieces of about two minutes that were compared."""
    outliers: int
    """Those of them that were left out."""
    outlier_hours: float

    def speeds(self) -> dict[str, float]:
        """km/h of the classes that were fitted, to one decimal: fit for `SpeedTable.with_class_speeds`."""
        return {row.road_class: row.new_kph for row in self.classes if row.verdict is Verdict.FITTED}


def calibrate(
    graph: RoadGraph,
    traces: Traces,
    table: SpeedTable,
    *,
    min_km: float = MIN_KM,
    min_traces: int = MIN_TRACES,
    seed: int = 0,
    on_progress: MatchProgress | None = None,
) -> Calibration:
    """
    Fit the speed of each road class of a profile from traces.

    An arc's time in the graph holds more than its class: surface, kind of link, a posted limit. So no speed is
    measured but a factor f by class, observed time over modelled time on the same arcs; the new speed is the old one
    over f. That is how `SpeedTable.with_class_speeds` scales every kind of way of the class, and surfaces keep their
    effect. Only where a posted limit, not the class, sets the time does a higher class speed not act in full: build
    the roads with the new speeds and calibrate once more, until little changes.

    Each drive is cut into stretches of about two minutes; each gives one equation, observed seconds = sum over the
    classes of f times modelled seconds, with an error whose variance grows with the time. Weighted least squares,
    with weights from the fit itself, solves them. In the solution each stretch's time is shared out over its arcs by
    their fitted time, and f is a class's total share over its total modelled time: times add up, which is what a plan
    needs, where a mean of speeds would flatter. Stretches far off the fit are left out (a jump that went unseen, a
    detour that was not driven): beyond four robust standard deviations of log(observed / fitted), but never within a
    factor of 2 and always beyond 4. The 95 % interval is the percentile bootstrap over whole traces, since what one
    courier does in one day hangs together; the trimming is not repeated in it.

    Parameters
    ----------
    graph
        The roads that were driven on.
    traces
        Of one kind of vehicle.
    table
        The speeds that the graph was built with.
    min_km, min_traces
        Evidence below which a class keeps its speed (f = 1).
    seed
        Of the bootstrap.
    on_progress
        Told after each matched drive.

    Raises
    ------
    SpeedTableError
        When the graph was built with other speeds.
    TracesError
        When nothing of the traces lies on the roads.

    References
    ----------
    .. [1] McCullagh, Nelder (1989). Generalized Linear Models, ch. 9 (variance proportional to the mean).
    .. [2] Efron, Tibshirani (1993). An Introduction to the Bootstrap, ch. 13.
    """
    check_speeds(graph, table)
    wait = _WALK_HALT_SECONDS if graph.profile == "walk" else HALT_SECONDS
    cut = [drives(part, halt_seconds=wait) for part in traces.parts]
    matched = match_drives(graph, [part for found in cut for part in found.parts], on_progress=on_progress)
    stretches = Stretches.of(graph, matched.matches)
    if not stretches.seconds.size:
        where = f"the traces reach from {_box(traces.parts)}, the roads from {_box([graph])}"
        raise TracesError([("traces", None, f"no drive of {SHORTEST:.0f} s or more lies on these roads: {where}")])
    sure = _sure_classes(graph, table)
    free = stretches.evidence(min_km, min_traces, sure)
    fit = _fit(stretches, free)
    kept = stretches.take(fit.kept)
    low, high = _intervals(kept, fit, free, seed)
    present = np.unique(graph.road_class).tolist()
    rows = _Rows(graph.profile, table, kept, fit, sure, min_km, min_traces)
    return Calibration(
        profile=graph.profile,
        classes=tuple(rows.row(index, float(low[index]), float(high[index])) for index in present),
        traces=traces,
        matched=matched,
        jumps=sum(found.jumps for found in cut),
        halts=sum(found.halts for found in cut),
        halted_hours=sum(found.halted for found in cut) / 3600,
        stretches=stretches.seconds.size,
        outliers=int((~fit.kept).sum()),
        outlier_hours=float(stretches.seconds[~fit.kept].sum()) / 3600,
    )


def check_speeds(graph: RoadGraph, table: SpeedTable) -> None:
    """
    Refuse a table that the graph was not built with: an arc is faster than its class.

    Raises
    ------
    SpeedTableError
        When one is, or the table does not know the profile.
    """
    if graph.profile not in table.profiles:
        raise SpeedTableError(f"the table of speeds does not know the profile {graph.profile}")
    for name, fastest in zip(ROAD_CLASSES, _fastest_kph(graph).tolist(), strict=True):
        usual = table.class_kph(graph.profile, name)
        if name != "ferry" and usual > 0 and fastest > usual * (1 + _TOLERANCE):
            raise SpeedTableError(
                f"the roads were built with other speeds: {graph.profile} drives {fastest:.1f} km/h on {name} there, "
                f"{usual:g} km/h in the table"
            )


def _fastest_kph(graph: RoadGraph) -> FloatArray:
    """Speed of the fastest arc of each class, shape (classes,), 0 = none; short ones are too coarse in time."""
    long = graph.length_mm > _LONG_MM
    kph = 3.6 * graph.length_mm[long] / np.maximum(graph.duration_ms[long], 1)
    fastest = np.zeros(len(ROAD_CLASSES))
    np.maximum.at(fastest, graph.road_class[long], kph)
    return fastest


def _sure_classes(graph: RoadGraph, table: SpeedTable) -> NDArray[np.bool_]:
    """Classes whose speed in the graph is the table's, as its fastest arc shows."""
    usual = np.array([0.0 if name == "ferry" else table.class_kph(graph.profile, name) for name in ROAD_CLASSES])
    sure: NDArray[np.bool_] = (usual > 0) & (_fastest_kph(graph) >= usual * (1 - _TOLERANCE))
    return sure


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    factor: FloatArray
    """Shape (classes,): observed over modelled time, 1 where it was not fitted."""
    kept: NDArray[np.bool_]
    """Shape (stretches,): no outlier."""


def _fit(stretches: Stretches, free: NDArray[np.bool_]) -> _Fit:
    """Fit, leave out what is far off, and again until the same stretches stay."""
    factor = _first_guess(stretches, free)
    kept = _near(stretches, factor)
    for _ in range(_ROUNDS):
        factor = _solved(stretches.take(kept), free, factor)
        before, kept = kept, _near(stretches, factor)
        if np.array_equal(kept, before):
            break
    return _Fit(factor, kept)


def _first_guess(stretches: Stretches, free: NDArray[np.bool_]) -> FloatArray:
    """Median of observed over modelled time among the stretches that are mostly of the class."""
    total = stretches.modelled.sum(axis=1)
    ratio = stretches.seconds / total
    factor = np.ones(len(ROAD_CLASSES))
    for index in np.flatnonzero(free):
        mostly = stretches.modelled[:, index] > total / 2
        factor[index] = np.median(ratio[mostly] if mostly.any() else ratio)
    return factor


def _near(stretches: Stretches, factor: FloatArray) -> NDArray[np.bool_]:
    fitted = stretches.modelled @ factor
    off = np.log(stretches.seconds / np.maximum(fitted, 1e-3))
    deviation = 1.4826 * float(np.median(np.abs(off - np.median(off))))
    near: NDArray[np.bool_] = np.abs(off) <= np.clip(_DEVIATIONS * deviation, *np.log(_TRIM))
    return near


def _solved(stretches: Stretches, free: NDArray[np.bool_], factor: FloatArray) -> FloatArray:
    """Weighted least squares, weights 1 / fitted time until they are those of the solution itself."""
    for _ in range(_ROUNDS):
        matrix, right = _equations(stretches, free, factor)
        solved = factor.copy()
        solved[free] = np.linalg.lstsq(matrix.sum(axis=0), right.sum(axis=0), rcond=None)[0]
        done, factor = np.allclose(solved, factor, rtol=1e-9, atol=0), solved
        if done:
            break
    return factor


def _equations(stretches: Stretches, free: NDArray[np.bool_], factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Normal equations of each trace, shapes (traces, free, free) and (traces, free)."""
    weight = 1 / np.maximum(stretches.modelled @ factor, 1.0)
    driven = stretches.modelled[:, free]
    rest = stretches.seconds - stretches.modelled[:, ~free] @ factor[~free]
    count, size = int(stretches.trace.max(initial=-1)) + 1, int(free.sum())
    matrix, right = np.zeros((count, size, size)), np.zeros((count, size))
    np.add.at(matrix, stretches.trace, weight[:, None, None] * driven[:, :, None] * driven[:, None, :])
    np.add.at(right, stretches.trace, (weight * rest)[:, None] * driven)
    return matrix, right


def _intervals(stretches: Stretches, fit: _Fit, free: NDArray[np.bool_], seed: int) -> tuple[FloatArray, FloatArray]:
    """95 % interval of each factor, shape (classes,); NaN where it was not fitted."""
    low, high = np.full((2, len(ROAD_CLASSES)), np.nan)
    if free.any():
        matrix, right = _equations(stretches, free, fit.factor)
        count = matrix.shape[0]
        drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=_RESAMPLES)
        sums = np.tensordot(drawn, matrix, axes=1)
        factors = np.linalg.pinv(sums, hermitian=True) @ np.tensordot(drawn, right, axes=1)[:, :, None]
        seen = np.diagonal(sums, axis1=1, axis2=2) > 0  # a class that no drawn trace drove says nothing
        seen |= ~seen.any(axis=0)  # all of its stretches were outliers: 0, no interval
        low[free], high[free] = np.nanpercentile(np.where(seen, factors[:, :, 0], np.nan), (2.5, 97.5), axis=0)
    return low, high


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Turns factors into speeds and verdicts."""

    profile: str
    table: SpeedTable
    stretches: Stretches
    fit: _Fit
    sure: NDArray[np.bool_]
    min_km: float
    min_traces: int

    def row(self, index: int, low: float, high: float) -> ClassSpeed:
        name = ROAD_CLASSES[index]
        old, factor = self.table.class_kph(self.profile, name), float(self.fit.factor[index])
        km, traces = float(self.stretches.km[:, index].sum()), self.stretches.traces_of(index)
        told = low > 0
        new = old / factor if factor > 0 else 0.0
        verdict = self._verdict(index, km, traces, new, told and high <= WIDEST * low)
        return ClassSpeed(
            road_class=name,
            verdict=verdict,
            old_kph=old,
            new_kph=round(new, 1) if verdict is Verdict.FITTED else old,
            low_kph=round(old / high, 1) if told else None,
            high_kph=round(old / low, 1) if told else None,
            km=round(km, 3),
            hours=round(self._hours(index), 4),
            traces=traces,
        )

    def _verdict(self, index: int, km: float, traces: int, kph: float, narrow: bool) -> Verdict:
        if index == FERRY:
            return Verdict.FERRY
        if self.table.class_kph(self.profile, ROAD_CLASSES[index]) == 0:
            return Verdict.CLOSED
        if km < self.min_km:
            return Verdict.FEW_KM
        if traces < self.min_traces:
            return Verdict.FEW_TRACES
        if not self.sure[index]:
            return Verdict.OTHER_SPEED
        return Verdict.FITTED if narrow and SPEEDS_KPH[0] <= kph <= SPEEDS_KPH[1] else Verdict.VAGUE

    def _hours(self, index: int) -> float:
        """The class's share of the observed time."""
        fitted = self.stretches.modelled * self.fit.factor
        share = fitted[:, index] / np.maximum(fitted.sum(axis=1), 1e-3)
        return float(share @ self.stretches.seconds) / 3600


def _box(places: Sequence[Trace | RoadGraph]) -> str:
    """Where traces or roads lie, for a message."""
    lon, lat = (np.concatenate([getattr(place, name) for place in places]) for name in ("lon", "lat"))
    return box_text((float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())))
