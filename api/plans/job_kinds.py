"""The kinds of jobs that make plans."""

from __future__ import annotations

from api.jobs.kinds import Kind
from api.plans.change_store import keep_best

PLAN, REPLAN = "plan", "replan"

PLAN_KINDS = {
    PLAN: Kind("api.plans.making:make_plan", keep_best),
    REPLAN: Kind("api.plans.making:make_replan", keep_best),
}
"""`plan` makes a day's plan; `replan` searches on from one around its locks."""
