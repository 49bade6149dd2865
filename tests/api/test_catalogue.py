"""Procedure lists by decision, catalogues with gaps, and desks, of the sizes that provinces published."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.errors import InputError, NotFoundError
from api.messages import MOST_HINTS, row_ranges
from api.network.model import Network
from api.network.postal import may_go_by_post
from api.network.reader import read_network
from api.network.summary import PostalList, summarise
from api.shipments.reader import read_shipments
from tests.api.catalogue import NEW_LIST, OLD_LIST, code, nodes, of_levels, two_lists, with_procedures
from tests.api.network_files import small_network, small_shipments, write_folder, write_shipments

BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read_network(write_folder(tmp_path_factory.mktemp("lists"), with_procedures(two_lists())))


def shipments_of_every_procedure() -> list[dict[str, Any]]:
    base = {**small_shipments()[0], "ready_at": "2026-06-29T08:00:00+07:00"}
    return [{**base, "code": f"T-{n}", "procedure_code": code(n)} for n in range(1679)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "decision", "allowed"), [(BEFORE, OLD_LIST, 1006), (AFTER, NEW_LIST, 1379)], ids=["old", "new"]
)
def test_the_list_in_force_on_the_day_decides(
    tmp_path: Path, listed: Network, day: date, decision: str, allowed: int
) -> None:
    verdicts = [may_go_by_post(listed.on(day), code(n)) for n in range(1679)]
    assert [verdict.allowed for verdict in verdicts] == [n < allowed for n in range(1679)]
    assert all(decision in verdict.message_vi and decision in verdict.message_en for verdict in verdicts)
    path = write_shipments(tmp_path / "s.csv", shipments_of_every_procedure())
    with pytest.raises(InputError) as refused:
        read_shipments(path, listed, on=day)
    assert [(row.row, row.column, row.code) for row in refused.value.rows] == [
        (n + 2, "procedure_code", "non_postal") for n in range(allowed, 1679)
    ]
    for n, row in enumerate(refused.value.rows, allowed):
        assert (row.message_vi, row.message_en) == (verdicts[n].message_vi, verdicts[n].message_en)


def test_what_may_go_is_taken_under_the_old_list(tmp_path: Path, listed: Network) -> None:
    path = write_shipments(tmp_path / "s.csv", shipments_of_every_procedure()[:1006])
    assert len(read_shipments(path, listed, on=BEFORE).shipments) == 1006


def test_a_procedure_of_no_list_is_not_judged(listed: Network) -> None:
    with pytest.raises(NotFoundError, match=r"TEST\.009999 is not in the catalogue of 2026-07-01"):
        may_go_by_post(listed.on(AFTER), code(9999))
    with pytest.raises(ValueError, match="choose a day"):
        may_go_by_post(listed, code(0))
    with pytest.raises(ValueError, match="choose a day"):
        summarise(listed)


def test_a_catalogue_with_gaps_is_taken_and_each_gap_is_named(tmp_path: Path) -> None:
    rows = of_levels(("province", 1376), ("", 80), ("district", 365), ("", 2), ("commune", 107))
    assert len(rows) == 1930
    network = read_network(write_folder(tmp_path / "n", with_procedures(rows)))
    (warning,) = network.warnings
    assert (warning.file, warning.row, warning.column, warning.code) == ("procedures.csv", 1378, "level", "no_level")
    assert "82 procedures" in warning.message_en
    assert "82 thủ tục" in warning.message_vi
    assert "rows 1378-1457, 1823-1824" in warning.message_en
    summary = summarise(network.on(AFTER))
    assert summary.procedures == {"province": 1376, "district": 365, "commune": 107, "none": 82}


def test_a_shipment_of_a_procedure_without_a_level_is_due_and_priced_as_other_mail(tmp_path: Path) -> None:
    tables = small_network()
    tables["procedures"][0]["level"] = ""
    tables["tariffs"] = [{"level": "province", "postage_dong": "25000"}, {"postage_dong": "30000"}]
    network = read_network(write_folder(tmp_path / "n", tables))
    path = write_shipments(tmp_path / "s.csv", small_shipments()[:1])
    (shipment,) = read_shipments(path, network, on=date(2026, 11, 20)).shipments
    assert shipment.due_on == date(2026, 11, 21)  # Thursday + 2: Friday, the Saturday that the sheet makes up
    assert shipment.postage_dong == 30_000


def test_procedures_are_counted_by_level_and_by_decision(tmp_path: Path, listed: Network) -> None:
    rows = of_levels(("province", 536), ("district", 86), ("commune", 25))
    summary = summarise(read_network(write_folder(tmp_path / "n", with_procedures(rows))).on(AFTER))
    assert summary.procedures == summary.postal == {"province": 536, "district": 86, "commune": 25, "none": 0}
    assert summarise(listed.on(BEFORE)).lists == (PostalList(OLD_LIST, True, 1006), PostalList(OLD_LIST, False, 673))
    assert summarise(listed.on(AFTER)).lists == (PostalList(NEW_LIST, True, 1379), PostalList(NEW_LIST, False, 300))


def test_nodes_and_reception_desks_are_imported_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = small_network()
    tables["sites"] = tables["sites"][:2] + nodes(desks=102, agencies=36 + 99 + 76 - 102)
    folder = write_folder(tmp_path / "n", tables)
    assert run(["network", "info", str(folder), "--date", "2026-11-20", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["agency_nodes"], told["reception_desks"], told["sites"]["agency"]) == (211, 102, 109)
    assert (told["sites"]["post_office"], told["couriers"], told["lines"], told["areas"]) == (2, 2, 1, 2)
    assert run(["network", "info", str(folder), "--date", "2026-11-20"]) == 0
    shown = capsys.readouterr().out
    assert "bộ phận một cửa" in shown
    assert "211" in shown


@pytest.mark.parametrize(
    ("rows", "named"), [([], ""), ([2], "2"), ([2, 3, 4, 9, 11, 12], "2-4, 9, 11-12")], ids=["none", "one", "many"]
)
def test_rows_are_named_with_neighbours_together(rows: list[int], named: str) -> None:
    assert row_ranges(rows) == named


def test_only_the_first_unknown_codes_are_compared_with_every_known_one(tmp_path: Path) -> None:
    network = read_network(write_folder(tmp_path / "n", small_network()))
    base = small_shipments()[0]
    rows = [{**base, "code": f"T-{n}", "procedure_code": f"1.0011{n:03d}"} for n in range(200, 200 + 2 * MOST_HINTS)]
    with pytest.raises(InputError) as refused:
        read_shipments(write_shipments(tmp_path / "s.csv", rows), network, on=date(2026, 11, 20))
    hinted = ["did you mean 1.001120?" in row.message_en for row in refused.value.rows]
    assert hinted == [True] * MOST_HINTS + [False] * MOST_HINTS
