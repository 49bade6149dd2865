"""
What is told about rows, in Vietnamese and English: one line a code.

Add a message here, then raise it with `row_error(ref, column, code, **facts)` or, inside a cell parser, with
`CellError(code, **facts)`. Codes are stable; wording is free.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace

from api.errors import RowError, RowRef

MOST_HINTS = 50
"""Unknown words of one table for which the nearest known one is looked for."""
_LONGEST = 120
"""Letters of a cell that a message repeats."""

Fact = str | int | float | None

ENCODING_VI = (
    "tệp không phải UTF-8 (hay UTF-16 có BOM). Trong Excel: Tệp > Lưu thành > chọn kiểu "
    "“CSV UTF-8 (Comma delimited)”, hoặc lưu thành .xlsx"
)
ENCODING_EN = (
    "the file is not UTF-8 (nor UTF-16 with a BOM). In Excel: File > Save As > choose the type "
    "“CSV UTF-8 (Comma delimited)”, or save it as .xlsx"
)

MESSAGES: dict[str, tuple[str, str]] = {
    # Files
    "encoding": (ENCODING_VI, ENCODING_EN),
    "not_found": ("không có tệp hay thư mục này", "there is no such file or folder"),
    "is_folder": ("đây là thư mục; cần một tệp", "this is a folder; a file is needed"),
    "unreadable": ("không đọc được tệp ({reason})", "the file cannot be read ({reason})"),
    "unknown_format": (
        "không biết kiểu tệp này; chỉ nhận .csv, .xlsx, .json",
        "this kind of file is not known; .csv, .xlsx and .json are",
    ),
    "empty_file": ("tệp trống", "the file is empty"),
    "too_large": ("tệp lớn hơn {most} MiB", "the file is larger than {most} MiB"),
    "unpacks_too_large": (
        "sổ tính giải nén ra lớn hơn {most} MiB",
        "the workbook unpacks to more than {most} MiB",
    ),
    "too_many_rows": ("bảng có hơn {most} dòng", "the table has more than {most} rows"),
    "too_many_columns": ("bảng có hơn {most} cột", "the table has more than {most} columns"),
    "duplicate_sheet": ("có hai trang tính tên {value}", "two sheets are called {value}"),
    "bad_csv": ("tệp CSV hỏng: {reason}", "broken CSV: {reason}"),
    "bad_workbook": (
        "không mở được sổ tính .xlsx: tệp hỏng hoặc không phải .xlsx",
        "the .xlsx workbook cannot be opened: it is damaged, or no .xlsx",
    ),
    "old_workbook": (
        "đây là sổ tính .xls cũ hoặc có mật khẩu; hãy lưu thành .xlsx không mật khẩu",
        "this is an old .xls workbook or has a password; save it as .xlsx without one",
    ),
    "bad_json": ("JSON hỏng: {reason}", "broken JSON: {reason}"),
    "json_no_object": (
        "JSON phải là một đối tượng {{tên bảng: [các dòng]}}",
        "the JSON must be one object {{table name: [rows]}}",
    ),
    "json_no_rows": ("phải là danh sách các đối tượng", "must be a list of objects"),
    "missing_table": ("thiếu bảng {table}", "the table {table} is missing"),
    "unknown_table": ("không có bảng tên {value}{hint_vi}", "there is no table called {value}{hint_en}"),
    "no_rows": ("bảng không có dòng nào", "the table has no rows"),
    "several_roads": (
        "có nhiều tệp đường ({value}); chỉ để lại một",
        "there are several road files ({value}); leave one",
    ),
    "speeds_without_effect": (
        "tệp đường {value} dựng sẵn giữ tốc độ lúc dựng: speeds ở đây không có tác dụng; hãy dựng lại với --speeds",
        "the built road file {value} keeps its own speeds: these have no effect; build it again with --speeds",
    ),
    # Headers
    "missing_column": ("thiếu cột {name}", "the column {name} is missing"),
    "unknown_column": ("không có cột tên “{value}”{hint_vi}", "there is no column called “{value}”{hint_en}"),
    "duplicate_column": ("cột này có hai lần", "this column is there twice"),
    "unnamed_column": ("cột thứ {value} có dữ liệu mà không có tên", "column number {value} has data and no name"),
    "too_many_cells": (
        "dòng có {value} ô, tiêu đề có {expected}. Số có dấu phẩy thập phân phải đặt trong ngoặc kép",
        "the row has {value} cells, the header {expected}. A number with a decimal comma needs quotes",
    ),
    # Cells
    "required": ("ô này không được trống", "this cell may not be empty"),
    "uncalculated": (
        "công thức chưa có giá trị; hãy mở tệp bằng bảng tính, lưu lại, hoặc dán giá trị",
        "a formula without a saved value; open the file in a spreadsheet and save it, or paste values",
    ),
    "nested": (
        "ô chứa đối tượng hay danh sách lồng nhau; cần một giá trị, hoặc một danh sách giá trị",
        "the cell holds an object or nested lists; it takes one value, or one list of values",
    ),
    "too_long": ("ô có {value} ký tự, nhiều hơn {most}", "the cell has {value} characters, more than {most}"),
    "bad_text": ("“{value}” không phải là chữ dùng được", "“{value}” is no usable text"),
    "bad_key": (
        "mã “{value}” chỉ được gồm chữ không dấu, số và . _ -",
        "the code “{value}” may only hold letters without marks, digits and . _ -",
    ),
    "bad_number": ("“{value}” không phải là số", "“{value}” is not a number"),
    "not_finite": ("“{value}” không phải là số hữu hạn", "“{value}” is not a finite number"),
    "not_whole": (
        "“{value}” không phải là số nguyên; đừng dùng dấu phân cách hàng nghìn",
        "“{value}” is not a whole number; do not separate thousands",
    ),
    "negative": ("{value} là số âm", "{value} is negative"),
    "out_of_range": (
        "{value} nằm ngoài khoảng từ {least} đến {most}",
        "{value} is not between {least} and {most}",
    ),
    "bad_date": ("“{value}” không phải là ngày; viết như 2026-11-20", "“{value}” is not a date; write 2026-11-20"),
    "far_date": (
        "ngày {value} không nằm trong các năm từ {first} đến {last}",
        "{value} is not in the years from {first} to {last}",
    ),
    "bad_time": (
        "“{value}” không phải là giờ từ 00:00 đến 24:00; viết như 07:30",
        "“{value}” is not a time from 00:00 to 24:00; write 07:30",
    ),
    "bad_instant": (
        "“{value}” không phải là thời điểm; viết như 2026-11-20T08:30+07:00",
        "“{value}” is not a moment; write 2026-11-20T08:30+07:00",
    ),
    "bad_span": (
        "“{value}” không phải là khoảng giờ; viết như 07:30-11:30",
        "“{value}” is not a span of time; write 07:30-11:30",
    ),
    "reversed_span": ("khoảng “{value}” kết thúc trước khi bắt đầu", "“{value}” ends before it starts"),
    "overlapping_spans": ("các khoảng giờ “{value}” chồng lên nhau", "the spans “{value}” overlap"),
    "bad_break": (
        "“{value}” không phải là giờ nghỉ; viết như 60@11:00-13:30 (60 phút, bắt đầu trong khoảng này)",
        "“{value}” is not a break; write 60@11:00-13:30 (60 minutes, begun within the span)",
    ),
    "bad_days": (
        "“{value}” không phải là các ngày trong tuần; viết như Mo-Sa hay Mo;We;Fr",
        "“{value}” are no days of the week; write Mo-Sa or Mo;We;Fr",
    ),
    "bad_choice": (
        "“{value}” không có trong: {choices}{hint_vi}",
        "“{value}” is none of: {choices}{hint_en}",
    ),
    "bad_yes_no": ("“{value}” phải là yes hay no (có hay không)", "“{value}” must be yes or no"),
    "bad_commune_code": (
        "“{value}” không phải là mã xã, phường: cần 5 chữ số",
        "“{value}” is not a commune code: five digits are needed",
    ),
    "bad_phone": ("“{value}” không phải là số điện thoại", "“{value}” is not a telephone number"),
    "bad_opening_hours": (
        "giờ mở cửa “{value}” sai; viết như Mo-Fr 07:00-11:30,13:30-17:00; PH off",
        "the opening hours “{value}” are wrong; write Mo-Fr 07:00-11:30,13:30-17:00; PH off",
    ),
    # Rows
    "reversed_dates": ("đến ngày {value} là trước ngày bắt đầu {start}", "{value} is before the first day {start}"),
    "duplicate": ("mã {value} đã có ở dòng {first}", "{value} is already in row {first}"),
    "overlapping_rows": (
        "{value} đã có ở dòng {first} với thời gian hiệu lực chồng lên nhau",
        "{value} is already in row {first}, in force on some of the same days",
    ),
    "unknown_site": ("không có điểm {value} trong bảng sites{hint_vi}", "there is no site {value} in sites{hint_en}"),
    "unknown_base": (
        "không có bưu cục phát {value} trong bảng sites{hint_vi}",
        "there is no base {value} in sites{hint_en}",
    ),
    "unknown_procedure": (
        "không có thủ tục {value} trong bảng procedures{hint_vi}",
        "there is no procedure {value} in procedures{hint_en}",
    ),
    "not_in_force": ("{value} không có hiệu lực vào những ngày này", "{value} is not in force on these days"),
    "unknown_commune": ("không có xã, phường mang mã {value}", "there is no commune with the code {value}"),
    "divided_commune": (
        "xã cũ {value} đã chia về nhiều xã mới ({choices}); hãy ghi mã mới",
        "the old commune {value} went to several new ones ({choices}); give the new code",
    ),
    "later_commune": (
        "xã, phường {value} chưa có vào ngày {day}",
        "the commune {value} did not exist yet on {day}",
    ),
    "swapped_lon_lat": (
        "kinh độ {lon} và vĩ độ {lat} bị đổi chỗ cho nhau",
        "the longitude {lon} and the latitude {lat} have changed places",
    ),
    "outside_vietnam": (
        "điểm (kinh độ {lon}, vĩ độ {lat}) nằm ngoài Việt Nam",
        "the point (longitude {lon}, latitude {lat}) lies outside Vietnam",
    ),
    "base_without_couriers": ("bưu cục phát {value} không có bưu tá nào", "the base {value} has no courier"),
    "two_bases": (
        "xã, phường {value} đã thuộc bưu cục {base} ở dòng {first}",
        "the commune {value} already belongs to the base {base} in row {first}",
    ),
    "cut_off_after_departure": (
        "giờ chốt {value} sau giờ đi {depart}",
        "the cut-off {value} is after departure {depart}",
    ),
    "line_backwards": (
        "giờ {value} trước giờ {before} của điểm dừng trước trên cùng chuyến",
        "{value} is before {before} at the stop before on the same run",
    ),
    "line_differs": (
        "các dòng của chuyến {value} phải có cùng {name}",
        "the rows of the run {value} must have the same {name}",
    ),
    # Shipments
    "s10_check_digit": (
        "mã bưu gửi {value} sai số kiểm tra: số thứ chín phải là {expected}",
        "the code {value} has a wrong check digit: the ninth digit must be {expected}",
    ),
    "non_postal": (
        "thủ tục {value} không được gửi qua bưu chính theo quyết định {decision}",
        "the procedure {value} may not go by post: decision {decision}",
    ),
    "postal": (
        "thủ tục {value} được gửi qua bưu chính (quyết định {decision})",
        "the procedure {value} may go by post (decision {decision})",
    ),
    "no_decision": (
        "thủ tục {value} không được gửi qua bưu chính thì phải ghi số quyết định",
        "the procedure {value} may not go by post: name the decision that says so",
    ),
    "two_ends": (
        "chỉ ghi mã điểm, hoặc chỉ ghi kinh độ và vĩ độ, không ghi cả hai",
        "give a site, or a longitude and latitude, not both",
    ),
    "no_end": (
        "cần mã điểm, hoặc kinh độ và vĩ độ",
        "a site is needed here, or a longitude and latitude",
    ),
    "needs_site": (
        "bưu gửi loại {kind} phải có mã điểm ở đầu này",
        "a shipment of kind {kind} needs a site at this end",
    ),
    "point_needs": ("một địa chỉ cần cả {name}", "an address needs {name} too"),
    "same_ends": ("điểm đi và điểm đến là một: {value}", "it goes from {value} to the same place"),
    "other_commune": (
        "điểm {site} thuộc xã {expected}, không phải {value}",
        "the site {site} lies in commune {expected}, not {value}",
    ),
    "commune_without_base": (
        "xã, phường {value} chưa có bưu cục phát trong bảng areas",
        "the commune {value} has no base in areas",
    ),
    "due_before_ready": (
        "hạn phát {value} trước ngày sẵn sàng {ready}",
        "it is due on {value}, before it is ready on {ready}",
    ),
    # Settings
    "bad_toml": ("tệp TOML hỏng: {reason}", "broken TOML: {reason}"),
    "unknown_key": ("không có khóa “{value}”{hint_vi}", "there is no key “{value}”{hint_en}"),
    "missing_key": ("thiếu khóa này", "this key is missing"),
    "bad_value": ("“{value}” không dùng được: cần {need_vi}", "“{value}” cannot be used: it needs {need_en}"),
    "unknown_zone": ("không có múi giờ “{value}”", "there is no time zone “{value}”"),
    "base_in_two_groups": (
        "bưu cục {value} nằm trong hai nhóm",
        "the base {value} is in two groups",
    ),
    "several_hubs": (
        "tỉnh có nhiều trung tâm (hub) trong ngày: {value}; hãy chỉ một bằng --hub",
        "the province has several hubs on the day: {value}; name one with --hub",
    ),
    "no_waves": (
        "không có ca nào: không biết thư phải tới lúc nào",
        "there are no waves: nobody says when mail is due",
    ),
    # Warnings
    "lost_zeros": (
        "“{value}” bị mất số 0 ở đầu; đã hiểu là {meant}",
        "“{value}” has lost its leading zeros; taken as {meant}",
    ),
    "lost_last_zeros": (
        "“{value}” bị mất số 0 ở cuối; đã hiểu là {meant}",
        "“{value}” has lost its last zeros; taken as {meant}",
    ),
    "day_first": (
        "“{value}” được hiểu là ngày/tháng/năm",
        "“{value}” was taken as day/month/year",
    ),
    "no_zone": (
        "“{value}” không ghi múi giờ; đã hiểu là {meant}",
        "“{value}” names no time zone; taken as {meant}",
    ),
    "site_without_base": (
        "xã, phường {value} của điểm này chưa có bưu cục phát trong bảng areas",
        "this site's commune {value} has no base in areas",
    ),
    "no_level": (
        "{count} thủ tục không ghi cấp giải quyết (dòng {rows}): hạn phát như bưu gửi khác, cước chung cho mọi cấp",
        "{count} procedures name no level (rows {rows}): due as other mail, priced by the tariffs of any level",
    ),
    "windows_unused": (
        "bưu gửi loại transfer không có đầu nào là người dân; không dùng khung giờ",
        "a transfer has no citizen's end; the windows are not used",
    ),
}


def row_error(ref: RowRef, column: str | None, code: str, **facts: Fact) -> RowError:
    """Put a code's message and facts into both languages."""
    vi, en = MESSAGES[code]
    filled = {"hint_vi": "", "hint_en": "", **facts}
    if isinstance(filled.get("value"), str):
        filled["value"] = shown(str(filled["value"]))
    name = None if column is None else shown(column)
    return RowError(shown(ref.file), ref.row, name, code, vi.format(**filled), en.format(**filled))


def shown(text: str) -> str:
    """What a file says, fit to be repeated: no longer than a line, nothing that cannot be printed or encoded."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in short)


def did_you_mean(value: str, known: Iterable[str]) -> dict[str, Fact]:
    """The hint facts that name the nearest known word, or none."""
    words = {word.casefold(): word for word in known}
    nearest = difflib.get_close_matches(value.casefold(), words, n=1, cutoff=0.6)
    if not nearest:
        return {}
    word = words[nearest[0]]
    return {"hint_vi": f"; có phải là {word}?", "hint_en": f"; did you mean {word}?"}


class Hints:
    """
    The nearest known words of many unknown ones, each looked for once, and only for the first `MOST_HINTS`.

    Hundreds of unknown codes are no slips of a hand but another province's file, and looking for what each of them
    is nearest to would take hours.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = tuple(known)
        self._found: dict[str, dict[str, Fact]] = {}

    def of(self, value: str) -> dict[str, Fact]:
        """As `did_you_mean`."""
        if value not in self._found and len(self._found) < MOST_HINTS:
            self._found[value] = did_you_mean(value, self._known)
        return self._found.get(value, {})


def row_ranges(rows: Iterable[int]) -> str:
    """Name rows in rising order, neighbours together: `2-4, 9`."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def condensed(warnings: Iterable[RowError]) -> tuple[RowError, ...]:
    """One warning for each file, column and code: the first row, and how many more there are."""
    groups: dict[tuple[str, str | None, str], list[RowError]] = {}
    for warning in sorted(warnings, key=lambda warning: (warning.file, warning.row or 0)):
        groups.setdefault((warning.file, warning.column, warning.code), []).append(warning)
    return tuple(_with_count(group[0], len(group) - 1) for group in groups.values())


def _with_count(first: RowError, more: int) -> RowError:
    if not more:
        return first
    return replace(
        first,
        message_vi=f"{first.message_vi}; và {more} dòng khác cũng vậy",
        message_en=f"{first.message_en}; and {more} more rows likewise",
    )
