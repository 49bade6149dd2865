"""The sample province planned whole: the same again, proved, and nobody left behind without a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.demo.provinces import DEFAULT_DAY, write_province
from api.network.reader import read_network
from api.plans.directory import Sources, write_plan_folder
from api.plans.document import write_plan
from api.plans.planning import PreparedDay, prepare_day, solve_groups
from api.plans.proof import check_document, check_plan
from api.plans.roads import load_roads
from api.plans.schemas import Plan
from api.plans.workers import solver_pool
from api.shipments.reader import read_shipments
from routing.stopping import StoppingCriterion

ITERATIONS = StoppingCriterion(iterations=3)
SEED = 7


def _prepared(network_path: Path, shipments_path: Path) -> PreparedDay:
    network = read_network(network_path)
    shipments = read_shipments(shipments_path, network, on=DEFAULT_DAY)
    return prepare_day(network, shipments, load_roads(network, DEFAULT_DAY), DEFAULT_DAY, seed=SEED)


def _planned(prepared: PreparedDay, stop: StoppingCriterion, *, hour: int = 6, workers: int = 2) -> Plan:
    with solver_pool(workers) as executor:
        answers = solve_groups(prepared.groups, stop, SEED, executor=executor, workers=workers)
    moment = datetime(2026, 11, 25, hour, tzinfo=UTC)
    return write_plan(prepared.inputs, prepared.groups, answers, created_at=moment)


def _accounted_for(plan: Plan, prepared: PreparedDay) -> None:
    carried = [
        task.shipment
        for route in plan.routes for trip in route.trips for stop in trip.stops for task in stop.tasks
    ]  # fmt: skip
    left = [shipment.shipment for shipment in plan.unassigned]
    assert sorted(carried + left) == sorted(s.code for s in prepared.inputs.shipments.shipments)
    assert all(s.reasons and all(r.detail.vi and r.detail.en for r in s.reasons) for s in plan.unassigned)
    assert (plan.totals.carried, plan.totals.unassigned) == (len(carried), len(left))


@pytest.fixture(name="sources", scope="module")
def _sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    return Sources(*write_province("an-giang", tmp_path_factory.mktemp("an-giang"), day=DEFAULT_DAY))


@pytest.fixture(name="prepared", scope="module")
def _prepared_day(sources: Sources) -> PreparedDay:
    return _prepared(sources.network, sources.shipments)


@pytest.fixture(name="plan", scope="module")
def _plan(prepared: PreparedDay) -> Plan:
    return _planned(prepared, ITERATIONS)


@pytest.mark.slow
def test_the_same_inputs_seed_and_iterations_give_the_same_plan_but_for_its_time(
    sources: Sources, prepared: PreparedDay, plan: Plan
) -> None:
    read_again = _prepared(sources.network, sources.shipments)
    again = _planned(read_again, ITERATIONS, hour=7, workers=1)  # in another order of groups, and by other processes
    assert again.created_at != plan.created_at
    assert again.model_copy(update={"created_at": plan.created_at}).to_json() == plan.to_json()


def test_the_ordinary_day_leaves_nobody_without_a_reason(prepared: PreparedDay, plan: Plan) -> None:
    _accounted_for(plan, prepared)
    assert plan.totals.must_go_unassigned == 0


@pytest.mark.slow
def test_the_plan_folder_proves_itself(sources: Sources, prepared: PreparedDay, plan: Plan, tmp_path: Path) -> None:
    inputs = prepared.inputs
    write_plan_folder(tmp_path / "plan", plan, sources, inputs.network, inputs.shipments, inputs.roads)
    assert check_plan(tmp_path / "plan") == []


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(("scale", "seconds"), [(3, 4.0), (20, 15.0)])
def test_with_the_other_mail_everybody_is_carried_or_told_why_and_it_is_proved(
    scale: int, seconds: float, tmp_path: Path
) -> None:
    prepared = _prepared(*write_province("an-giang", tmp_path, day=DEFAULT_DAY, scale=scale))
    plan = _planned(prepared, StoppingCriterion(seconds=seconds))
    _accounted_for(plan, prepared)
    assert list(check_document(plan, prepared)) == []
