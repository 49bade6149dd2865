"""A report of punctuality as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.reports.columns import COUNTS, DEFINED, GROUPS, LEGS, NAME, PARTS, counts_of
from api.reports.schemas import Punctuality, PunctualityReport
from api.reports.sheets import Sheet, Title, report_workbook
from api.reports.store import By


def punctuality_workbook(report: PunctualityReport) -> bytes:
    """The whole, its groups, and what each count means."""
    of = Title("Hạn của", "Promise of"), Title("Từ ngày", "From"), Title("Đến ngày", "To")
    head = [PARTS[report.part], report.first_day, report.last_day]
    sheets = [Sheet("Tổng hợp", (*of, *COUNTS), [[*head, *counts_of(report.whole)]])]
    if report.by is not By.ALL:
        sheets.append(Sheet("Chi tiết", (GROUPS[report.by], NAME, *COUNTS), _groups(report)))
    sheets.append(Sheet("Định nghĩa", DEFINED, ([one.name, one.vi, one.en] for one in report.definitions)))
    return report_workbook(sheets)


def _groups(report: PunctualityReport) -> Iterator[list[Any]]:
    for one in report.groups:
        yield [one.group, _name(report.by, one), *counts_of(one)]


def _name(by: By, one: Punctuality) -> str | None:
    return LEGS[one.group] if by is By.LEG and one.group is not None else one.name
