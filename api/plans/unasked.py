"""
Plan groups that a first plan leaves alone, because only some bases were asked for.

Their shipments stay behind for a reason of their own, so that nobody takes them for ones that found no room; a search
that goes on for their bases plans them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.errors import RefusedEditError
from api.network.model import Network
from api.plans.document import Answer
from api.plans.problems import PlanGroup
from api.plans.reasons import explain_unassigned
from api.plans.schemas import Plan, UnassignedReason, Words
from routing.explain import reasons
from routing.objective import Objective, measure, weights
from routing.solution import Constraint, Reason, Solution, Unassigned

NOT_ASKED = "not_asked"
"""The reason of what lies at a base that was not to be planned."""

_NOT_ASKED = UnassignedReason(
    constraint=NOT_ASKED,
    detail=Words(vi="bưu cục này chưa được xếp chuyến", en="this base has not been planned yet"),
    would_help=Words(vi="tìm tiếp cho bưu cục này", en="search on for this base"),
)


def asked_groups(groups: Sequence[PlanGroup], bases: Sequence[str], network: Network) -> list[int]:
    """
    Positions of the plan groups of some bases; of none = all.

    Raises
    ------
    RefusedEditError
        When a name is no base of the network, or nothing waits at any of them.
    """
    wanted = [number for number, group in enumerate(groups) if not bases or set(bases) & set(group.bases)]
    idle = set(bases).difference(*(group.bases for group in groups))
    if idle.difference(network.bases) or (bases and not wanted):
        named = ", ".join(sorted(idle))
        raise RefusedEditError(
            f"Không có bưu gửi nào để xếp từ bưu cục: {named}.", f"Nothing is planned from the base {named}."
        )
    return wanted


def left_alone(group: PlanGroup) -> Answer:
    """The answer of a group that is not searched for: nobody drives, everything stays behind."""
    # A plan cannot be written without reasons; `with_unasked` puts its own in their place.
    left = (Unassigned(number, (Reason(Constraint.COST),)) for number in range(len(group.works)))
    solution = Solution(unassigned=tuple(left))
    terms = measure(group.problem, solution)
    return Answer(solution, terms, weights(group.problem, Objective.DAILY).total(terms))


def with_unasked(plan: Plan, groups: Iterable[PlanGroup]) -> Plan:
    """The plan, saying of the shipments of these groups that nobody has asked for them."""
    codes = {work.shipment.code for group in groups for work in group.works}
    if not codes:
        return plan
    unassigned = (
        left.model_copy(update={"reasons": (_NOT_ASKED,)}) if left.shipment in codes else left
        for left in plan.unassigned
    )
    return plan.model_copy(update={"unassigned": tuple(unassigned)})


def explained_anew(plan: Plan, group: PlanGroup, solution: Solution, network: Network) -> Plan:
    """The plan after a search for a group: what still stays behind has found no room, and is told why."""
    stale = {left.shipment for left in plan.unassigned if any(why.constraint == NOT_ASKED for why in left.reasons)}
    if stale.isdisjoint(work.shipment.code for work in group.works):
        return plan
    told = {group.works[left.shipment].shipment.code: left for left in reasons(group.problem, solution).unassigned}
    unassigned = (
        explain_unassigned(group, told[left.shipment], network)
        if left.shipment in stale and left.shipment in told
        else left
        for left in plan.unassigned
    )
    return plan.model_copy(update={"unassigned": tuple(unassigned)})
