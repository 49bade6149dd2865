"""What does not fit a schema of pydantic, in plain words of both languages; where it is, the caller says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.messages import shown
from api.plans.schemas import Words

_FORMS: dict[str, tuple[str, str]] = {
    "missing": ("thiếu khóa này", "this key is missing"),
    "extra_forbidden": ("không có khóa này", "there is no such key"),
    "enum": ("cần một trong {expected}", "one of {expected} is needed"),
    "literal_error": ("cần {expected}", "{expected} is needed"),
    "too_short": ("cần ít nhất {min_length} mục, đang có {actual_length}",
                  "at least {min_length} entries are needed, there are {actual_length}"),
    "too_long": ("cần nhiều nhất {max_length} mục, đang có {actual_length}",
                 "at most {max_length} entries are allowed, there are {actual_length}"),
    "string_pattern_mismatch": ("không đúng mẫu {pattern}", "does not match {pattern}"),
    "greater_than": ("phải lớn hơn {gt}", "must be more than {gt}"),
    "greater_than_equal": ("phải từ {ge} trở lên", "must be {ge} or more"),
    "less_than": ("phải nhỏ hơn {lt}", "must be less than {lt}"),
    "less_than_equal": ("phải không quá {le}", "must be {le} or less"),
}  # fmt: skip
_KINDS: dict[str, tuple[str, str]] = {
    "int": ("số nguyên", "a whole number"),
    "float": ("số", "a number"),
    "finite": ("số", "a number"),
    "string": ("chữ", "text"),
    "bool": ("true hoặc false", "true or false"),
    "dict": ("bảng các khóa", "a table of keys"),
    "model": ("bảng các khóa", "a table of keys"),
    "list": ("danh sách", "a list"),
    "tuple": ("danh sách", "a list"),
    "date": ("ngày dạng YYYY-MM-DD", "a date, YYYY-MM-DD"),
    "datetime": ("thời điểm theo ISO 8601", "a time as in ISO 8601"),
    "timezone": ("thời điểm có múi giờ", "a time with its zone"),
}
"""By the first word of the fault's type: `int_parsing`, `float_type`, ..."""


def misfit(fault: Mapping[str, Any]) -> Words:
    """
    Say what one fault is.

    Parameters
    ----------
    fault
        Of `ValidationError.errors()`.
    """
    kind = str(fault["type"])
    if kind in _FORMS:
        facts = {name: shown(str(fact)) for name, fact in fault.get("ctx", {}).items()}
        if "expected" in facts:
            facts["expected"] = facts["expected"].replace(" or ", ", ").replace("'", "")
        vi, en = _FORMS[kind]
        return Words(vi=vi.format(**facts), en=en.format(**facts))
    if (first := kind.partition("_")[0]) in _KINDS:
        vi, en = _KINDS[first]
        return Words(vi=f"cần {vi}", en=f"{en} is needed")
    return Words(vi="giá trị không dùng được", en=str(fault["msg"]))


def path_of(fault: Mapping[str, Any], *, first: int = 0) -> str:
    """
    Say where it is: `places[3].people`; empty = the whole.

    Parameters
    ----------
    first
        Number of a list's first entry.
    """
    parts = (f"[{part + first}]" if isinstance(part, int) else f".{part}" for part in fault["loc"])
    return "".join(parts).removeprefix(".")
