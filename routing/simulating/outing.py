"""One trip under way: what the courier does at each planned visit, and when they turn back."""

from __future__ import annotations

from dataclasses import dataclass, field

from routing.model import Action, Problem, Task
from routing.scheduling.timeline import first_in
from routing.simulating.itinerary import Halt, PlannedTrip, Rests, rested
from routing.simulating.noise import TripFactors, VisitFactors
from routing.simulating.replayed import Outcome, ReplayedVisit
from routing.solution import BreakTaken


@dataclass(slots=True)
class Outing:
    """A trip on its way; places are positions in it, 0 = the base."""

    problem: Problem
    turned_away: frozenset[Task]
    trip: PlannedTrip
    factors: TripFactors
    deadline: int
    """By when the courier wants to be back."""
    departs: int
    aboard: set[int]
    breaks: tuple[BreakTaken, ...] = ()
    """Taken so far, those at the base before the departure first."""
    owed: Rests = ()
    """Breaks whose place was left out, and which are to be taken at the next halt."""
    place: int = 0
    """Where the courier is."""
    clock: int = field(init=False)
    set_up: int | None = None
    """Location where the set-up is done: the courier has served there and not driven on."""
    turns_back: bool = False
    distance: int = 0

    def __post_init__(self) -> None:
        self.clock = self.departs

    def come_to(self, place: int) -> ReplayedVisit:
        """Let the visit at a place happen, or say why not."""
        halt = self.trip.halts[place - 1]
        if not self._possible(halt):
            return self._left_out(halt, Outcome.NOT_LOADED)
        if self.turns_back:
            return self._left_out(halt, Outcome.NO_TIME)
        if self.clock > halt.windows[-1][1]:
            return self._left_out(halt, Outcome.CLOSED)
        if not self._fits(place):
            self.turns_back = True
            return self._left_out(halt, Outcome.NO_TIME)
        return self._halted(place)

    def home(self) -> int:
        """Drive to the base; when the courier is there."""
        return self._drive(self.trip.end, self.factors.home)

    def _drive(self, place: int, factor: float) -> int:
        way = self.trip.way(self.place, place)
        self.place = place
        self.distance += way.distance
        self.clock += round(way.duration * factor)
        if self.set_up != self.trip.places[place]:
            self.set_up = None
        return self.clock

    def _halted(self, place: int) -> ReplayedVisit:
        halt, factors = self.trip.halts[place - 1], self.factors.visits[place - 1]
        arrives = self._drive(place, factors.drive)
        self._rest((*self.owed, *halt.rests_before))
        self.owed = ()
        starts = self._opens(place, self.clock)
        if starts is None:
            outcomes, ends = self._undone(halt, Outcome.CLOSED), None
        else:
            outcomes, ends = self._served(place, starts, factors)
        self._rest(halt.rests_after)
        self.clock = max(self.clock, halt.leaves_from)
        return ReplayedVisit(halt.visit.stop, outcomes, arrives, starts, ends, self.clock)

    def _served(self, place: int, starts: int, factors: VisitFactors) -> tuple[dict[Task, Outcome], int]:
        """Set up and do every task that can be done; how each went, and when the last one is over."""
        halt = self.trip.halts[place - 1]
        self.clock = starts + round(self._setup(place) * factors.setup)
        self.set_up = self.trip.places[place]
        outcomes = {}
        for task, factor in zip(halt.visit.tasks, factors.items, strict=True):
            outcomes[task] = self._handed_over(task)
            if outcomes[task] is not Outcome.NOT_LOADED:
                self.clock += round(self.problem.duration_of(task) * factor)
        return outcomes, self.clock

    def _handed_over(self, task: Task) -> Outcome:
        if task.action is Action.DELIVER and task.shipment not in self.aboard:
            return Outcome.NOT_LOADED
        if task in self.turned_away:
            return Outcome.TURNED_AWAY
        if task.action is Action.DELIVER:
            self.aboard.remove(task.shipment)
        else:
            self.aboard.add(task.shipment)
        return Outcome.DONE

    def _rest(self, rests: Rests) -> None:
        self.clock, taken = rested(self.clock, rests)
        self.breaks += taken

    def _left_out(self, halt: Halt, outcome: Outcome) -> ReplayedVisit:
        self.owed = (*self.owed, *halt.rests_before, *halt.rests_after)
        return ReplayedVisit(halt.visit.stop, self._undone(halt, outcome))

    def _undone(self, halt: Halt, outcome: Outcome) -> dict[Task, Outcome]:
        """Every task of a visit without service; what is not aboard could not have been delivered anyway."""
        return {
            task: outcome if task.action is Action.COLLECT or task.shipment in self.aboard else Outcome.NOT_LOADED
            for task in halt.visit.tasks
        }

    def _possible(self, halt: Halt) -> list[Task]:
        """The tasks of a visit that can be done there unless somebody is turned away."""
        aboard, possible = set(self.aboard), []
        for task in halt.visit.tasks:
            if task.action is Action.COLLECT:
                aboard.add(task.shipment)
            if task.shipment in aboard:
                possible.append(task)
        return possible

    def _fits(self, place: int) -> bool:
        """Whether going to a place and from there home is expected to be over in time."""
        arrives = self.clock + self.trip.way(self.place, place).duration
        now, _ = rested(arrives, (*self.owed, *self.trip.halts[place - 1].rests_before))
        starts = self._opens(place, now)
        ends = now if starts is None else starts + self._service(place)
        return self._back(place, ends) <= self.deadline

    def _opens(self, place: int, now: int) -> int | None:
        """When service can begin for somebody who is there now; None = never, or too late to wait for."""
        halt = self.trip.halts[place - 1]
        starts = first_in(halt.windows, max(now, halt.starts_from))
        if starts is None or starts == now:
            return starts
        return starts if self._back(place, starts + self._service(place)) <= self.deadline else None

    def _back(self, place: int, ends: int) -> int:
        """When the courier who is done at a place then is expected at the base, going straight home."""
        leaves, _ = rested(ends, self.trip.halts[place - 1].rests_after)  # a stay that the plan wants ends in time
        return leaves + self.trip.way(place, self.trip.end).duration

    def _service(self, place: int) -> int:
        """Expected seconds of set-up and items."""
        items = map(self.problem.duration_of, self._possible(self.trip.halts[place - 1]))
        return self._setup(place) + sum(items)

    def _setup(self, place: int) -> int:
        """Expected seconds of the set-up; none where it is done."""
        stop = self.problem.stops[self.trip.halts[place - 1].visit.stop]
        return 0 if self.set_up == self.trip.places[place] else stop.setup_duration
