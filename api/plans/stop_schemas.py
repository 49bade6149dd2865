"""A stop that nobody registered, added to a draft over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from api.auth.schemas import Strict
from api.network.schemas import PRINTED
from api.plans.edited import EditAnswer
from api.plans.schemas import Position
from api.plans.service_schemas import Code

Key = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Printed = Annotated[str, Field(max_length=500, pattern=PRINTED)]


class StopWanted(Strict):
    """
    What shall be fetched or brought where.

    At a citizen's door it becomes a dossier that is fetched (`intake`) or a result that is brought (`result`); at a
    site of the network, a `transfer`. It is ready from the beginning of the plan's day.
    """

    action: Literal["collect", "deliver"]
    site_id: Key | None = None
    point: Position | None = Field(default=None, examples=[[105.431, 10.384]])
    """Of a door that is no site."""
    commune_code: Key | None = Field(default=None, examples=["30307"])
    """Of a door that is no site."""
    address: Printed = ""
    """Empty = its coordinates."""
    other_site: Key | None = None
    """Where what is fetched goes to; where what is brought comes from: None = it lies at the base that serves the
    door."""
    code: Key | None = None
    """On its label; None = it gets one."""
    pieces: int = Field(default=1, ge=1, le=10_000)
    due_on: date | None = None
    """None = promised as usual."""
    windows: str = Field(default="", max_length=200, examples=["08:00-10:00"])
    """When the citizen is there."""
    contact_name: Printed = ""
    contact_phone: Printed = ""
    note: Printed = ""
    courier_id: Code | None = None
    """Whose round it shall come into, at its best place; None = anybody's."""

    @model_validator(mode="after")
    def _says_where(self) -> StopWanted:
        is_door = self.point is not None and self.commune_code is not None
        if is_door == (self.site_id is not None) or (self.point is None) != (self.commune_code is None):
            raise ValueError("either site_id, or point and commune_code")
        if self.action == "collect" and self.other_site is None:
            raise ValueError("what is fetched goes to other_site")
        return self


class StopAdded(Strict):
    """The plan's next version, with the stop in it."""

    version: int
    """For the next `If-Match`."""
    shipment: str
    """The code that it has now."""
    edit: EditAnswer
