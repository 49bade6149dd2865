"""Common random numbers: the same latent papers under every proposal, so that better access never loses one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from api.coverage.document import RemedyKind
from api.coverage.lab import Lab
from api.coverage.remedies import PRICED, Remedy, with_remedies
from api.network.model import Level, SiteKind
from api.network.rows import Tariff
from api.shipments.model import Shipment, ShipmentKind
from tests.api.coverage.line_province import line_lab

LAB = line_lab()


def papers(kind: RemedyKind | None, place: str = "D-4") -> dict[str, Shipment]:
    remedies = [] if kind is None else [Remedy(place, kind)]
    proposal = with_remedies(LAB.as_it_is, remedies, LAB.situation, LAB.assumptions)
    rows = LAB.writer.shipments(LAB.serve(proposal), proposal)
    found = {row.code: row for row in rows if row.kind is not ShipmentKind.TRANSFER}
    assert len(found) == sum(row.kind is not ShipmentKind.TRANSFER for row in rows)  # no code twice
    return found


@pytest.mark.parametrize("kind", PRICED)
def test_a_remedy_never_loses_a_paper_nor_anybody_access(kind: RemedyKind) -> None:
    before, after = papers(None), papers(kind)
    assert set(before) <= set(after)
    won = set(after) - set(before)
    assert all(code.startswith("H.D-") for code in won)
    now = LAB.serve(LAB.as_it_is)
    then = LAB.serve(with_remedies(LAB.as_it_is, [Remedy("D-4", kind)], LAB.situation, LAB.assumptions))
    for means, seconds in now.nearest_seconds.items():
        assert (then.nearest_seconds[means] <= seconds).all()
    assert all(b.share >= a.share for a, b in zip(now.terms, then.terms, strict=True))


def test_the_sample_s_dossiers_are_those_of_the_year_on_these_days() -> None:
    served = LAB.serve(LAB.as_it_is)
    days = {LAB.days.year.index(day) for day in LAB.days.days()}
    expected = Counter[str]()
    for latent, terms in zip(LAB.demand.dossiers, served.terms, strict=True):
        by_post = latent.by_post(terms.share, 0.0)
        expected[latent.place.settlement_id] = int(sum(by_post & np.isin(latent.day, list(days))))
    sent = Counter(code.split(".")[1] for code in papers(None) if code.startswith("H."))
    assert sent == +expected
    assert LAB.dossiers(LAB.as_it_is, served) == sum(
        int((latent.use < terms.share).sum()) for latent, terms in zip(LAB.demand.dossiers, served.terms, strict=True)
    )


def test_the_year_is_as_large_as_assumed() -> None:
    people = sum(place.people for place in LAB.situation.places)
    latent = sum(one.day.size for one in LAB.demand.dossiers)
    assert latent == pytest.approx(people * LAB.assumptions.dossiers_per_1000 / 1000, rel=0.05)
    assert LAB.demand.num_results == pytest.approx(people * LAB.assumptions.results_per_1000 / 1000, rel=0.08)


def test_filed_online_less_paper_goes_in_and_as_much_comes_out() -> None:
    def sent(share: float) -> Counter[ShipmentKind]:
        proposal = replace(LAB.as_it_is, online_share=share)
        return Counter(row.kind for row in LAB.writer.shipments(LAB.serve(proposal), proposal))

    now, half, most = sent(0.0), sent(0.5), sent(0.8)
    assert now[ShipmentKind.INTAKE] > half[ShipmentKind.INTAKE] > most[ShipmentKind.INTAKE] > 0
    assert half[ShipmentKind.INTAKE] == pytest.approx(now[ShipmentKind.INTAKE] / 2, rel=0.25)
    assert now[ShipmentKind.RESULT] == half[ShipmentKind.RESULT] == most[ShipmentKind.RESULT]


def test_another_seed_is_another_year_and_the_same_seed_the_same() -> None:
    again, other = line_lab(), line_lab(seed=1)
    for one, same, different in zip(LAB.demand.dossiers, again.demand.dossiers, other.demand.dossiers, strict=True):
        assert np.array_equal(one.use, same.use)
        assert not np.array_equal(one.use[:50], different.use[:50])


def test_a_place_draws_nothing_anew_when_another_one_goes() -> None:
    from api.coverage.latent import draw_demand

    fewer = draw_demand(LAB.situation.places[1:], LAB.days, replace(LAB.assumptions), seed=LAB.seed)
    assert np.array_equal(fewer.dossiers[0].use, LAB.demand.dossiers[1].use)


def test_a_mobile_desk_s_papers_wait_for_its_day_and_its_bag_is_always_there() -> None:
    proposal = with_remedies(LAB.as_it_is, [Remedy("D-4", RemedyKind.WEEKLY_VISIT, 3)], LAB.situation, LAB.assumptions)
    rows = LAB.writer.shipments(LAB.serve(proposal), proposal)
    at_desk = [row for row in rows if row.origin_site == "LD-Th-D-4"]
    assert {row.ready_at.weekday() for row in at_desk} == {3}
    bags = [row for row in at_desk if row.kind is ShipmentKind.TRANSFER]
    thursdays = [day for day in LAB.days.days() if day.weekday() == 3]
    assert [row.ready_at.date() for row in bags] == thursdays
    assert all(row.dest_site == "BC" and row.due_on == row.ready_at.date() for row in bags)


def priced(*tariffs: Tariff) -> Lab:
    """Many dossiers, for postage, and an agency of the province beside a committee."""
    many = line_lab(dossiers_per_1000=1000.0)
    network = many.situation.network
    desk = network.site("MC-1")
    offices = [replace(desk, site_id=f"CQ-{n}", kind=SiteKind.AGENCY, lon=desk.lon + n / 1000) for n in (1, 2)]
    dear = replace(network, rows=replace(network.rows, tariffs=tariffs, sites=(*network.sites, *offices)))
    return replace(many, situation=replace(many.situation, network=dear))


def tariff(dong: int, level: Level | None = None) -> Tariff:
    return Tariff(level=level, commune_code=None, procedure_code=None, postage_dong=dong)


def yearly(lab: Lab, *remedies: Remedy) -> tuple[int, int]:
    """Postage, and dossiers and results by post."""
    proposal = with_remedies(lab.as_it_is, remedies, lab.situation, lab.assumptions)
    served = lab.serve(proposal)
    return lab.postage.year(served, proposal), lab.dossiers(proposal, served) + lab.demand.num_results


def test_postage_is_that_of_the_years_papers_but_for_what_is_fetched_for_nothing() -> None:
    lab = priced(tariff(20_000))
    postage, papers = yearly(lab)
    assert postage == 20_000 * papers > 0
    more, more_papers = yearly(lab, Remedy("D-4", RemedyKind.WEEKLY_VISIT))
    assert more == 20_000 * more_papers > postage, "papers won pay, however long they wait"
    free, all_papers = yearly(lab, Remedy("D-4", RemedyKind.HOME_PICKUP))
    use = lab.demand.dossiers[3].use
    fetched = lab.assumptions.free_pickup_at_home * (use < lab.assumptions.free_pickup_response).sum()
    assert free == pytest.approx(20_000 * (all_papers - fetched))


def test_postage_goes_by_procedure_as_that_of_each_paper_does() -> None:
    lab = priced(tariff(20_000), tariff(4_000, Level.COMMUNE))
    counted = {f"{day:%Y%m%d}" for _, first, last in lab.days.runs for day in lab.days.days() if first <= day <= last}
    rows = lab.writer.shipments(lab.serve(lab.as_it_is), lab.as_it_is)
    sampled = [row.postage_dong for row in rows if row.code.split(".")[2] in counted]
    assert {4_000, 20_000} == set(sampled)
    assert yearly(lab)[0] == pytest.approx(sum(sampled) * lab.days.factor, rel=0.1)
