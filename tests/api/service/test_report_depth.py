"""What is behind the figures of a report: narrowed, listed, named, held against targets; by plain counts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from api.tallies.tables import passages
from tests.api.service.reported import add_rows, shipment_row
from tests.api.service.reporting import FIRST, LAST, quarter_rows
from tests.api.service.running import OFFICE, Service
from tests.api.service.test_reports import keep, passed

PERIOD = f"first_day={FIRST}&last_day={LAST}"
SHARE = "/api/v1/reports/postal-share"


@pytest.fixture
def quarter(sqlite_service: Service) -> Service:
    rows, ways = quarter_rows()

    def work(connection: Any) -> None:
        add_rows(connection, rows)
        connection.execute(insert(passages), ways)

    sqlite_service.runtime.writer.write_now(work)
    return sqlite_service


def plain(**wanted: str) -> Counter[str]:
    """The post's counts of the quarter's rows with these values, by another way than SQL."""
    rows, ways = quarter_rows()
    ended = {way["code"]: way for way in ways}
    found: Counter[str] = Counter()
    for row in rows:
        if any(row[name] != value for name, value in wanted.items()):
            continue
        way, due = ended.get(row["code"]), date.fromisoformat(row["due_on"]).toordinal()
        found["total"] += 1
        if way is None:
            found["open"] += 1
            found["overdue"] += 1  # the quarter is over
        elif way["outcome"] == "returned":
            found["returned"] += 1
        else:
            found["settled"] += 1
            done = way["done_day"]
            found["early" if done < due else "late" if done > due else "on_the_day"] += 1
    return found


def ask(service: Service, path: str, by: str = "auditor") -> Any:
    answer = service.ask("GET", f"/api/v1/reports/{path}", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.slow
def test_a_narrowed_report_counts_its_own_and_every_count_has_its_list(quarter: Service) -> None:
    row = quarter_rows()[0][0]
    agency, commune = row["origin_site"], row["dest_commune"]
    for of, wanted in (
        ("", {}),
        (f"&agency={agency}", {"origin_site": agency}),
        (f"&agency={agency}&commune={commune}", {"origin_site": agency, "dest_commune": commune}),
    ):
        expected = plain(**wanted)
        whole = ask(quarter, f"punctuality?{PERIOD}&part=post{of}")["whole"]
        for standing in ("total", "settled", "early", "on_the_day", "late", "open", "overdue", "returned"):
            assert whole[standing] == expected[standing], (of, standing)
            path = f"punctuality/shipments?{PERIOD}&part=post{of}&state={standing}&limit=200"
            codes: list[str] = []
            skip: int | None = 0
            while skip is not None:
                page = ask(quarter, f"{path}&skip={skip}")
                codes += [one["code"] for one in page["shipments"]]
                skip = page["next_skip"]
            assert len(codes) == len(set(codes)) == expected[standing], (of, standing)


def test_the_longest_late_is_listed_first_and_nothing_of_the_citizen_but_the_commune(quarter: Service) -> None:
    page = ask(quarter, f"punctuality/shipments?{PERIOD}&part=post&state=late&limit=200")
    days = [one["days"] for one in page["shipments"]]
    assert days == sorted(days, reverse=True)
    assert min(days) == 1
    for one in page["shipments"]:
        assert (date.fromisoformat(one["done_on"]) - date.fromisoformat(one["due_on"])).days == one["days"]
        assert one["commune_name"].startswith(("Xã ", "Phường ", "Thị trấn "))
    assert page["shipments"][0].keys() == {
        "code", "kind", "agency", "agency_name", "commune", "commune_name", "due_on", "done_on", "days", "leg",
    }  # fmt: skip


def test_legs_and_days_of_a_period_make_the_whole(quarter: Service) -> None:
    expected = plain()
    for by in ("leg", "day"):
        groups = ask(quarter, f"punctuality?{PERIOD}&part=post&by={by}")["groups"]
        assert sum(group["late"] for group in groups) == expected["late"]
        assert sum(group["total"] for group in groups) == expected["total"]
    days = [group["group"] for group in groups]
    assert days == sorted(days)
    assert (days[0], len(days)) == (FIRST.isoformat(), 90)


def test_shipments_without_an_agency_are_asked_for_by_an_empty_name(sqlite_service: Service) -> None:
    day = date(2026, 3, 10)
    rows = [shipment_row("S1", origin_site=None, due_on=day.isoformat()), shipment_row("S2", due_on=day.isoformat())]
    keep(sqlite_service, rows, [])
    path = f"punctuality/shipments?first_day={day}&last_day={day}&part=post"
    assert [one["code"] for one in ask(sqlite_service, f"{path}&agency=")["shipments"]] == ["S1"]
    assert [one["code"] for one in ask(sqlite_service, f"{path}&agency=CQ1")["shipments"]] == ["S2"]


def test_the_workbook_of_a_report_holds_its_figures(quarter: Service) -> None:
    answer = quarter.ask("GET", f"/api/v1/reports/punctuality.xlsx?{PERIOD}&part=post&by=agency", by="planner")
    book: Any = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Tổng hợp", "Chi tiết", "Định nghĩa"]
    whole = [cell.value for cell in book["Tổng hợp"][3]]
    expected = plain()
    assert whole[3:8] == [expected[name] for name in ("total", "settled", "early", "on_the_day", "late")]
    lines = list(book["Chi tiết"].iter_rows(min_row=3, values_only=True))
    assert {line[0]: line[6] for line in lines} == {
        site: plain(origin_site=site)["late"] for site in {row["origin_site"] for row in quarter_rows()[0]}
    }


def test_targets_of_two_quarters_weigh_as_much_as_was_received(service: Service) -> None:
    rows = [shipment_row(f"S{n}", kind="intake", origin_site=None, dest_site="CQ1") for n in range(45)]
    keep(service, rows, [passed(row["code"], date(2026, 3, 20)) for row in rows])

    def put(path: str, body: dict[str, Any], by: str = "planner") -> int:
        return int(service.ask("PUT", f"/api/v1/reports/{path}", by=by, json=body).status_code)

    assert put("share-targets/CQ1/2026-Q1", {"dossier_percent": 50.0, "result_percent": None}) == 204
    path = "postal-share?first_day=2026-03-01&last_day=2026-04-30"
    (agency,) = ask(service, path)["agencies"]
    assert (agency["dossier_target"], agency["dossier_gap"]) == (None, None)  # the second quarter has none
    assert put("share-targets/CQ1/2026-Q2", {"dossier_percent": 20.0, "result_percent": 10.0}) == 204
    for month, received in (("2026-03", 60), ("2026-04", 30)):
        assert put(f"agency-months/CQ1/{month}", {"received": received, "returned": 0}) == 204
    found = ask(service, path)
    assert found["quarters"] == ["2026-Q1", "2026-Q2"]
    (agency,) = found["agencies"]
    # (50 x 60 + 20 x 30) / 90 = 40; 45 of 90 went by post.
    assert (agency["dossier_percent"], agency["dossier_target"], agency["dossier_gap"]) == (50.0, 40.0, 10.0)
    assert (agency["result_percent"], agency["result_target"]) == (None, None)
    assert put("share-targets/CQ1/2026-Q2", {"dossier_percent": None, "result_percent": None}) == 204
    (agency,) = ask(service, path)["agencies"]
    assert ([one["quarter"] for one in agency["targets"]], agency["dossier_gap"]) == (["2026-Q1"], None)


def test_a_target_is_a_share_of_a_quarter_set_by_who_plans(sqlite_service: Service) -> None:
    aimed = {"dossier_percent": 50.0, "result_percent": None}

    def put(quarter: str, body: dict[str, Any], by: str, site: str = "CQ1") -> int:
        path = f"/api/v1/reports/share-targets/{site}/{quarter}"
        return int(sqlite_service.ask("PUT", path, by=by, json=body).status_code)

    assert put("2026-Q4", aimed, "head-dispatcher") == 403
    assert put("2026-Q5", aimed, "planner") == 409
    assert put("2026-Q4", aimed | {"dossier_percent": 100.5}, "planner") == 422
    assert put("2026-Q4", aimed, "local-admin", OFFICE) == 204
