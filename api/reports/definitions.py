"""What each count of a report means, in the answer itself: a number without its definition decides nothing."""

from __future__ import annotations

from typing import Final

from api.reports.schemas import Definition
from api.reports.store import Part


def _define(**words: tuple[str, str]) -> tuple[Definition, ...]:
    return tuple(Definition(name=name, vi=vi, en=en) for name, (vi, en) in words.items())


_SHARED: Final = _define(
    settled=("early + on_the_day + late.", "early + on_the_day + late."),
    overdue=("Trong số open: hạn đã qua tính đến ngày as_of.", "Of open: the day has passed as of as_of."),
    early_percent=("early / settled.", "early / settled."),
    on_time_percent=("(early + on_the_day) / settled.", "(early + on_the_day) / settled."),
    late_percent=("late / settled.", "late / settled."),
    group=(
        "Cơ quan nhận hồ sơ, trả kết quả; xã của công dân; chặng khi hết hạn (lấy, điểm, đường thư, phát); tháng.",
        "Agency; the citizen's commune; leg when the due day ended (pickup, site, line, delivery); month or day of it.",
    ),
)

PUNCTUALITY: Final = {
    Part.AGENCY: (
        *_define(
            total=(
                "Kết quả có ngày hẹn trả của cơ quan trong kỳ.",
                "Results whose appointment date, set by the agency, lies in the period.",
            ),
            early=(
                "Bưu điện đã nhận, sẵn sàng trước ngày hẹn. Ngày sẵn sàng: theo cơ quan, không sau ngày bưu điện nhận.",
                "Taken by the post, ready before the date. Ready: by the agency, never after the post took it.",
            ),
            on_the_day=("Như trên, đúng ngày hẹn.", "The same, on the appointment date."),
            late=("Như trên, sau ngày hẹn.", "The same, after it."),
            open=("Bưu điện chưa nhận từ cơ quan.", "Not taken from the agency yet."),
            returned=("Luôn bằng 0.", "Always 0."),
        ),
        *_SHARED,
    ),
    Part.POST: (
        *_define(
            total=(
                "Bưu gửi có hạn phát trong kỳ.",
                "Shipments whose due day, the post's own promise, is in the period.",
            ),
            early=(
                "Trước hạn phát đã giao công dân, cơ quan, điểm nhận, hoặc đã gửi bản quét (giấy tờ ở người dân).",
                "Before the due day, handed to citizen, agency or desk, or sent as scans (papers with the citizen).",
            ),
            on_the_day=("Như trên, đúng hạn.", "The same, on the due day."),
            late=("Như trên, sau hạn.", "The same, after it."),
            open=("Chưa giao và chưa chuyển hoàn.", "Neither handed over nor returned."),
            returned=("Đã chuyển hoàn; không tính vào settled.", "Gone back; not settled."),
        ),
        *_SHARED,
    ),
}

SHARE: Final = _define(
    posted_dossiers=(
        "Hồ sơ gửi cơ quan mà bưu điện nhận trong kỳ, kể cả hồ sơ chỉ gửi bản quét.",
        "Dossiers for the agency that the post took over, also those sent as scans only.",
    ),
    posted_results=("Kết quả của cơ quan mà bưu điện nhận trong kỳ.", "Results of the agency that the post took over."),
    received=(
        "Tổng hồ sơ cơ quan tiếp nhận trong các tháng của kỳ, do cơ quan báo.",
        "Dossiers that the agency received in the months of the period, as told.",
    ),
    returned=("Tổng kết quả đã trả, do cơ quan báo.", "Results handed out, as told."),
    dossier_percent=("posted_dossiers / received.", "posted_dossiers / received."),
    result_percent=("posted_results / returned.", "posted_results / returned."),
    target=(
        "Mục tiêu của quý; kỳ gồm nhiều quý: bình quân theo số hồ sơ tiếp nhận (số kết quả đã trả) của từng quý.",
        "Of the quarter; over several quarters each weighs as much as was received (handed out) in it.",
    ),
    gap=("Tỷ lệ trừ mục tiêu, tính bằng điểm phần trăm.", "Share less target, in percentage points."),
)
