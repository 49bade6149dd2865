"""A shipment at one place of one route, judged exactly, as it is or after a change."""

from __future__ import annotations

from dataclasses import dataclass

from routing.drafts import DraftTrips
from routing.explaining.chains import Kind, Moment, Verdict, moments, verdict
from routing.explaining.excerpt import Excerpt
from routing.explaining.relaxing import relaxed
from routing.schedule import Conflict, time_route
from routing.scheduling.admission import first_conflict
from routing.scheduling.layout import lay_out
from routing.solution import Constraint, Relaxation, Route


@dataclass(frozen=True, slots=True)
class Refusal:
    """What forbids a place."""

    constraint: Constraint
    amount: int
    """How much too late, too heavy, too far ... in the constraint's own unit."""
    chain: tuple[Moment, ...] = ()
    """Its moments, if it is a matter of time."""


class Trial:
    """The route with the shipment in it; the shipment is the excerpt's last."""

    def __init__(self, excerpt: Excerpt, trips: DraftTrips) -> None:
        self.excerpt = excerpt
        self.trips = trips
        """In the excerpt's numbers."""
        self._barrier = first_conflict(excerpt.problem, 0, trips)

    @property
    def shipment(self) -> int:
        """The number of the shipment in the excerpt."""
        return len(self.excerpt.shipments) - 1

    def fits(self, relaxation: Relaxation) -> bool:
        """Whether the route can be driven after a change."""
        problem = relaxed(self.excerpt.problem, relaxation)
        if self._barrier is not None and first_conflict(problem, 0, self.trips) is not None:
            return False
        judged, _ = verdict(lay_out(problem, 0, self.trips, 0), problem.vehicle_types[0])
        if judged is Verdict.UNDECIDED:
            return isinstance(time_route(problem, 0, self.trips), Route)
        return judged is Verdict.FITS

    def refusal(self) -> Refusal | None:
        """What forbids the route as it is; None = nothing. A break without room is told as what it makes too late."""
        if self._barrier is not None:
            return Refusal(self._barrier.constraint, self._barrier.amount)
        problem = self.excerpt.problem
        layout = lay_out(problem, 0, self.trips, 0)
        judged, placed = verdict(layout, problem.vehicle_types[0])
        if judged is Verdict.FITS:
            return None
        chain = moments(layout, placed)
        if judged is Verdict.UNDECIDED:
            timed = time_route(problem, 0, self.trips)
            return Refusal(timed.constraint, timed.amount, tuple(chain)) if isinstance(timed, Conflict) else None
        late = next((moment for moment in chain if moment.late), chain[-1])
        constraint = late.point.binds if late.late and late.kind is not Kind.REST else Constraint.BREAKS
        return Refusal(constraint, max(1, late.late), tuple(chain))

    def route(self) -> Route:
        """The times of a route that can be driven."""
        timed = time_route(self.excerpt.problem, 0, self.trips)
        assert isinstance(timed, Route)
        return timed
