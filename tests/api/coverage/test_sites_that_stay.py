"""Sites that no scenario may move away: hubs, and those at which a line calls."""

from __future__ import annotations

import pytest

from api.coverage.assumptions import Assumptions
from api.coverage.changes import Known, MoveDesks
from api.coverage.proposal import Proposal
from api.coverage.scenarios import Scenario, require_possible
from api.coverage.situation import Settled, settle
from api.errors import InputError
from api.journeys.timetable import province_timetable
from api.network.reader import read_network
from api.plans.schemas import Words
from tests.api.coverage.line_province import DAY, LAT, LON, TABLES, write_line

_MORE = f"""TT,Trung tâm,hub,30307,{LON + 0.01},{LAT},Mo-Su 06:00-22:00
Q-1,Quầy Một,borrowed_desk,30307,{LON + 0.002},{LAT},Mo-Fr 07:30-11:30
Q-2,Quầy Hai,borrowed_desk,30292,{LON + 0.062},{LAT},Mo-Fr 07:30-11:30
"""
_LINES = """line_id,run_id,level,stop_no,site_id,arrive,depart
D1,S,2,1,TT,,12:00
D1,S,2,2,Q-1,12:20,12:25
D1,S,2,3,BC,12:40,
D2,C,2,1,MC-2,,13:00
D2,C,2,2,BC,13:40,
"""


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Settled:
    folder = write_line(tmp_path_factory.mktemp("lines"), sites=TABLES["sites"] + _MORE, lines=_LINES)
    return settle(read_network(folder), DAY)


def moving(*desks: str) -> Scenario:
    return Scenario("s", Words(vi="Chuyển quầy", en="Desks move"), (MoveDesks(desks, ("BC",) * len(desks)),))


@pytest.mark.parametrize(
    ("desk", "vi", "en"),
    [
        ("TT", "TT (Trung tâm) là trung tâm của tỉnh", "TT (Trung tâm) is the provincial centre"),
        ("Q-1", "đường thư D1/S ghé Q-1 (Quầy Một)", "the line D1/S calls at Q-1 (Quầy Một)"),
        ("MC-2", "đường thư D2/C ghé MC-2 (Một cửa Hai)", "the line D2/C calls at MC-2 (Một cửa Hai)"),
    ],
)
def test_they_are_refused_before_anything_is_computed(settled: Settled, desk: str, vi: str, en: str) -> None:
    with pytest.raises(InputError) as refused:
        require_possible([moving("Q-2", desk)], settled, Assumptions())
    (row,) = refused.value.rows
    assert vi in row.message_vi
    assert en in row.message_en


def test_every_site_that_may_move_leaves_a_network_with_a_timetable(settled: Settled) -> None:
    known, moved = Known(settled, Assumptions()), []
    for site in settled.network.sites:
        try:
            then = moving(site.site_id).proposal(Proposal(settled.network), known)
        except InputError:
            continue
        assert province_timetable(then.network, DAY, 2).carriers
        moved.append(site.site_id)
    assert moved == ["MC-1", "Q-2"]
