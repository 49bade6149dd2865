"""Old plans forget where citizens live, and who drove there."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, select, update

from api.plans.tables import plan_changes, plan_inputs, plans


def erase_places(connection: Connection, before: datetime) -> int:
    """
    Forget where citizens of old plans live, and who drove there: inputs and rounds go, totals stay.

    Parameters
    ----------
    before
        Plans whose day is earlier.

    Returns
    -------
    count
        Of inputs and plans.
    """
    day = before.date().isoformat()
    inputs = update(plan_inputs).where(plan_inputs.c.day < day, plan_inputs.c.erased_at.is_(None))
    count = connection.execute(inputs.values(network={}, shipments=[], erased_at=before)).rowcount
    old = select(plans.c.plan_id).where(plans.c.day < day, plans.c.erased_at.is_(None))
    names = connection.scalars(old).all()
    for name in names:  # a document may be megabytes: one at a time
        text = connection.scalar(select(plans.c.document).where(plans.c.plan_id == name)) or "{}"
        bare = json.dumps(json.loads(text) | {"routes": [], "unassigned": []}, ensure_ascii=False)
        connection.execute(update(plans).where(plans.c.plan_id == name).values(document=bare, erased_at=before))
        connection.execute(update(plan_changes).where(plan_changes.c.plan_id == name).values(before=None))
    return count + len(names)
