"""Ways and problems that are remembered, against those that are made anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.coverage.document import RemedyKind
from api.coverage.remedies import PRICED, Remedy, with_remedies
from api.coverage.standing import KnownWays, StandingJourneys, StandingNetwork
from api.journeys.finding import Journey
from api.network.model import Network
from api.plans.outlook import journeys_from
from api.shipments.model import Shipment
from tests.api.coverage.line_province import line_lab
from tests.api.small_day import DAY, small_day


def told(journeys: list[Journey]) -> list[object]:
    """All that a replay asks a journey for."""
    return [
        (one.shipment, one.standing, one.arrives, one.must_go,
         [(leg.carrier, leg.cut_off, leg.arrives, leg.latest, leg.may_stay) for leg in one.legs])
        for one in journeys
    ]  # fmt: skip


def same_ways(network: Network, known: KnownWays, shipments: list[Shipment]) -> None:
    found = StandingJourneys(known)
    for number in range(4):
        day = min(row.ready_at.date() for row in shipments) + timedelta(days=number)
        there = [row for row in shipments if row.ready_at.date() <= day]
        assert told(found(network, there, day)) == told(journeys_from(network, there, day))


def test_a_day_with_lines_and_two_bases() -> None:
    case = small_day()
    rows = list(case.shipments.shipments)
    network = StandingNetwork.of(case.network.on(DAY))
    same_ways(network, KnownWays(), rows)
    elsewhere = [row for row in rows if row.at_site is None or row.at_site != row.dest_site]
    same_ways(network, KnownWays(), elsewhere)


@pytest.mark.slow
def test_ways_known_from_one_remedy_hold_under_the_next() -> None:
    lab, known = line_lab(), KnownWays()
    for kind in (None, *PRICED):
        remedies = [] if kind is None else [Remedy("D-4", kind), Remedy("D-3", RemedyKind.BORROWED_DESK)]
        proposal = with_remedies(lab.as_it_is, remedies, lab.situation, lab.assumptions)
        rows = lab.writer.shipments(lab.serve(proposal), proposal)
        same_ways(proposal.network, known, list(rows[::7]))


def test_the_rows_of_a_standing_network_are_in_force_on_every_day() -> None:
    network = StandingNetwork.of(small_day().network.on(DAY))
    later = network.on(DAY + timedelta(days=30))
    assert later.valid_on == DAY + timedelta(days=30)
    assert later.rows is network.rows
    assert network.on(DAY).valid_on == DAY
    assert network.on(DAY + timedelta(days=30)) is later
