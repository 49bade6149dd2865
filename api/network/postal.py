"""
Whether a procedure's papers may go by post on a day: one answer for the desk and for imports.

The province publishes two lists by decision. A list that replaces another is a second row of each procedure, dated.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import NotFoundError, RowError, RowRef
from api.messages import row_error
from api.network.model import Network


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the lists in force on a day say about a procedure."""

    procedure_code: str
    allowed: bool
    decision_no: str
    """Of the list it stands in; a procedure that may not go by post always has one."""
    message_vi: str
    message_en: str

    def refusal(self, ref: RowRef, column: str) -> RowError | None:
        """The complaint about a row that names the procedure; None = it may go."""
        if self.allowed:
            return None
        return row_error(ref, column, "non_postal", value=self.procedure_code, decision=self.decision_no)


def may_go_by_post(network: Network, procedure_code: str) -> Verdict:
    """
    Judge a procedure by the lists in force.

    Parameters
    ----------
    network
        Of the day of acceptance: `Network.on(day)`.

    Raises
    ------
    NotFoundError
        When no procedure of that code is in force on the day.
    ValueError
        When `network` is that of all days.

    References
    ----------
    .. [1] Decision 45/2016/QĐ-TTg on receiving dossiers and returning results by the public postal service.
    """
    day = network.valid_on
    if day is None:
        raise ValueError("lists are dated: choose a day with Network.on first")
    try:
        procedure = network.procedure(procedure_code)
    except KeyError:
        raise NotFoundError(
            f"Thủ tục {procedure_code} không có trong danh mục ngày {day:%d/%m/%Y}.",
            f"The procedure {procedure_code} is not in the catalogue of {day.isoformat()}.",
        ) from None
    code = "postal" if procedure.postal else "non_postal"
    facts = {"value": procedure_code, "decision": procedure.decision_no or "-"}
    said = row_error(procedure.source, None, code, **facts)
    return Verdict(procedure_code, procedure.postal, procedure.decision_no, said.message_vi, said.message_en)
