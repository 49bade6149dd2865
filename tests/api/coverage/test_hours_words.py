"""Opening hours in words of both languages, or not at all."""

from __future__ import annotations

import pytest

from api.coverage.hours_words import hours_in_words


@pytest.mark.parametrize(
    ("spec", "vi", "en"),
    [
        ("Mo-Fr 07:30-11:00,13:30-16:30; PH off",
         "thứ Hai đến thứ Sáu 07:30–11:00 và 13:30–16:30; nghỉ ngày lễ",
         "Monday to Friday 07:30–11:00 and 13:30–16:30; closed on public holidays"),
        ("Mo,We,Fr 07:30-11:30; PH off",
         "thứ Hai, thứ Tư, thứ Sáu 07:30–11:30; nghỉ ngày lễ",
         "Monday, Wednesday, Friday 07:30–11:30; closed on public holidays"),
        ("Mo-We, Fr 08:00-10:00", "thứ Hai đến thứ Tư, thứ Sáu 08:00–10:00", "Monday to Wednesday, Friday 08:00–10:00"),
        ("Mo-Fr 07:00-17:00; Sa 07:00-11:00; Su off",
         "thứ Hai đến thứ Sáu 07:00–17:00; thứ Bảy 07:00–11:00; Chủ nhật nghỉ",
         "Monday to Friday 07:00–17:00; Saturday 07:00–11:00; Sunday closed"),
        ("Sa-Mo 07:00-08:00", "thứ Bảy đến thứ Hai 07:00–08:00", "Saturday to Monday 07:00–08:00"),
        ("07:30-11:30", "hằng ngày 07:30–11:30", "every day 07:30–11:30"),
        (" Mo-Su 06:00-19:00; ", "hằng ngày 06:00–19:00", "every day 06:00–19:00"),
        ("24/7", "suốt ngày đêm", "day and night"),
    ],
)  # fmt: skip
def test_weekdays_with_hours_are_said(spec: str, vi: str, en: str) -> None:
    said = hours_in_words(spec)
    assert said is not None
    assert (said.vi, said.en) == (vi, en)


@pytest.mark.parametrize(
    "spec",
    ["Mo-Fr 07:00-11:00; We off", "Mo-Fr 07:00-11:00, Sa 08:00-10:00", "Jan-Mar Mo 07:00-08:00", "PH off", "",
     "Mo-Fr,PH 08:00-17:00", "PH off; Mo-Fr 08:00-17:00", 'Mo 08:00-10:00 "by call"', "Mo[1] 08:00-10:00", "Mo 08:00+"],
)  # fmt: skip
def test_what_is_more_than_that_is_not_said_wrongly(spec: str) -> None:
    assert hours_in_words(spec) is None
