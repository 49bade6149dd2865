"""
What is said of events that are here already: what each lacks by now.

The first answer may have been lost on the way, and with it that a PIN was wrong or a photograph is missing; what was
said then may have been mended since. It is asked after the whole batch is in, once for all duplicates, and not at all
as long as there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from api.custody.pieces import Piece
from api.custody.queue_store import lacking
from api.custody.verdicts import Answer, Verdict


def retold(connection: Connection, answers: Sequence[list[Answer]]) -> list[list[Answer]]:
    """Tell with each duplicate what that event lacks."""
    again = {one.event_id for of_batch in answers for one in of_batch if one.verdict is Verdict.DUPLICATE}
    if not again:
        return list(answers)
    found = lacking(connection, sorted(filter(None, again)))
    return [[_retold(one, found) for one in of_batch] for of_batch in answers]


def _retold(one: Answer, found: Mapping[str, Sequence[Piece]]) -> Answer:
    if one.verdict is not Verdict.DUPLICATE or one.event_id is None:
        return one
    return replace(one, pieces=tuple(found.get(one.event_id, ())))
