"""Why a stored plan does not change: what somebody else did meanwhile, or the rules that it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.errors import RefusedError
from api.plans.edited import EditViolation


class ChangedMeanwhileError(RefusedError):
    """Somebody else changed the plan first."""

    code = "changed_meanwhile"

    def __init__(self, version: int, changes: Sequence[dict[str, Any]]) -> None:
        self.version, self.changes = version, tuple(changes)
        who = ", ".join(dict.fromkeys(str(change["changed_by_name"]) for change in changes)) or "?"
        super().__init__(
            f"{who} đã sửa kế hoạch trước; nay là phiên bản {version}. Hãy tải lại.",
            f"{who} changed the plan first; it is at version {version} now. Load it again.",
        )

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "version": self.version, "changes": list(self.changes)}


class BreaksRulesError(RefusedError):
    """A plan with rounds that break rules is not published."""

    code = "breaks_rules"

    def __init__(self, violations: Sequence[EditViolation]) -> None:
        self.violations = tuple(violations)
        count = len(self.violations)
        super().__init__(
            f"Kế hoạch còn {count} vi phạm; chưa công bố.", f"The plan breaks rules ({count}); it is not published."
        )

    def to_json(self) -> dict[str, Any]:
        listed = [violation.model_dump(mode="json") for violation in self.violations]
        return {**super().to_json(), "violations": listed}


def still_planning() -> RefusedError:
    """The job that makes it is not over."""
    return RefusedError(
        "Kế hoạch đang được lập; hãy chờ xong, hoặc dừng sớm rồi sửa.",
        "The plan is still being made; wait for the end, or stop the search early.",
    )
