"""VROOM's request and answer for the OpenAPI document; the reader of `routing` is what checks a request."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_DOCS = "https://github.com/VROOM-Project/vroom/blob/master/docs/API.md"

Items = list[dict[str, Any]]


Table = list[list[int]]
"""One row a location."""


class VroomRequest(BaseModel):
    """A problem as VROOM takes it, with its matrices."""

    model_config = ConfigDict(
        title="VroomRequest",
        json_schema_extra={
            "externalDocs": {"url": _DOCS},
            "examples": [
                {
                    "jobs": [{"id": 1, "location_index": 1, "service": 60}, {"id": 2, "location_index": 2}],
                    "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
                    "matrices": {"car": {"durations": [[0, 300, 600], [300, 0, 300], [600, 300, 0]]}},
                }
            ],
        },
    )

    jobs: Items = []
    shipments: Items = []
    vehicles: Items
    matrices: Annotated[
        dict[str, dict[str, Table]],
        Field(description="By profile: `durations` (seconds), and where wanted `distances` (metres) and `costs`."),
    ]


class VroomAnswer(BaseModel):
    """A solution as VROOM writes it."""

    model_config = ConfigDict(title="VroomAnswer")

    code: Literal[0]
    summary: dict[str, Any]
    unassigned: Items
    routes: Items


class VroomError(BaseModel):
    """What VROOM answers when there is no solution."""

    model_config = ConfigDict(
        title="VroomError",
        json_schema_extra={"examples": [{"code": 2, "error": "$.jobs[0].location_index: is missing"}]},
    )

    code: Annotated[int, Field(description="1 internal, 2 input.")]
    error: str
