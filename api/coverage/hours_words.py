"""Opening hours in words: `Mo,We,Fr 07:30-11:30` is Monday, Wednesday, Friday 07:30–11:30."""

from __future__ import annotations

import re
from collections.abc import Iterator

from api.coverage.vocabulary import WEEKDAYS
from api.plans.schemas import Words
from geo import opening_hours

_DAY = rf"(?:{'|'.join(opening_hours.WEEKDAYS)})"
_DAYS, _SPAN = rf"{_DAY}(?:-{_DAY})?", r"\d\d:\d\d-\d\d:\d\d"
_RULE = re.compile(rf"(?:({_DAYS}(?:, ?{_DAYS})*) )?({_SPAN}(?:, ?{_SPAN})*|off)", re.ASCII)
_HOLIDAYS = re.compile("PH +off")


def hours_in_words(spec: str) -> Words | None:
    """
    Say opening hours.

    Parameters
    ----------
    spec
        As OSM writes them.

    Returns
    -------
    words
        None = they are more than weekdays with hours of their own, and public holidays off.
    """
    *rules, last = (rule.strip() for rule in spec.strip().rstrip(";").split(";"))
    closed = bool(_HOLIDAYS.fullmatch(last))
    if not closed:
        rules.append(last)
    if rules == ["24/7"]:
        said = [Words(vi="suốt ngày đêm", en="day and night")]
    else:
        found = [_RULE.fullmatch(rule) for rule in rules]
        days = [day for one in found if one for day in _days(one[1])]
        if not found or None in found or len(days) > len({*days}):  # a later rule would change an earlier one
            return None
        said = [_rule(one[1], one[2]) for one in found if one]
    if closed:
        said.append(Words(vi="nghỉ ngày lễ", en="closed on public holidays"))
    return Words(vi="; ".join(one.vi for one in said), en="; ".join(one.en for one in said))


def _days(selector: str | None) -> Iterator[int]:
    """0 = Monday; none named = all."""
    for part in (selector or "Mo-Su").split(","):
        first, _, last = part.strip().partition("-")
        number, end = opening_hours.WEEKDAYS.index(first), opening_hours.WEEKDAYS.index(last or first)
        yield number
        while number != end:
            number = (number + 1) % len(opening_hours.WEEKDAYS)
            yield number


def _rule(selector: str | None, hours: str) -> Words:
    vi, en = (_selected(selector, language) for language in (0, 1))
    if hours == "off":
        return Words(vi=f"{vi} nghỉ", en=f"{en} closed")
    spans = [span.strip().replace("-", "–") for span in hours.split(",")]
    return Words(vi=f"{vi} {' và '.join(spans)}", en=f"{en} {' and '.join(spans)}")


def _selected(selector: str | None, language: int) -> str:
    if len({*_days(selector)}) == len(opening_hours.WEEKDAYS):
        return ("hằng ngày", "every day")[language]
    said = []
    for part in (selector or "").split(","):
        ends = [WEEKDAYS[opening_hours.WEEKDAYS.index(name)][language] for name in part.strip().split("-")]
        said.append((" đến ", " to ")[language].join(ends))
    return ", ".join(said)
