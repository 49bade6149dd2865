"""Desks that move into posts: Thạch Hà's 31 one after the other, and all staffed desks of An Giang at once."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import pytest

from api.coverage.assumptions import Assumptions
from api.coverage.changes import Known, MoveDesks
from api.coverage.lab import Lab
from api.coverage.memo import MemoExecutor, Store
from api.coverage.proposal import Proposal
from api.coverage.sampling import sample_days
from api.coverage.situation import Situation, read_situation
from api.demo.provinces import DEFAULT_DAY, write_province
from api.network.model import Settlement
from api.network.reader import read_network
from api.plans.roads import load_roads
from tests.api.coverage.line_province import Here
from tests.cases.thach_ha import FIRST, write_thach_ha

pytestmark = pytest.mark.slow

DESKS = 31


@pytest.fixture(scope="module")
def thach_ha(tmp_path_factory: pytest.TempPathFactory) -> Situation:
    """The case has no settlements: people live where the desks stand, 4,000 at each."""
    network = read_network(write_thach_ha(tmp_path_factory.mktemp("thach-ha")).network)
    desks = [site for site in network.on(FIRST).sites if site.site_id.startswith("MC-") and site.site_id != "MC-TH"]
    people = tuple(
        Settlement(desk.site_id, desk.name, desk.commune_code, desk.lon, desk.lat, 4_000, True) for desk in desks
    )
    lived_in = replace(network, rows=replace(network.rows, settlements=people))
    return read_situation(lived_in, load_roads(lived_in, FIRST, settlements=True), FIRST)


def lab_of(situation: Situation, executor: Executor) -> Lab:
    assumptions = replace(Assumptions(), warm_up_days=1)
    days = sample_days(situation.network.calendar, situation.day, weeks=1, warm_up=1)
    store = Store(None)
    return Lab(situation, assumptions, days, MemoExecutor(executor, store), store, 10)


def moved(lab: Lab, desks: dict[str, str]) -> Proposal:
    known = Known(lab.situation, lab.assumptions)
    return MoveDesks(tuple(desks), tuple(desks.values())).apply(lab.as_it_is, known)


def counters(situation: Situation) -> dict[str, str]:
    """Where each of Thạch Hà's desks may move."""
    posts = {site.site_id for site in situation.network.sites}
    numbers = [f"{number:02d}" for number in range(DESKS)]
    return {f"MC-{n}": f"VH-{n}" if f"VH-{n}" in posts else "BC-TH" for n in numbers}


def test_each_number_of_thach_ha_s_desks_moves_and_nobody_else(thach_ha: Situation) -> None:
    lab, targets = lab_of(thach_ha, Here()), counters(thach_ha)
    before = {site.site_id: site for site in thach_ha.network.sites}
    for k in range(1, DESKS + 1):
        chosen = dict(list(targets.items())[:k])
        proposal = moved(lab, chosen)
        after = {site.site_id: site for site in proposal.network.sites}
        *moves, rent = proposal.changes
        assert len(moves) == k
        assert "not counted" in rent.en
        assert after.keys() == before.keys()
        apart = {site_id for site_id, site in after.items() if site != before[site_id]}
        assert apart == set(chosen)
        assert all((after[d].lon, after[d].lat) == (before[t].lon, before[t].lat) for d, t in chosen.items())


def test_all_desks_moved_carry_the_same_papers(thach_ha: Situation) -> None:
    lab = lab_of(thach_ha, Here())
    now, then = lab.unchanged(), lab.attempt(moved(lab, counters(thach_ha)))
    assert now.year.dossiers == then.year.dossiers > 0
    assert now.year.results == then.year.results
    assert now.year.unserved == then.year.unserved == 0
    targets = {site.site_id: (site.lon, site.lat) for site in thach_ha.network.sites}
    rows = lab.writer.shipments(then.served, then.proposal)
    ends = [end for row in rows for end in (row.origin, row.dest) if end.site_id in counters(thach_ha)]
    assert ends
    assert all((end.lon, end.lat) == targets[counters(thach_ha)[end.site_id or ""]] for end in ends)


def test_all_staffed_desks_of_an_giang_become_part_of_their_posts(tmp_path: Path) -> None:
    network = read_network(write_province("an-giang", tmp_path)[0])
    situation = read_situation(network, load_roads(network, DEFAULT_DAY, settlements=True), DEFAULT_DAY)
    lab = lab_of(situation, Here())
    desks = {s.site_id: f"BC-{s.site_id[3:]}" for s in situation.network.sites if s.site_id.startswith("QP-")}
    assert len(desks) == 11
    proposal = moved(lab, desks)
    assert len(situation.network.sites) - len(proposal.network.sites) == 11
    now, then = lab.serve(lab.as_it_is), lab.serve(proposal)
    assert lab.dossiers(proposal, then) <= lab.dossiers(lab.as_it_is, now)
    used = [{point.site_id for terms in one.terms for point in terms.points} & set(desks) for one in (now, then)]
    assert used == [set(desks), set()]
