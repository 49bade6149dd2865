"""Counts by SQL against the figures of Hà Nam and against a plain count."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select

from api.db.days import day_number
from api.shipments.tables import shipments
from api.tallies.tables import passages
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.reported import add_rows, shipment_row
from tests.api.service.running import OFFICE, OTHER_OFFICE, PROVINCE, Service
from tests.api.service.today import today

pytestmark = pytest.mark.usefixtures("within_a_day")


def passed(
    code: str, taken: date | None, done: date | None = None, outcome: str = "delivered", leg: str = "site"
) -> Any:
    return {
        "province_id": PROVINCE, "code": code, "holding": "site" if done is None else "done", "due_holding": leg,
        "taken_day": None if taken is None else taken.toordinal(), "outcome": None if done is None else outcome,
        "done_day": None if done is None else done.toordinal(),
    }  # fmt: skip


def lines(book: Any, sheet: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in book[sheet].iter_rows(values_only=True)]


def keep(service: Service, rows: list[dict[str, Any]], ways: list[dict[str, Any]]) -> None:
    def work(connection: Any) -> None:
        add_rows(connection, rows)
        if ways:
            connection.execute(insert(passages), ways)

    service.runtime.writer.write_now(work)


def report(
    service: Service, first: date, last: date, part: str, by: str = "all", login: str = "head-dispatcher"
) -> Any:
    query = f"first_day={first}&last_day={last}&part={part}&by={by}"
    answer = service.ask("GET", f"/api/v1/reports/punctuality?{query}", by=login)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def ha_nam(service: Service) -> Service:
    """Six months of 2023: 814 dossiers of six agencies, 717 early, 55 on the day, 10 late, 32 open."""
    rows, ways = [], []
    for n in range(814):
        promised = date(2023, 1, 3) + timedelta(days=n % 170)
        early = 0 if 717 <= n < 772 else 1 + n % 3
        ready = promised + timedelta(days=early if 772 <= n < 782 else -early)
        site = f"CQ{n % 6}"
        rows.append(
            shipment_row(
                f"H{n}", ready_on=ready, appointment_on=promised.isoformat(), origin_site=site, due_on="2023-07-31"
            )
        )
        if n < 782:
            ways.append(passed(f"H{n}", ready + timedelta(days=1)))
    keep(service, rows, ways)
    return service


def test_ha_nam_six_months(ha_nam: Service) -> None:
    found = report(ha_nam, date(2023, 1, 1), date(2023, 6, 30), "agency", "agency")
    whole = found["whole"]
    names = "total", "settled", "early", "on_the_day", "late", "open", "overdue"
    assert [whole[name] for name in names] == [814, 782, 717, 55, 10, 32, 32]
    assert (whole["on_time_percent"], whole["early_percent"], whole["late_percent"]) == (98.72, 91.69, 1.28)
    assert [group["group"] for group in found["groups"]] == [f"CQ{n}" for n in range(6)]
    assert sum(group["total"] for group in found["groups"]) == 814
    defined = {one["name"] for one in found["definitions"]}
    counted = whole.keys() - {"group", "name"}
    assert defined >= counted  # every count has its definition in the answer


def test_a_result_is_ready_no_later_than_the_post_took_it(service: Service) -> None:
    day = date(2026, 3, 10)
    row = shipment_row("R1", ready_on=day + timedelta(days=5), appointment_on=day.isoformat())
    keep(service, [row], [passed("R1", day)])
    assert report(service, day, day, "agency")["whole"]["on_the_day"] == 1


def test_what_events_say_is_counted(service: Service) -> None:
    """From the events to the report: one in time, one late and open, one returned."""
    with_device(service, "courier", "D1")
    soon, past = (today() + timedelta(days=1)).isoformat(), (today() - timedelta(days=1)).isoformat()
    rows = [shipment_row("S1", due_on=soon), shipment_row("S2", due_on=past), shipment_row("S3", due_on=soon)]
    keep(service, rows, [])
    for code in ("S1", "S2", "S3"):
        send(service, made("COLLECT_RESULT", 1, code=code, data=COMPLETE["COLLECT_RESULT"]))
    send(service, made("DELIVER", 2, code="S1", data=COMPLETE["DELIVER"]))
    send(service, made("RETURN_DONE", 3, code="S3", data=COMPLETE["RETURN_DONE"]))
    first, last = today() - timedelta(days=3), today() + timedelta(days=3)
    whole = report(service, first, last, "post", "leg")["whole"]
    names = "total", "early", "late", "open", "overdue", "returned"
    assert [whole[name] for name in names] == [3, 1, 0, 1, 1, 1]
    legs = {group["group"]: group["total"] for group in report(service, first, last, "post", "leg")["groups"]}
    assert legs == {"done": 2, "nobody": 1}  # S2 was due before anybody had it


def test_an_office_counts_its_own(service: Service) -> None:
    day = date(2026, 3, 10)
    ours = shipment_row("S1", due_on=day.isoformat())
    theirs = shipment_row("S2", due_on=day.isoformat(), origin_base=None, dest_base=OTHER_OFFICE, at_base=None)
    keep(service, [ours, theirs], [])
    totals = [
        report(service, day, day, "post", login=login)["whole"]["total"]
        for login in ("head-dispatcher", "dispatcher", "other-dispatcher", "far-dispatcher")
    ]
    assert totals == [2, 1, 1, 0]
    assert OFFICE != OTHER_OFFICE


@pytest.mark.parametrize("part", ["agency", "post"])
@pytest.mark.parametrize("by", ["agency", "commune", "leg", "month"])
def test_groups_agree_with_a_plain_count(service: Service, part: str, by: str) -> None:
    chance = random.Random(f"{part}{by}")
    rows, ways = [], []
    plain: dict[str | None, Counter[str]] = defaultdict(Counter)
    for n in range(400):
        kind = chance.choice(["intake", "result", "transfer"])
        promised = today() + timedelta(days=chance.randrange(-60, 20))
        ready, taken = (promised + timedelta(days=chance.randrange(-3, 4)) for _ in range(2))
        done = promised + timedelta(days=chance.randrange(-3, 4))
        outcome, leg = chance.choice(["delivered", "agency", "returned"]), chance.choice(["site", "courier", "line"])
        agency, commune = f"CQ{chance.randrange(3)}", f"3030{chance.randrange(4)}"
        state = chance.choice(["none", "taken", "done"])
        ends: dict[str, str | None] = {"origin_site": agency, "dest_commune": commune}
        if kind == "intake":
            ends = {"dest_site": agency, "origin_commune": commune, "origin_site": None}
        dates = {"appointment_on": promised.isoformat(), "due_on": promised.isoformat()}
        rows.append(shipment_row(f"S{n}", kind=kind, ready_on=ready, **dates, **ends))
        if state != "none":
            ways.append(passed(f"S{n}", taken, done if state == "done" else None, outcome, leg))
        if part == "agency" and kind != "result":
            continue
        key = {
            "agency": agency, "commune": commune, "month": f"{promised:%Y-%m}",
            "leg": "nobody" if state == "none" else leg,
        }[by]  # fmt: skip
        back = part == "post" and state == "done" and outcome == "returned" and kind != "transfer"
        reached = None
        if part == "agency":
            reached = None if state == "none" else min(ready, taken)
        elif state == "done" and outcome != "returned":
            reached = done
        plain[key]["total"] += 1
        if back:
            plain[key]["returned"] += 1
        elif reached is None:
            plain[key]["open"] += 1
            plain[key]["overdue"] += promised < today()
        else:
            plain[key]["early" if reached < promised else "on_the_day" if reached == promised else "late"] += 1
    keep(service, rows, ways)
    found = report(service, today() - timedelta(days=90), today() + timedelta(days=90), part, by)
    names = "total", "early", "on_the_day", "late", "open", "overdue", "returned"
    assert {g["group"]: [g[name] for name in names] for g in found["groups"]} == {
        key: [counts[name] for name in names] for key, counts in plain.items()
    }
    assert found["whole"]["total"] == sum(counts["total"] for counts in plain.values())


def test_days_are_numbered_as_python_does(service: Service) -> None:
    days = [date(1970, 1, 1), date(2000, 2, 29), date(2023, 12, 31), date(2024, 12, 31), date(2100, 3, 1)]
    keep(service, [shipment_row(str(n), due_on=day.isoformat()) for n, day in enumerate(days)], [])
    with service.runtime.database.read() as connection:
        asked = select(day_number(shipments.c.due_on), day_number(shipments.c.appointment_on)).order_by(
            shipments.c.code
        )
        rows: list[Any] = [tuple(row) for row in connection.execute(asked)]
    assert rows == [(day.toordinal(), None) for day in days]


def test_the_postal_share_needs_every_month_told(service: Service) -> None:
    rows = [shipment_row(f"S{n}", kind="intake", origin_site=None, dest_site="CQ1") for n in range(30)]
    rows.append(shipment_row("R1"))
    keep(service, rows, [passed(row["code"], date(2026, 2, 1 + n % 20)) for n, row in enumerate(rows)])
    path = "/api/v1/reports/postal-share?first_day=2026-02-01&last_day=2026-03-31"
    told = {"received": 60, "returned": 3}
    for month in ("2026-02", "2026-02"):  # told again, it gives way
        assert (
            service.ask("PUT", f"/api/v1/reports/agency-months/CQ1/{month}", by="planner", json=told).status_code == 204
        )
    (agency,) = service.ask("GET", path, by="planner").json()["agencies"]
    assert (agency["posted_dossiers"], agency["posted_results"], agency["months_missing"]) == (30, 1, ["2026-03"])
    assert agency["dossier_percent"] is None
    none = {"received": 0, "returned": 0}
    service.ask("PUT", "/api/v1/reports/agency-months/CQ1/2026-03", by="planner", json=none)
    found = service.ask("GET", path, by="planner").json()
    assert found["agencies"][0]["dossier_percent"] == found["whole_dossier_percent"] == 50.0
    assert found["whole_result_percent"] == 33.33
    assert service.ask("PUT", "/api/v1/reports/agency-months/CQ1/2026-13", by="planner", json=none).status_code == 409


def test_somebody_of_an_office_tells_only_of_their_own_sites(sqlite_service: Service) -> None:
    told = {"received": 60, "returned": 3}

    def tell(by: str, site_id: str) -> int:
        path = f"/api/v1/reports/agency-months/{site_id}/2026-02"
        return int(sqlite_service.ask("PUT", path, by=by, json=told).status_code)

    assert (tell("dispatcher", "CQ1"), tell("other-dispatcher", OFFICE)) == (404, 404)
    assert (tell("dispatcher", OFFICE), tell("head-dispatcher", "CQ1")) == (204, 204)


def test_the_monthly_sheets(ha_nam: Service) -> None:
    answer = ha_nam.ask("GET", "/api/v1/reports/monthly.xlsx?month=2023-02", by="auditor")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Tổng hợp", "Theo cơ quan", "Theo xã", "Trễ hạn", "Định nghĩa"]
    whole = lines(book, "Tổng hợp")
    assert (whole[0][1], whole[1][1]) == ("Tổng số", "Total")
    days = [date(2023, 1, 3) + timedelta(days=n % 170) for n in range(814)]
    assert whole[2][1] == sum(day.month == 2 for day in days)
    late = [row for row in lines(book, "Trễ hạn")[2:] if row[6] is not None]
    promised = {f"H{n}": days[n] for n in range(772, 782) if days[n].month == 2}
    assert {row[1]: row[5].date() for row in late} == promised
    assert all((row[6] - row[5]).days == row[7] > 0 for row in late)
    agencies = [row[1] for row in lines(book, "Theo cơ quan")[2:] if row[0].startswith("Cơ")]
    assert agencies == [f"CQ{n}" for n in range(6)]
    communes = [row[1] for row in lines(book, "Theo xã")[2:]]
    assert "30307" in communes  # text: a code keeps its zeros
