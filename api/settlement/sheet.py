"""The settlement as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from api.reports.sheets import Sheet, Title, report_workbook
from api.settlement.schemas import Settled

_DONG: Final = "#,##0"
_STATES: Final = {"open": "Chưa ký / open", "signed": "Đã ký / signed", "changed": "Có thay đổi / changed"}
_TITLES: Final = (
    Title("Ngày", "Day"),
    Title("Loại", "Kind"),
    Title("Mã", "Code"),
    Title("Tên", "Name"),
    Title("Số lần thu", "Events", _DONG),
    Title("Lệ phí thu", "Fees taken", _DONG),
    Title("Cước thu", "Postage taken", _DONG),
    Title("Tiền mặt phải nộp", "Cash expected", _DONG),
    Title("Lệ phí đã nộp", "Fees handed in", _DONG),
    Title("Cước đã nộp", "Postage handed in", _DONG),
    Title("Chênh lệch", "Difference", _DONG),
    Title("Tình trạng", "State"),
    Title("Lần ký", "Sign-off", _DONG),
    Title("Người ký", "Signed by"),
    Title("Lý do", "Reason"),
)


def settlement_workbook(settled: Iterable[Settled]) -> bytes:
    """One line a taker and day; the last sign-off of each."""
    return report_workbook([Sheet("Thanh toán", _TITLES, _rows(settled))])


def _rows(settled: Iterable[Settled]) -> Iterator[list[Any]]:
    for one in settled:
        head = [one.day, one.kind, one.taker, one.name, one.events, one.fee_dong, one.postage_dong, one.cash_dong]
        state = _STATES[one.state]
        if not one.signed:
            yield [*head, None, None, None, state, None, None, None]
            continue
        last = one.signed[-1]
        yield [
            *head, last.handed_fee_dong, last.handed_postage_dong, last.difference_dong, state, last.number,
            last.signed_name, last.note,
        ]  # fmt: skip
