"""The published JSON Schema of `plan.json`; `python -m api.plans.json_schema` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from api.plans.schemas import Plan

PATH = Path(__file__).with_name("plan.schema.json")
"""A test says when it is due."""


def plan_json_schema() -> dict[str, Any]:
    """Describe `plan.json` as it is written: every field is there."""
    schema = Plan.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def main() -> None:
    """Write the file."""
    PATH.write_text(json.dumps(plan_json_schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
