"""Which day somebody who opens the console wants to plan: today, as long as a half of it is still to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from api.auth.schemas import Strict
from api.network.calendar import Calendar
from api.network.settings import Wave
from api.network.store import latest_version, read_settings_at


class NextDay(Strict):
    """The day to plan next."""

    day: date
    why: Literal["today", "too_late", "day_off"]
    """Today can still be planned; its last wave has begun; nobody works today."""
    closes: str
    """The hour, local, at which the last wave begins: the cut-off of a plan for the day."""


def next_day(connection: Connection, province_id: str, at: datetime) -> NextDay:
    """The day to plan next in a province, by its network's waves, calendar and time zone."""
    version = latest_version(connection, province_id)
    settings, days, _ = read_settings_at(connection, province_id, version)
    return day_to_plan(at.astimezone(settings.zone), settings.waves, Calendar(days, settings.weekend))


def day_to_plan(now: datetime, waves: Sequence[Wave], calendar: Calendar) -> NextDay:
    """
    Choose between today and the next working day.

    Parameters
    ----------
    now
        Local.
    waves
        The day's halves; a plan for today that is made after the last one has begun comes too late for any round.
    """
    today, last = now.date(), max(wave.start for wave in waves)
    closes = f"{last // 3600:02d}:{last // 60 % 60:02d}"
    if not calendar.is_working(today):
        return NextDay(day=calendar.add_working_days(today, 1), why="day_off", closes=closes)
    if now.hour * 3600 + now.minute * 60 + now.second >= last:
        return NextDay(day=calendar.add_working_days(today, 1), why="too_late", closes=closes)
    return NextDay(day=today, why="today", closes=closes)
