"""Scenarios: several changes of a province at once, and what makes no sense of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.coverage.assumptions import Assumptions
from api.coverage.changes import ApplyRemedies, Build, Change, FreePickup, FuelPrice, Known, Online, Spend, fault
from api.coverage.proposal import Proposal
from api.coverage.situation import Settled
from api.coverage.targets import require_targets
from api.errors import InputError, RowError
from api.plans.schemas import Words


@dataclass(frozen=True, slots=True)
class Scenario:
    key: str
    title: Words
    changes: tuple[Change, ...]
    targets: Mapping[str, float] | None = None
    """Share of an agency's dossiers that should come by post, as `targets.py` has it."""

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


def require_possible(
    scenarios: Sequence[Scenario],
    settled: Settled,
    assumptions: Assumptions,
    out_of_reach: frozenset[str] = frozenset(),
) -> None:
    """
    Find what scenarios ask for that makes no sense, or that the network does not have, before anything is computed.

    Parameters
    ----------
    out_of_reach
        Places where no remedy can be had, once the roads are known.

    Raises
    ------
    InputError
        With the rows of every scenario that cannot be had.
    """
    known, errors = Known(settled, assumptions, out_of_reach=out_of_reach), list[RowError]()
    as_it_is = Proposal(settled.network)
    for scenario in scenarios:
        try:
            _require_some_sense(scenario)
            _require_one_chooser(scenario)
            scenario.proposal(as_it_is, known)
            require_targets(scenario.targets or {}, settled.network, settled.day)
        except InputError as error:
            errors += [_of_scenario(scenario, row) for row in error.rows]
    if errors:
        raise InputError(errors)


def _require_some_sense(scenario: Scenario) -> None:
    """Something changes or is looked at, and nothing of which there is one is set twice."""
    if not scenario.changes and not scenario.targets:
        raise fault("change", "không có thay đổi và chỉ tiêu nào", "there is no change and no target")
    for kind in (Online, FuelPrice):
        if sum(isinstance(change, kind) for change in scenario.changes) > 1:
            name = "online" if kind is Online else "fuel_price"
            raise fault("change", f"{name} chỉ dùng một lần", f"{name} stands there once")


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
