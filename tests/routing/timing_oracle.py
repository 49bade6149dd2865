"""The best times of a route by constraint programming: a second way to the answers of `time_route`."""

from __future__ import annotations

from itertools import pairwise

from ortools.sat.python import cp_model

from routing.model import FOREVER, Action, Break, Problem, VehicleType
from routing.solution import BreakTaken, Route
from tests.routing.samples import Sequence

HORIZON = 3000
"""No random problem lasts longer, in seconds."""

Key = tuple[int, int, int, int]
"""Money, overtime, working time, return."""


class RouteModel:
    """Departures, services, drives, reloads and breaks as intervals that do not overlap."""

    def __init__(self, problem: Problem, vehicle_type: int, trips: Sequence, available_at: int = 0) -> None:
        self.problem, self.vehicle_type, self.trips = problem, vehicle_type, trips
        self.vehicle = problem.vehicle_types[vehicle_type]
        self.cp = cp_model.CpModel()
        self.busy: list[cp_model.IntervalVar] = []
        self.steps: list[tuple[cp_model.IntVar, int]] = []
        """Begin and duration of each drive and service, in order."""
        self.rests: list[tuple[Break, cp_model.IntVar, cp_model.IntVar]] = []
        """Each break of the vehicle type, whether it is taken, and its begin."""
        self.starts: list[cp_model.IntVar] = []
        self.collected: dict[int, cp_model.LinearExpr] = {}
        departures: list[cp_model.IntVar] = []
        returns: list[cp_model.IntVar] = []
        for number, trip in enumerate(trips):
            departs = self.moment()
            returned = self._drive_trip(number, departs, trip)
            departures.append(departs)
            returns.append(returned)
        for returned, departs in zip(returns, departures[1:], strict=False):
            reload = self.moment()
            self.work(reload, self.vehicle.reload_duration)
            self.cp.add(reload >= returned)
            self.cp.add(departs >= reload + self.vehicle.reload_duration)
        self.departures, self.departs, self.returns = departures, departures[0], returns[-1]
        self.cp.add(self.departs >= max(self.vehicle.tw_early, available_at))
        self.cp.add(self.returns <= min(self.vehicle.tw_late + self.vehicle.max_overtime, HORIZON))
        self.rested = self._add_breaks(self.vehicle)
        self.working = self.cp.new_int_var(0, HORIZON, "")
        self.cp.add(self.working == self.returns - self.departs - self.rested)
        self.cp.add(self.working <= min(self.vehicle.max_duration, HORIZON))
        self.overtime = self.cp.new_int_var(0, HORIZON, "")
        self.cp.add(self.overtime >= self.returns - self.vehicle.tw_late)

    def moment(self) -> cp_model.IntVar:
        return self.cp.new_int_var(0, HORIZON, "")

    def work(self, start: cp_model.IntVar, duration: int) -> None:
        self.busy.append(self.cp.new_fixed_size_interval_var(start, duration, ""))

    def _drive_trip(self, number: int, departs: cp_model.IntVar, trip: list) -> cp_model.IntVar:  # type: ignore[type-arg]
        problem, vehicle = self.problem, self.vehicle
        base = problem.depots[vehicle.start_depot]
        end = problem.depots[vehicle.end_depot if number == len(self.trips) - 1 else vehicle.start_depot]
        durations = problem.durations[vehicle.profile]
        self.cp.add(departs >= base.tw_early)
        leaves, here, comes_from_stop = departs, base.location, False
        to_depot = []
        for stop_index, tasks in trip:
            stop = problem.stops[stop_index]
            start, left = self.moment(), self.moment()
            drive = int(durations[here, stop.location])
            self.work(leaves, drive)
            self.steps.append((leaves, drive))
            self.cp.add(start >= leaves + drive)
            domain = [[w.early, min(w.late, HORIZON)] for w in stop.windows if w.early <= HORIZON]
            self.cp.add_linear_expression_in_domain(start, cp_model.Domain.from_intervals(domain))
            setup = 0 if comes_from_stop and here == stop.location else stop.setup_duration
            service = setup + sum(problem.duration_of(task) for task in tasks)
            self.work(start, service)
            self.steps.append((start, service))
            self.cp.add(left >= start + service)
            self.starts.append(start)
            for task in tasks:
                shipment = problem.shipments[task.shipment]
                if task.action is Action.COLLECT:
                    self.collected[task.shipment] = start + service
                    if shipment.delivery is None:
                        to_depot.append(task.shipment)
                    continue
                if shipment.pickup is None:
                    self.cp.add(departs >= shipment.release)
                if shipment.max_ride < FOREVER:
                    self.cp.add(start - self.collected.get(task.shipment, departs) <= shipment.max_ride)
            leaves, here, comes_from_stop = left, stop.location, True
        returned = self.moment()
        drive = int(durations[here, end.location])
        self.work(leaves, drive)
        self.steps.append((leaves, drive))
        self.cp.add(returned == leaves + drive)
        self.cp.add(returned <= min(end.tw_late, HORIZON))
        for index in to_depot:
            shipment = problem.shipments[index]
            self.cp.add(returned <= min(shipment.latest_return, HORIZON))
            if shipment.max_ride < FOREVER:
                self.cp.add(returned - self.collected[index] <= shipment.max_ride)
        return returned

    def _add_breaks(self, vehicle: VehicleType) -> cp_model.LinearExpr | int:
        rested: list[cp_model.LinearExpr] = []
        for rest in vehicle.breaks:
            taken, leaves_late, comes_early = (self.cp.new_bool_var("") for _ in range(3))
            begins = self.cp.new_int_var(rest.tw_early, min(rest.tw_late, HORIZON), "")
            interval = self.cp.new_optional_fixed_size_interval_var(begins, rest.duration, taken, "")
            self.busy.append(interval)
            self.cp.add(begins >= self.departs).only_enforce_if(taken)
            self.cp.add(begins + rest.duration <= self.returns).only_enforce_if(taken)
            self.cp.add(self.departs >= rest.tw_early + rest.duration).only_enforce_if(leaves_late)
            self.cp.add(self.returns <= rest.tw_late).only_enforce_if(comes_early)
            self.cp.add_bool_or(taken, leaves_late, comes_early)
            self.rests.append((rest, taken, begins))
            rested.append(taken * rest.duration)
        self.cp.add_no_overlap(self.busy)
        return sum(rested) if rested else 0

    def best_key(self) -> Key | None:
        """The least money, then overtime, then working time, then return; None = impossible."""
        money = self.vehicle.unit_duration_cost * self.working + self.vehicle.unit_overtime_cost * self.overtime
        found = []
        for term in (money, self.overtime, self.working, self.returns):
            self.cp.minimize(term)
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            if solver.solve(self.cp) != cp_model.OPTIMAL:
                return None
            value = round(solver.objective_value)
            self.cp.add(term <= value)
            found.append(value)
        return found[0], found[1], found[2], found[3]

    def latest_start(self, visit: int, route: Route) -> int:
        """The latest start of one visit when everything before it keeps its time and breaks keep their place."""
        self._match_breaks(route, since=route.visits[visit].starts)
        position = 0
        for departs, trip in zip(self.departures, route.trips, strict=True):
            if position <= visit:
                self.cp.add(departs == trip.departs)
            position += len(trip.visits)
        for start, made in zip(self.starts[:visit], route.visits, strict=False):
            self.cp.add(start == made.starts)
        self.cp.maximize(self.starts[visit])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(self.cp) == cp_model.OPTIMAL
        return round(solver.objective_value)

    def _match_breaks(self, route: Route, since: int) -> None:
        """Each break taken is another one that it fits now; no more are taken."""
        slid = {made: self._slid_break(made, route, since) for trip in route.trips for made in trip.breaks}
        for before, after in pairwise(sorted(slid, key=lambda made: made.starts)):
            self.cp.add(slid[before] + before.ends - before.starts <= slid[after])
        is_one = {(made, k): self.cp.new_bool_var("") for made in slid for k in range(len(self.rests))}
        for (made, k), holds in is_one.items():
            rest, _, begins = self.rests[k]
            if rest.duration != made.ends - made.starts or not rest.tw_early <= made.starts <= rest.tw_late:
                self.cp.add(holds == 0)
            self.cp.add(begins == slid[made]).only_enforce_if(holds)
        for made in slid:
            self.cp.add_exactly_one(is_one[made, k] for k in range(len(self.rests)))
        for k, (_, taken, _) in enumerate(self.rests):
            self.cp.add(sum(is_one[made, k] for made in slid) == taken)

    def _slid_break(self, made: BreakTaken, route: Route, since: int) -> cp_model.IntVar:
        """The begin of a break that stays between the drives and services where it is now."""
        begins = self.moment()
        if made.ends <= since:
            self.cp.add(begins == made.starts)
        now = [
            t for trip in route.trips for t in (trip.departs, *(t for v in trip.visits for t in (v.starts, v.leaves)))
        ]
        for (start, duration), began in zip(self.steps, now, strict=True):
            if made.ends <= began:
                self.cp.add(begins + made.ends - made.starts <= start)
            else:
                self.cp.add(begins >= start + duration)
        return begins
