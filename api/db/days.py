"""Days as numbers in SQL, the same in both databases: `date.toordinal` of an ISO day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class day_number(FunctionElement[int]):  # noqa: N801 - it is called like a function
    """The number of a day that is kept as ISO text; null of null."""

    name = "day_number"
    type = Integer()
    inherit_cache = True


@compiles(day_number, "sqlite")
def _sqlite(element: Any, compiler: Any, **more: Any) -> str:
    # Julian days begin at noon: 1721424.5 is the midnight before day 0 of `toordinal`.
    return f"CAST(julianday({compiler.process(element.clauses, **more)}) - 1721424.5 AS INTEGER)"


@compiles(day_number, "postgresql")
def _postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"(CAST({compiler.process(element.clauses, **more)} AS date) - DATE '0001-01-01' + 1)"
