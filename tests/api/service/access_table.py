"""Who may call each endpoint, written by hand: method, path -> roles."""

from __future__ import annotations

ANYONE: frozenset[str] = frozenset()
EVERYBODY = frozenset({"admin", "dispatcher", "planner", "courier", "desk", "auditor"})
ADMIN = frozenset({"admin"})
MANAGERS = frozenset({"admin", "dispatcher"})
OVERSEERS = frozenset({"admin", "dispatcher", "auditor"})
REPORTED = frozenset({"admin", "dispatcher", "planner", "auditor"})
AUDITORS = frozenset({"admin", "auditor"})
PLANNERS = frozenset({"admin", "planner"})
CHANGERS = frozenset({"admin", "dispatcher", "planner"})
ACCEPTERS = frozenset({"admin", "desk", "dispatcher"})
CARRIERS = frozenset({"courier", "desk", "dispatcher"})
WATCHERS = CHANGERS | {"auditor"}
WITNESSES = frozenset({"auditor", "desk", "dispatcher"})
DISPATCHERS = frozenset({"dispatcher"})
READERS = frozenset({"admin", "auditor", "desk", "dispatcher"})

TABLE: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/healthz"): ANYONE,
    ("GET", "/readyz"): ANYONE,
    ("GET", "/metrics"): ANYONE,
    ("POST", "/api/v1/auth/login"): ANYONE,
    ("POST", "/api/v1/auth/refresh"): ANYONE,
    ("POST", "/api/v1/auth/logout"): EVERYBODY,
    ("GET", "/api/v1/auth/me"): EVERYBODY,
    ("PUT", "/api/v1/auth/password"): EVERYBODY,
    ("GET", "/api/v1/auth/sessions"): EVERYBODY,
    ("DELETE", "/api/v1/auth/sessions"): EVERYBODY,
    ("DELETE", "/api/v1/auth/sessions/{session_id}"): EVERYBODY,
    ("GET", "/api/v1/provinces"): ADMIN,
    ("POST", "/api/v1/provinces"): ADMIN,
    ("GET", "/api/v1/users"): ADMIN,
    ("POST", "/api/v1/users"): ADMIN,
    ("GET", "/api/v1/users/{user_id}"): ADMIN,
    ("PATCH", "/api/v1/users/{user_id}"): ADMIN,
    ("POST", "/api/v1/users/{user_id}/password"): ADMIN,
    ("DELETE", "/api/v1/users/{user_id}/sessions"): ADMIN,
    ("POST", "/api/v1/users/{user_id}/enrolments"): MANAGERS,
    ("GET", "/api/v1/devices"): MANAGERS,
    ("POST", "/api/v1/devices"): ANYONE,
    ("DELETE", "/api/v1/devices/{device_id}"): MANAGERS,
    ("GET", "/api/v1/looks"): AUDITORS,
    ("POST", "/api/v1/network/import"): PLANNERS,
    ("GET", "/api/v1/network/export"): WATCHERS,
    ("GET", "/api/v1/network/versions"): WATCHERS,
    ("GET", "/api/v1/network/versions/{older}/differences/{newer}"): WATCHERS,
    ("GET", "/api/v1/network/{sheet}"): EVERYBODY,
    ("PUT", "/api/v1/network/{sheet}"): CHANGERS,
    ("DELETE", "/api/v1/network/{sheet}/{key}"): CHANGERS,
    ("POST", "/api/v1/shipments/import"): ACCEPTERS,
    ("GET", "/api/v1/shipments"): READERS,
    ("GET", "/api/v1/shipments/{code}"): READERS,
    ("PATCH", "/api/v1/shipments/{code}"): frozenset({"desk", "dispatcher"}),
    ("POST", "/api/v1/custody/events"): CARRIERS,
    ("POST", "/api/v1/custody/proofs"): CARRIERS,
    ("POST", "/api/v1/evidence"): CARRIERS,
    ("GET", "/api/v1/evidence/{sha256}"): READERS,
    ("POST", "/api/v1/plans/inputs"): CHANGERS,
    ("POST", "/api/v1/plans"): CHANGERS,
    ("GET", "/api/v1/plans"): WATCHERS,
    ("POST", "/api/v1/plans/validate"): CHANGERS,
    ("GET", "/api/v1/plans/{plan_id}"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/history"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/rounds"): EVERYBODY,
    ("GET", "/api/v1/plans/{plan_id}/comparison/{other_id}"): WATCHERS,
    ("POST", "/api/v1/plans/{plan_id}/edits"): CHANGERS,
    ("POST", "/api/v1/plans/{plan_id}/replan"): CHANGERS,
    ("POST", "/api/v1/plans/{plan_id}/publish"): MANAGERS,
    ("POST", "/api/v1/plans/{plan_id}/unpublish"): MANAGERS,
    ("GET", "/api/v1/jobs"): WATCHERS,
    ("GET", "/api/v1/jobs/{job_id}"): WATCHERS,
    ("POST", "/api/v1/jobs/{job_id}/cancel"): CHANGERS,
    ("GET", "/api/v1/jobs/{job_id}/progress"): WATCHERS,
    ("POST", "/vroom"): CHANGERS,
    ("GET", "/api/v1/shipments/{code}/history"): READERS,
    ("GET", "/api/v1/custody/shipments/{code}/events"): WITNESSES,
    ("GET", "/api/v1/custody/incomplete"): DISPATCHERS,
    ("POST", "/api/v1/custody/incomplete/{event_id}/settled"): DISPATCHERS,
    ("GET", "/api/v1/ledger/checkpoint"): ANYONE,
    ("GET", "/api/v1/ledger/key"): ANYONE,
    ("GET", "/api/v1/ledger/proof/inclusion"): ANYONE,
    ("GET", "/api/v1/ledger/proof/consistency"): ANYONE,
    ("GET", "/api/v1/ledger/export"): AUDITORS,
    ("GET", "/api/v1/ledger/receipts/{code}"): WITNESSES,
    ("GET", "/api/v1/webhooks"): ADMIN,
    ("POST", "/api/v1/webhooks"): ADMIN,
    ("DELETE", "/api/v1/webhooks/{subscriber_id}"): ADMIN,
    ("POST", "/api/v1/webhooks/{subscriber_id}/test"): ADMIN,
    ("GET", "/api/v1/webhooks/{subscriber_id}/deliveries"): ADMIN,
    ("POST", "/api/v1/webhooks/{subscriber_id}/deliveries/{event_id}/redeliver"): ADMIN,
    ("GET", "/api/v1/settlement"): OVERSEERS,
    ("GET", "/api/v1/settlement/sheet.xlsx"): OVERSEERS,
    ("POST", "/api/v1/settlement/{day}/{kind}/{taker}"): frozenset({"dispatcher"}),
    ("GET", "/api/v1/reports/punctuality"): REPORTED,
    ("GET", "/api/v1/reports/postal-share"): REPORTED,
    ("GET", "/api/v1/reports/monthly.xlsx"): REPORTED,
    ("PUT", "/api/v1/reports/agency-months/{site_id}/{month}"): frozenset({"admin", "dispatcher", "planner"}),
    ("GET", "/api/v1/track/{code}"): ANYONE,
    ("POST", "/api/v1/track/{code}"): ANYONE,
    ("POST", "/api/v1/track/{code}/receipt"): ANYONE,
    ("POST", "/api/v1/track/{code}/pin"): frozenset({"desk", "dispatcher"}),
}
