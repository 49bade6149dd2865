"""The postal share as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from api.reports.columns import DEFINED, GROUPS, NAME
from api.reports.schemas import ShareReport
from api.reports.sheets import Sheet, Title, report_workbook
from api.reports.store import By

_COUNT: Final = "#,##0"
_PERCENT: Final = "0.00"
_TITLES: Final = (
    GROUPS[By.AGENCY],
    NAME,
    Title("Hồ sơ qua bưu điện", "Dossiers by post", _COUNT),
    Title("Hồ sơ tiếp nhận", "Dossiers received", _COUNT),
    Title("Tỷ lệ hồ sơ (%)", "Dossiers (%)", _PERCENT),
    Title("Mục tiêu hồ sơ (%)", "Target, dossiers (%)", _PERCENT),
    Title("Chênh lệch (điểm %)", "Gap (points)", _PERCENT),
    Title("Kết quả qua bưu điện", "Results by post", _COUNT),
    Title("Kết quả đã trả", "Results handed out", _COUNT),
    Title("Tỷ lệ kết quả (%)", "Results (%)", _PERCENT),
    Title("Mục tiêu kết quả (%)", "Target, results (%)", _PERCENT),
    Title("Chênh lệch (điểm %)", "Gap (points)", _PERCENT),
    Title("Tháng chưa báo", "Months not told"),
)


def share_workbook(report: ShareReport) -> bytes:
    """One line an agency, and what each figure means."""
    return report_workbook(
        [
            Sheet("Tỷ lệ qua bưu điện", _TITLES, _rows(report)),
            Sheet("Định nghĩa", DEFINED, ([one.name, one.vi, one.en] for one in report.definitions)),
        ]
    )


def _rows(report: ShareReport) -> Iterator[list[Any]]:
    for one in report.agencies:
        yield [
            one.site_id, one.name, one.posted_dossiers, one.received, one.dossier_percent, one.dossier_target,
            one.dossier_gap, one.posted_results, one.returned, one.result_percent, one.result_target, one.result_gap,
            ", ".join(one.months_missing),
        ]  # fmt: skip
