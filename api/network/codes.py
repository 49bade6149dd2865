"""Known codes, and what a damaged one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from api.errors import RowError, RowRef
from api.messages import Hints, row_error


class Codes:
    """
    The codes of one table.

    Parameters
    ----------
    codes
        Those of its rows.
    broken
        Those of rows that could not be read: they are known, and blamed elsewhere.
    """

    def __init__(self, codes: Iterable[str], broken: Iterable[str] = ()) -> None:
        self._codes = {*codes, *broken}
        self._hints = Hints(sorted(self._codes))
        self._stripped: dict[str, list[str]] = {}
        for code in sorted(self._codes):
            self._stripped.setdefault(_core(code), []).append(code)

    def __contains__(self, code: str) -> bool:
        return code in self._codes

    def resolve(
        self, code: str, ref: RowRef, column: str, unknown: str
    ) -> tuple[str, RowError | None, RowError | None]:
        """
        Find what a code means.

        Returns
        -------
        code
            The known one, with the zeros that a spreadsheet took away.
        error
            When nothing known is meant; its code is `unknown`.
        warning
            When zeros were given back.
        """
        if code in self._codes:
            return code, None, None
        meant = self._stripped.get(_core(code), [])
        if len(meant) == 1 and len(code) < len(meant[0]) and code.replace(".", "", 1).isdigit():
            lost = "lost_last_zeros" if meant[0].startswith(code) else "lost_zeros"
            return meant[0], None, row_error(ref, column, lost, value=code, meant=meant[0])
        return code, row_error(ref, column, unknown, value=code, **self._hints.of(code)), None


def _core(code: str) -> str:
    """What a spreadsheet leaves of a code that it takes for a number."""
    bare = code.lstrip("0")
    return bare.rstrip("0") if "." in bare else bare
