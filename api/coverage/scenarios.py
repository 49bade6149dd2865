"""Scenarios: several changes of a province at once, and what makes no sense of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.coverage.agencies import require_agencies
from api.coverage.assumptions import Assumptions
from api.coverage.changes import ApplyRemedies, Build, Change, FreePickup, Known, Spend, fault
from api.coverage.proposal import Proposal
from api.coverage.situation import Settled
from api.errors import InputError, RowError
from api.plans.schemas import Words


@dataclass(frozen=True, slots=True)
class Scenario:
    key: str
    title: Words
    changes: tuple[Change, ...]
    targets: Mapping[str, float] | None = None
    """Share of an agency's dossiers that should come by post, by site; `*` = every other one."""

    @property
    def content(self) -> str:
        """What it asks for: the same for two scenarios that differ in their names alone."""
        return repr((self.changes, sorted((self.targets or {}).items())))

    def proposal(self, as_it_is: Proposal, known: Known) -> Proposal:
        """
        Apply every change.

        Raises
        ------
        InputError
            When one names what the network does not have, or asks for what makes no sense.
        """
        for change in self.changes:
            as_it_is = change.apply(as_it_is, known)
        return as_it_is


def require_possible(scenarios: Sequence[Scenario], settled: Settled, assumptions: Assumptions) -> None:
    """
    Find what scenarios ask for that makes no sense, or that the network does not have, before anything is computed.

    Raises
    ------
    InputError
        With the rows of every scenario that cannot be had.
    """
    known, as_it_is, errors = Known(settled, assumptions), Proposal(settled.network), list[RowError]()
    for scenario in scenarios:
        try:
            _require_one_chooser(scenario)
            scenario.proposal(as_it_is, known)
            require_agencies(scenario.targets or {}, settled.network)
        except InputError as error:
            errors += [_of_scenario(scenario, row) for row in error.rows]
    if errors:
        raise InputError(errors)


def _require_one_chooser(scenario: Scenario) -> None:
    """Which places are chosen is found in the end: nothing else may name places before that is known."""
    choosing = [change for change in scenario.changes if isinstance(change, (Build, Spend))]
    naming = [
        change
        for number, change in enumerate(scenario.changes)
        if isinstance(change, ApplyRemedies)
        or (isinstance(change, FreePickup) and (change.places is not None or _chosen_later(scenario.changes[number:])))
    ]
    if len(choosing) > 1 or (choosing and naming):
        raise fault(
            "change",
            "build và spend tự chọn nơi: một kịch bản chỉ dùng một lần, không đi cùng nơi nêu tên trong remedies hay "
            "free_pickup; free_pickup cho mọi nơi còn lại thì đặt sau",
            "build and spend choose the places themselves: once in a scenario, not beside places named in remedies or "
            "free_pickup; free_pickup at all other places comes after them",
        )


def _chosen_later(changes: Sequence[Change]) -> bool:
    return any(isinstance(change, (Build, Spend)) for change in changes)


def _of_scenario(scenario: Scenario, row: RowError) -> RowError:
    return replace(row, message_vi=f"{scenario.key}: {row.message_vi}", message_en=f"{scenario.key}: {row.message_en}")
