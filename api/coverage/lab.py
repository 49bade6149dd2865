"""Where proposals are tried: one situation, one demand, and whatever has been solved already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import TypeVar

from pydantic import TypeAdapter

from api.coverage.assumptions import Assumptions
from api.coverage.document import YearFigures
from api.coverage.figures import Tally, tally_week
from api.coverage.kindred import KnownRounds
from api.coverage.latent import LatentDemand, draw_demand
from api.coverage.memo import Store
from api.coverage.postage import YearlyPostage
from api.coverage.proposal import Proposal
from api.coverage.province_part import WHOLE, ProvincePart
from api.coverage.sampling import Run, SampledDays
from api.coverage.situation import Situation
from api.coverage.standing import KnownGroups, KnownWays, StandingJourneys, StandingNetwork
from api.coverage.terms import Served, serve
from api.coverage.writing import Writer
from api.network.settings import CALM
from api.shipments.model import Shipment
from api.simulation.chances import Chances
from api.simulation.day import Province, Solve
from api.simulation.records import DayRecord
from api.simulation.run import Simulation

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Tried:
    """A proposal, as it turned out."""

    proposal: Proposal
    served: Served
    tally: Tally
    year: YearFigures
    records: tuple[DayRecord, ...] = field(repr=False)
    """Of every day replayed."""

    def year_with(self, before: Tried, after: Tried, factor: float) -> YearFigures:
        """The year, with a part of the province as it was tried afterwards, and not before."""
        tally = self.tally.changed(before.tally, after.tally)
        year = after.year
        return tally.year(
            factor,
            dossiers=year.dossiers,
            results=year.results,
            fixed_dong=year.fixed_dong,
            postage_dong=year.postage_dong,
        )


@dataclass(frozen=True, eq=False)
class Lab:
    """One demand, against which proposals are tried."""

    situation: Situation
    assumptions: Assumptions
    days: SampledDays
    executor: Executor
    store: Store
    """Of what is known already."""
    iterations: int
    seed: int = 0
    level: float = 1.0
    """Of demand, against what is assumed."""

    @cached_property
    def demand(self) -> LatentDemand:
        return draw_demand(self.situation.places, self.days, self.assumptions, seed=self.seed, level=self.level)

    @cached_property
    def writer(self) -> Writer:
        return Writer(self.situation, self.demand, self.days, self.assumptions)

    @cached_property
    def postage(self) -> YearlyPostage:
        return YearlyPostage(self.situation.network, self.demand, self.assumptions)

    @cached_property
    def as_it_is(self) -> Proposal:
        """Nothing changed."""
        return Proposal(self.situation.network, online_share=self.assumptions.online_share)

    def known(self, about: str, kind: TypeAdapter[T], make: Callable[[], T]) -> T:
        """What has been found for this demand already, else what `make` finds."""
        return self.store.remember(f"{self.seed} {self.level:.9f} {about}", kind, make)

    def unchanged(self, part: ProvincePart = WHOLE) -> Tried:
        """
        The province, or a part of it, with nothing changed.

        Its rounds are searched for from nothing, and then from there as those of every change: what changes nothing
        costs nothing.
        """
        with self._locks[part]:
            if part not in self._parts:
                self._replay(self.as_it_is, self.serve(self.as_it_is), part, self.rounds[part].first)
                self._parts[part] = self.attempt(self.as_it_is, part)
            return self._parts[part]

    @cached_property
    def _parts(self) -> dict[ProvincePart, Tried]:
        return {}

    @cached_property
    def _locks(self) -> defaultdict[ProvincePart, Lock]:
        return defaultdict(Lock)

    def serve(self, proposal: Proposal) -> Served:
        return serve(self.situation, proposal, self.assumptions)

    def dossiers(self, proposal: Proposal, served: Served) -> int:
        """Dossiers by post in the year."""
        taken = zip(self.demand.dossiers, served.terms, strict=True)
        return sum(int(papers.by_post(terms.share, proposal.online_share).sum()) for papers, terms in taken)

    def attempt(self, proposal: Proposal, part: ProvincePart = WHOLE) -> Tried:
        """
        Replay the sampled weeks on a proposal, in the whole province or a part of it.

        In a part nothing waits that could go today. What waits for company goes now on one day and now on another
        when anything changes, and that would drown what a remedy at one place costs.
        """
        served = self.serve(proposal)
        tally, records = self._replay(proposal, served, part, self.rounds[part].changed)
        year = tally.year(
            self.days.factor,
            dossiers=self.dossiers(proposal, served),
            results=self.demand.num_results,
            fixed_dong=proposal.fixed_dong,
            postage_dong=self.postage.year(served, proposal),
        )
        return Tried(proposal, served, tally, year, tuple(records))

    def _replay(
        self, proposal: Proposal, served: Served, part: ProvincePart, solved: Solve
    ) -> tuple[Tally, list[DayRecord]]:
        shipments = part.shipments(self.writer.shipments(served, proposal), proposal.network)
        network = part.network(proposal.network, shipments)
        batching = network.settings.batching and part == WHOLE
        settings = replace(network.settings, simulation=CALM, batching=batching)
        calm = StandingNetwork.of(replace(network, settings=settings))
        province = Province(
            calm, self.situation.roads, Chances(CALM, self.seed), self.executor, self.iterations,
            journeys=StandingJourneys(self._ways_of(proposal)), groups=self._groups[part == WHOLE],
            solved=solved,
        )  # fmt: skip
        tally, records = Tally(part.bases), list[DayRecord]()
        for run in self.days.runs:
            records += self._replay_run(province, shipments, run, tally)
        return tally, records

    def _ways_of(self, proposal: Proposal) -> KnownWays:
        """Shared by all proposals that only add sites to the situation."""
        now, then = self.situation.network.rows, proposal.network.rows
        same = now.areas == then.areas and now.couriers == then.couriers and now.lines == then.lines
        return self._ways if same and set(now.sites) <= set(then.sites) else KnownWays()

    @cached_property
    def _ways(self) -> KnownWays:
        return KnownWays()

    @cached_property
    def rounds(self) -> defaultdict[ProvincePart, KnownRounds]:
        """Those of the situation as it is, of each part replayed so far."""
        return defaultdict(KnownRounds)

    @cached_property
    def _groups(self) -> tuple[KnownGroups, KnownGroups]:
        """Of parts, of the whole: their papers wait by other rules."""
        return KnownGroups(), KnownGroups()

    def _replay_run(
        self, province: Province, shipments: Iterable[Shipment], run: Run, tally: Tally
    ) -> Iterable[DayRecord]:
        begin, first, last = run
        zone = province.network.settings.zone
        of_run = [one for one in shipments if begin <= one.ready_at.astimezone(zone).date() <= last]
        simulation = Simulation.begin(province, of_run, begin)
        records = list[DayRecord]()

        def kept() -> Iterable[DayRecord]:
            for record in simulation.days(last):
                records.append(record)
                yield record

        tally_week(simulation, kept(), first, last, tally)
        return records
