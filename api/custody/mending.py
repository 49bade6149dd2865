"""What would mend each piece that an event lacks, or that speaks against it, in words for a dispatcher."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_AGAIN: Final = (
    "Lập lại sự kiện cho đủ, có “replaces” là sự kiện này; hoặc hỏi người đã lập rồi ghi lại quyết định.",
    "Make the event again in full, with this one as `replaces`; or ask who made it, then note a decision.",
)
_RULE: Final = (
    "Mời lại, lưu giữ tiếp hoặc lấy bưu gửi về cho đúng hạn; việc đã làm sai thì ghi lại quyết định.",
    "Invite again, hold on or fetch the shipment back as the rule wants; what was done wrongly needs a decision.",
)
_MENDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing_file": (
            "Thiết bị gửi tệp còn thiếu: sự kiện tự ra khỏi hàng chờ.",
            "The device sends the file: the event leaves the queue by itself.",
        ),
        "unknown_shipment": (
            "Nhập bưu gửi này, hoặc đính chính (CORRECT) nếu quét nhầm mã.",
            "Import the shipment, or CORRECT the event when a wrong code was scanned.",
        ),
        "custody_elsewhere": (
            "Chờ sự kiện giao nhận còn thiếu được gửi lên, hoặc đính chính (CORRECT) sự kiện sai.",
            "Wait for the hand-over that has not come in, or CORRECT the event that is wrong.",
        ),
        "told_differently": (
            "Đếm lại với cả hai bên ngay; bên sai đính chính (CORRECT) hoặc kể lại cho đủ.",
            "Count again with both sides at once; whoever is wrong CORRECTs the event or tells it again in full.",
        ),
        "told_twice": (
            "So số tiền hai bên ghi: giống nhau thì ghi lại quyết định, khác nhau thì đính chính (CORRECT) bên sai.",
            "Compare the money that both tell of: where it is the same note a decision, else CORRECT the wrong one.",
        ),
        "no_follows": (
            "Hỏi hai bên ai giao trước; kể lại có “follows”, hoặc chờ sự kiện giao nhận còn thiếu.",
            "Ask both sides which came first; tell it again with `follows`, or wait for the hand-over that is missing.",
        ),
        "correction_loop": (
            "Đính chính (CORRECT) một trong các sự kiện thay thế nhau.",
            "CORRECT one of the events that replace each other.",
        ),
        "follows_unknown": (
            "Chờ bên kia gửi sự kiện của họ: sự kiện này tự ra khỏi hàng chờ.",
            "The other party's event has to come in: this one then leaves the queue by itself.",
        ),
        "replaces_unknown": (
            "Chờ sự kiện bị thay thế được gửi lên: sự kiện này tự ra khỏi hàng chờ.",
            "The replaced event has to come in: this one then leaves the queue by itself.",
        ),
        "scans_not_enough": (
            "Đến lấy giấy tờ của người dân rồi lập lại sự kiện, không có “scans_only”, “replaces” là sự kiện này.",
            "Fetch the papers from the citizen; make the event again without `scans_only`, this one as `replaces`.",
        ),
        "pin_not_checked": (
            "Cấp mã PIN cho bưu gửi, hoặc phục hồi khóa mã PIN rồi khởi động lại: mã được kiểm tra ngay.",
            "Issue the shipment's PIN, or restore the key of the PINs and restart: then it is checked at once.",
        ),
        "before_revocation": (
            "Hỏi người giữ thiết bị lúc đó, rồi ghi lại quyết định hoặc đính chính (CORRECT).",
            "Ask who had the device then, and note a decision or CORRECT the event.",
        ),
        "in_the_future": (
            "Chỉnh đồng hồ của thiết bị; ghi lại giờ đúng khi quyết định.",
            "Set the device's clock; note the true time with the decision.",
        ),
        "no_first_invitation": _RULE,
        "invited_too_soon": _RULE,
        "too_few_invitations": _RULE,
        "held_too_short": _RULE,
        "no_refusal": _RULE,
        "returned_too_soon": _RULE,
    }
)


def mend_of(code: str) -> tuple[str, str]:
    """What would mend a piece, in Vietnamese and English; what an event lacks in itself has to be told again."""
    return _MENDS.get(code, _AGAIN)
