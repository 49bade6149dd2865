"""How the OpenAPI text describes bodies that are read by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.custody.schemas import EventBatch


def inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """A schema with its definitions put where they are named, so that it stands alone."""
    if isinstance(schema, list):
        return [inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: inlined(part, definitions) for name, part in schema.items() if name not in ("$defs", "discriminator")}


def _body(kind: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


_BATCH = EventBatch.model_json_schema()
_BATCH_SCHEMA = inlined(_BATCH, _BATCH["$defs"])

BATCH_BODY = _body("application/json", _BATCH_SCHEMA)
PROOF_BODY = _body(
    "multipart/form-data",
    {
        "type": "object",
        "required": ["batch"],
        "properties": {
            "batch": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": _BATCH_SCHEMA,
                "description": "As the body of `/api/v1/custody/events`.",
            },
            "files": {
                "type": "array",
                "items": {"type": "string", "format": "binary"},
                "description": "JPEG, PNG or WebP; named in events by the SHA-256 of what is sent.",
            },
        },
    },
)
