"""
Who may call each endpoint, and whose things they reach by it, written by hand: method, path -> roles, and -> cell.

An endpoint has one line in `TABLE` and one in `CELLS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
    ("GET", "/api/v1/source"): ANYONE,
    ("GET", "/api/v1/basemap"): ANYONE,
    ("POST", "/api/v1/auth/login"): ANYONE,
    ("POST", "/api/v1/auth/refresh"): ANYONE,
    ("POST", "/api/v1/auth/logout"): EVERYBODY,
    ("GET", "/api/v1/auth/me"): EVERYBODY,
    ("PUT", "/api/v1/auth/password"): EVERYBODY,
    ("GET", "/api/v1/auth/sessions"): EVERYBODY,
    ("POST", "/api/v1/auth/confirm"): EVERYBODY,
    ("POST", "/api/v1/auth/challenge"): ANYONE,
    ("POST", "/api/v1/auth/renew"): ANYONE,
    ("DELETE", "/api/v1/auth/sessions"): EVERYBODY,
    ("DELETE", "/api/v1/sessions"): ADMIN,
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
    ("GET", "/api/v1/devices/gaps"): OVERSEERS,
    ("GET", "/api/v1/devices/{device_id}/gaps"): MANAGERS,
    ("GET", "/api/v1/looks"): AUDITORS,
    ("POST", "/api/v1/network/import"): PLANNERS,
    ("GET", "/api/v1/network/export"): WATCHERS,
    ("GET", "/api/v1/network/versions"): WATCHERS,
    ("GET", "/api/v1/network/versions/{older}/differences/{newer}"): WATCHERS,
    ("GET", "/api/v1/network/door"): frozenset({"courier"}),
    ("GET", "/api/v1/network/postage"): EVERYBODY,
    ("GET", "/api/v1/network/{sheet}"): EVERYBODY,
    ("PUT", "/api/v1/network/{sheet}"): CHANGERS,
    ("DELETE", "/api/v1/network/{sheet}/{key}"): CHANGERS,
    ("POST", "/api/v1/shipments/import"): ACCEPTERS,
    ("POST", "/api/v1/shipments"): CARRIERS,
    ("GET", "/api/v1/shipments"): READERS,
    ("GET", "/api/v1/shipments/{code}"): READERS,
    ("PATCH", "/api/v1/shipments/{code}"): frozenset({"desk", "dispatcher"}),
    ("POST", "/api/v1/custody/events"): CARRIERS,
    ("POST", "/api/v1/custody/proofs"): CARRIERS,
    ("GET", "/api/v1/custody/seal-key"): CARRIERS,
    ("POST", "/api/v1/evidence"): CARRIERS,
    ("GET", "/api/v1/evidence/{sha256}"): READERS,
    ("POST", "/api/v1/plans/inputs"): CHANGERS,
    ("POST", "/api/v1/plans"): CHANGERS,
    ("GET", "/api/v1/plans"): WATCHERS,
    ("POST", "/api/v1/plans/validate"): CHANGERS,
    ("GET", "/api/v1/plans/waiting"): WATCHERS,
    ("GET", "/api/v1/plans/waiting/left-over"): WATCHERS,
    ("GET", "/api/v1/plans/next-day"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/places"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/times"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/roads"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/history"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/violations"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/rounds"): EVERYBODY,
    ("GET", "/api/v1/rounds/mine"): frozenset({"courier"}),
    ("GET", "/api/v1/rounds/evidence"): CARRIERS,
    ("GET", "/api/v1/plans/{plan_id}/comparison/{other_id}"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/unassigned/{code}"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/exports/{kind}"): WATCHERS,
    ("GET", "/api/v1/plans/{plan_id}/sheets"): DISPATCHERS,
    ("POST", "/api/v1/plans/{plan_id}/edits"): CHANGERS,
    ("POST", "/api/v1/plans/{plan_id}/trial"): CHANGERS,
    ("POST", "/api/v1/plans/{plan_id}/undo"): CHANGERS,
    ("POST", "/api/v1/plans/{plan_id}/redo"): CHANGERS,
    ("POST", "/api/v1/plans/{plan_id}/stops"): MANAGERS,
    ("POST", "/api/v1/plans/{plan_id}/replan"): CHANGERS,
    ("POST", "/api/v1/plans/{plan_id}/publish"): MANAGERS,
    ("POST", "/api/v1/plans/{plan_id}/unpublish"): MANAGERS,
    ("POST", "/api/v1/live/plans/{plan_id}/proposals"): MANAGERS,
    ("GET", "/api/v1/live/plans/{plan_id}/proposals"): WATCHERS,
    ("GET", "/api/v1/live/proposals/{proposal_id}"): WATCHERS,
    ("GET", "/api/v1/live/proposals/{proposal_id}/plan"): WATCHERS,
    ("POST", "/api/v1/live/proposals/{proposal_id}/accept"): MANAGERS,
    ("POST", "/api/v1/live/proposals/{proposal_id}/reject"): MANAGERS,
    ("POST", "/api/v1/live/plans/{plan_id}/rest"): MANAGERS,
    ("GET", "/api/v1/live/plans/{plan_id}/proof"): WATCHERS,
    ("GET", "/api/v1/live/plans/{plan_id}/changes"): WATCHERS,
    ("GET", "/api/v1/live/changes"): frozenset({"courier"}),
    ("POST", "/api/v1/live/changes/{change_id}/answer"): frozenset({"courier"}),
    ("POST", "/api/v1/coverage/studies"): PLANNERS,
    ("GET", "/api/v1/coverage/studies"): WATCHERS,
    ("GET", "/api/v1/coverage/studies/{study_id}"): WATCHERS,
    ("GET", "/api/v1/coverage/studies/{study_id}/state"): WATCHERS,
    ("GET", "/api/v1/coverage/studies/{study_id}/places"): WATCHERS,
    ("GET", "/api/v1/coverage/studies/{study_id}/roads"): WATCHERS,
    ("GET", "/api/v1/coverage/studies/{study_id}/reach"): WATCHERS,
    ("GET", "/api/v1/coverage/studies/{study_id}/export"): WATCHERS,
    ("DELETE", "/api/v1/coverage/studies/{study_id}"): PLANNERS,
    ("GET", "/api/v1/jobs"): WATCHERS,
    ("GET", "/api/v1/jobs/{job_id}"): WATCHERS,
    ("POST", "/api/v1/jobs/{job_id}/cancel"): CHANGERS,
    ("GET", "/api/v1/jobs/{job_id}/progress"): WATCHERS,
    ("GET", "/api/v1/live/consent"): frozenset({"courier"}),
    ("PUT", "/api/v1/live/consent"): frozenset({"courier"}),
    ("POST", "/api/v1/live/positions"): frozenset({"courier"}),
    ("GET", "/api/v1/live/progress"): frozenset({"auditor", "dispatcher"}),
    ("POST", "/api/v1/live/messages"): frozenset({"courier", "dispatcher"}),
    ("GET", "/api/v1/live/messages"): frozenset({"courier", "dispatcher"}),
    ("POST", "/api/v1/live/messages/{message_id}/read"): frozenset({"courier", "dispatcher"}),
    ("GET", "/api/v1/live/stream"): frozenset({"courier", "dispatcher"}),
    ("GET", "/api/v1/handovers"): OVERSEERS,
    ("POST", "/api/v1/handovers"): DISPATCHERS,
    ("POST", "/api/v1/handovers/duties"): DISPATCHERS,
    ("POST", "/api/v1/handovers/{handover_id}/taken"): DISPATCHERS,
    ("POST", "/vroom"): CHANGERS,
    ("GET", "/api/v1/shipments/{code}/history"): READERS,
    ("GET", "/api/v1/custody/incomplete"): OVERSEERS,
    ("GET", "/api/v1/custody/incomplete/counts"): OVERSEERS,
    ("GET", "/api/v1/custody/incomplete/{event_id}"): OVERSEERS,
    ("GET", "/api/v1/custody/incidents"): OVERSEERS,
    ("GET", "/api/v1/custody/refused"): OVERSEERS,
    ("GET", "/api/v1/custody/refused/{quarantine_id}"): frozenset({"auditor", "dispatcher"}),
    ("POST", "/api/v1/custody/incomplete/{event_id}/settled"): DISPATCHERS,
    ("POST", "/api/v1/custody/refused/{quarantine_id}/settled"): DISPATCHERS,
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
    ("GET", "/api/v1/settlement/mine"): frozenset({"courier"}),
    ("GET", "/api/v1/settlement/sheet.xlsx"): OVERSEERS,
    ("POST", "/api/v1/settlement/{day}/{kind}/{taker}"): frozenset({"dispatcher"}),
    ("GET", "/api/v1/reports/punctuality"): REPORTED,
    ("GET", "/api/v1/reports/punctuality.xlsx"): REPORTED,
    ("GET", "/api/v1/reports/punctuality/shipments"): REPORTED,
    ("GET", "/api/v1/reports/communes"): REPORTED,
    ("GET", "/api/v1/reports/postal-share"): REPORTED,
    ("GET", "/api/v1/reports/postal-share.xlsx"): REPORTED,
    ("GET", "/api/v1/reports/monthly.xlsx"): REPORTED,
    ("PUT", "/api/v1/reports/agency-months/{site_id}/{month}"): frozenset({"admin", "dispatcher", "planner"}),
    ("PUT", "/api/v1/reports/share-targets/{site_id}/{quarter}"): PLANNERS,
    ("GET", "/api/v1/track/{code}"): ANYONE,
    ("POST", "/api/v1/track/{code}"): ANYONE,
    ("POST", "/api/v1/track/{code}/receipt"): ANYONE,
    ("GET", "/api/v1/track/{code}/days"): ANYONE,
    ("POST", "/api/v1/track/{code}/wishes"): ANYONE,
    ("POST", "/api/v1/track/{code}/pin"): CARRIERS,
}


class Reach(StrEnum):
    """Whose things somebody reaches, whose role may call an endpoint at all."""

    EVERYTHING = "everything"
    """It is about nothing of an office or province, or it is public, or a fact that is never turned away."""
    OWN = "own"
    """What belongs to the caller in person."""
    OFFICE = "office"
    """What belongs to the caller's offices; without offices, to any of their province."""
    PROVINCE = "province"
    """What belongs to the caller's province, also when they work in one of its offices."""
    WHOLE_PROVINCE = "whole province"
    """What belongs to a province, for who works for all of it: nothing for people of an office."""
    SYSTEM = "system"
    """Only for who works in every province."""


@dataclass(frozen=True)
class Cell:
    """How an endpoint is scoped."""

    reach: Reach
    shows: str = ""
    """Of a list: the name of the value (`Place.values`) that stands in it exactly for what is reached; else empty."""
    reveals: frozenset[str] = frozenset()
    """Roles that are shown personal data when they ask with `reveal=true`; everybody else sees masks."""
    by_base: bool = False
    """It is of the base whose couriers move things: an agency, where none starts, reaches nothing by it."""
    names: str = ""
    """Of a file that is taken row by row: the code by which a row of another office is refused (422)."""


EVERYTHING, OFFICE, PROVINCE = Cell(Reach.EVERYTHING), Cell(Reach.OFFICE), Cell(Reach.PROVINCE)
WHOLE_PROVINCE = Cell(Reach.WHOLE_PROVINCE)

CELLS: dict[tuple[str, str], Cell] = {
    ("GET", "/api/v1/basemap"): EVERYTHING,
    ("GET", "/healthz"): EVERYTHING,
    ("GET", "/readyz"): EVERYTHING,
    ("GET", "/metrics"): EVERYTHING,
    ("GET", "/api/v1/source"): EVERYTHING,
    ("POST", "/api/v1/auth/login"): EVERYTHING,
    ("POST", "/api/v1/auth/refresh"): EVERYTHING,
    ("POST", "/api/v1/auth/logout"): EVERYTHING,
    ("GET", "/api/v1/auth/me"): EVERYTHING,
    ("PUT", "/api/v1/auth/password"): EVERYTHING,
    ("POST", "/api/v1/auth/confirm"): EVERYTHING,
    ("POST", "/api/v1/auth/challenge"): EVERYTHING,
    ("POST", "/api/v1/auth/renew"): EVERYTHING,
    ("GET", "/api/v1/auth/sessions"): Cell(Reach.OWN, shows="session_id"),
    ("DELETE", "/api/v1/auth/sessions"): EVERYTHING,
    ("DELETE", "/api/v1/auth/sessions/{session_id}"): Cell(Reach.OWN),
    ("DELETE", "/api/v1/sessions"): PROVINCE,
    ("GET", "/api/v1/provinces"): Cell(Reach.PROVINCE, shows="name_of_province"),
    ("POST", "/api/v1/provinces"): Cell(Reach.SYSTEM),
    ("GET", "/api/v1/users"): Cell(Reach.OFFICE, shows="login"),
    ("POST", "/api/v1/users"): OFFICE,
    ("GET", "/api/v1/users/{user_id}"): OFFICE,
    ("PATCH", "/api/v1/users/{user_id}"): OFFICE,
    ("POST", "/api/v1/users/{user_id}/password"): OFFICE,
    ("DELETE", "/api/v1/users/{user_id}/sessions"): OFFICE,
    ("POST", "/api/v1/users/{user_id}/enrolments"): OFFICE,
    ("GET", "/api/v1/devices"): Cell(Reach.OFFICE, shows="device_id"),
    ("POST", "/api/v1/devices"): EVERYTHING,
    ("DELETE", "/api/v1/devices/{device_id}"): OFFICE,
    ("GET", "/api/v1/devices/gaps"): PROVINCE,
    ("GET", "/api/v1/devices/{device_id}/gaps"): OFFICE,
    ("GET", "/api/v1/looks"): Cell(Reach.OFFICE, shows="look"),
    ("POST", "/api/v1/network/import"): WHOLE_PROVINCE,
    ("GET", "/api/v1/network/export"): PROVINCE,
    ("GET", "/api/v1/network/versions"): PROVINCE,
    ("GET", "/api/v1/network/versions/{older}/differences/{newer}"): PROVINCE,
    ("GET", "/api/v1/network/door"): EVERYTHING,
    ("GET", "/api/v1/network/postage"): PROVINCE,
    ("GET", "/api/v1/network/{sheet}"): PROVINCE,
    ("PUT", "/api/v1/network/{sheet}"): OFFICE,
    ("DELETE", "/api/v1/network/{sheet}/{key}"): OFFICE,
    ("POST", "/api/v1/shipments/import"): Cell(Reach.OFFICE, names="other_office"),
    ("POST", "/api/v1/shipments"): Cell(Reach.OFFICE, names="other_office"),
    ("GET", "/api/v1/shipments"): Cell(Reach.OFFICE, shows="code"),
    ("GET", "/api/v1/shipments/{code}"): Cell(Reach.OFFICE, reveals=WITNESSES),
    ("PATCH", "/api/v1/shipments/{code}"): OFFICE,
    ("GET", "/api/v1/shipments/{code}/history"): Cell(Reach.OFFICE, reveals=WITNESSES),
    ("POST", "/api/v1/custody/events"): EVERYTHING,
    ("POST", "/api/v1/custody/proofs"): EVERYTHING,
    ("GET", "/api/v1/custody/seal-key"): EVERYTHING,
    ("GET", "/api/v1/custody/incomplete"): Cell(Reach.OFFICE, shows="event_id"),
    ("GET", "/api/v1/custody/incomplete/counts"): PROVINCE,
    ("GET", "/api/v1/custody/incomplete/{event_id}"): OFFICE,
    ("GET", "/api/v1/custody/incidents"): PROVINCE,
    ("GET", "/api/v1/custody/refused"): Cell(Reach.OFFICE, shows="quarantine_id"),
    ("GET", "/api/v1/custody/refused/{quarantine_id}"): OFFICE,
    ("POST", "/api/v1/custody/incomplete/{event_id}/settled"): OFFICE,
    ("POST", "/api/v1/custody/refused/{quarantine_id}/settled"): OFFICE,
    ("POST", "/api/v1/evidence"): EVERYTHING,
    # A photo goes with a paper from office to office; its name is a hash, learned only from a history that one sees.
    ("GET", "/api/v1/evidence/{sha256}"): PROVINCE,
    ("POST", "/api/v1/plans/inputs"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans"): Cell(Reach.WHOLE_PROVINCE, shows="plan_id"),
    ("POST", "/api/v1/plans/validate"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/waiting"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/waiting/left-over"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/next-day"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/places"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/times"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/roads"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/history"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/violations"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/rounds"): Cell(Reach.OFFICE, shows="courier_id", by_base=True),
    ("GET", "/api/v1/rounds/mine"): EVERYTHING,
    ("GET", "/api/v1/rounds/evidence"): PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/comparison/{other_id}"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/unassigned/{code}"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/exports/{kind}"): WHOLE_PROVINCE,
    ("GET", "/api/v1/plans/{plan_id}/sheets"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans/{plan_id}/edits"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans/{plan_id}/trial"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans/{plan_id}/undo"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans/{plan_id}/redo"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans/{plan_id}/stops"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans/{plan_id}/replan"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans/{plan_id}/publish"): WHOLE_PROVINCE,
    ("POST", "/api/v1/plans/{plan_id}/unpublish"): WHOLE_PROVINCE,
    ("POST", "/api/v1/live/plans/{plan_id}/proposals"): WHOLE_PROVINCE,
    ("GET", "/api/v1/live/plans/{plan_id}/proposals"): WHOLE_PROVINCE,
    ("GET", "/api/v1/live/proposals/{proposal_id}"): WHOLE_PROVINCE,
    ("GET", "/api/v1/live/proposals/{proposal_id}/plan"): WHOLE_PROVINCE,
    ("POST", "/api/v1/live/proposals/{proposal_id}/accept"): WHOLE_PROVINCE,
    ("POST", "/api/v1/live/proposals/{proposal_id}/reject"): WHOLE_PROVINCE,
    ("POST", "/api/v1/live/plans/{plan_id}/rest"): WHOLE_PROVINCE,
    ("GET", "/api/v1/live/plans/{plan_id}/proof"): WHOLE_PROVINCE,
    ("GET", "/api/v1/live/plans/{plan_id}/changes"): WHOLE_PROVINCE,
    ("GET", "/api/v1/live/changes"): EVERYTHING,
    ("POST", "/api/v1/live/changes/{change_id}/answer"): Cell(Reach.OWN),
    ("POST", "/api/v1/coverage/studies"): WHOLE_PROVINCE,
    ("GET", "/api/v1/coverage/studies"): Cell(Reach.WHOLE_PROVINCE, shows="study_id"),
    ("GET", "/api/v1/coverage/studies/{study_id}"): WHOLE_PROVINCE,
    ("GET", "/api/v1/coverage/studies/{study_id}/state"): WHOLE_PROVINCE,
    ("GET", "/api/v1/coverage/studies/{study_id}/places"): WHOLE_PROVINCE,
    ("GET", "/api/v1/coverage/studies/{study_id}/roads"): WHOLE_PROVINCE,
    ("GET", "/api/v1/coverage/studies/{study_id}/reach"): WHOLE_PROVINCE,
    ("GET", "/api/v1/coverage/studies/{study_id}/export"): WHOLE_PROVINCE,
    ("DELETE", "/api/v1/coverage/studies/{study_id}"): WHOLE_PROVINCE,
    ("GET", "/api/v1/jobs"): Cell(Reach.WHOLE_PROVINCE, shows="job_id"),
    ("GET", "/api/v1/jobs/{job_id}"): WHOLE_PROVINCE,
    ("POST", "/api/v1/jobs/{job_id}/cancel"): WHOLE_PROVINCE,
    ("GET", "/api/v1/jobs/{job_id}/progress"): WHOLE_PROVINCE,
    ("GET", "/api/v1/live/consent"): EVERYTHING,
    ("PUT", "/api/v1/live/consent"): EVERYTHING,
    ("POST", "/api/v1/live/positions"): EVERYTHING,
    ("GET", "/api/v1/live/progress"): Cell(Reach.OFFICE, shows="courier_id"),
    ("POST", "/api/v1/live/messages"): EVERYTHING,
    ("GET", "/api/v1/live/messages"): EVERYTHING,
    ("POST", "/api/v1/live/messages/{message_id}/read"): OFFICE,
    ("GET", "/api/v1/live/stream"): EVERYTHING,
    ("GET", "/api/v1/handovers"): WHOLE_PROVINCE,
    ("POST", "/api/v1/handovers"): WHOLE_PROVINCE,
    ("POST", "/api/v1/handovers/duties"): WHOLE_PROVINCE,
    ("POST", "/api/v1/handovers/{handover_id}/taken"): WHOLE_PROVINCE,
    ("POST", "/vroom"): EVERYTHING,
    ("GET", "/api/v1/ledger/checkpoint"): EVERYTHING,
    ("GET", "/api/v1/ledger/key"): EVERYTHING,
    ("GET", "/api/v1/ledger/proof/inclusion"): EVERYTHING,
    ("GET", "/api/v1/ledger/proof/consistency"): EVERYTHING,
    # One chain for all provinces, which proves nothing in parts; nothing personal is in it.
    ("GET", "/api/v1/ledger/export"): EVERYTHING,
    ("GET", "/api/v1/ledger/receipts/{code}"): OFFICE,
    ("GET", "/api/v1/webhooks"): Cell(Reach.WHOLE_PROVINCE, shows="subscriber_id"),
    ("POST", "/api/v1/webhooks"): WHOLE_PROVINCE,
    ("DELETE", "/api/v1/webhooks/{subscriber_id}"): WHOLE_PROVINCE,
    ("POST", "/api/v1/webhooks/{subscriber_id}/test"): WHOLE_PROVINCE,
    ("GET", "/api/v1/webhooks/{subscriber_id}/deliveries"): WHOLE_PROVINCE,
    ("POST", "/api/v1/webhooks/{subscriber_id}/deliveries/{event_id}/redeliver"): WHOLE_PROVINCE,
    ("GET", "/api/v1/settlement"): Cell(Reach.OFFICE, shows="taker"),
    ("GET", "/api/v1/settlement/mine"): EVERYTHING,
    ("GET", "/api/v1/settlement/sheet.xlsx"): Cell(Reach.OFFICE, shows="taker"),
    ("POST", "/api/v1/settlement/{day}/{kind}/{taker}"): OFFICE,
    ("GET", "/api/v1/reports/punctuality"): Cell(Reach.OFFICE, shows="agency"),
    ("GET", "/api/v1/reports/punctuality.xlsx"): Cell(Reach.OFFICE, shows="agency"),
    ("GET", "/api/v1/reports/punctuality/shipments"): Cell(Reach.OFFICE, shows="agency"),
    ("GET", "/api/v1/reports/communes"): PROVINCE,
    ("GET", "/api/v1/reports/postal-share"): Cell(Reach.OFFICE, shows="agency"),
    ("GET", "/api/v1/reports/postal-share.xlsx"): Cell(Reach.OFFICE, shows="agency"),
    ("GET", "/api/v1/reports/monthly.xlsx"): Cell(Reach.OFFICE, shows="agency"),
    ("PUT", "/api/v1/reports/agency-months/{site_id}/{month}"): OFFICE,
    ("PUT", "/api/v1/reports/share-targets/{site_id}/{quarter}"): OFFICE,
    ("GET", "/api/v1/track/{code}"): EVERYTHING,
    ("POST", "/api/v1/track/{code}"): EVERYTHING,
    ("POST", "/api/v1/track/{code}/receipt"): EVERYTHING,
    ("GET", "/api/v1/track/{code}/days"): EVERYTHING,
    ("POST", "/api/v1/track/{code}/wishes"): EVERYTHING,
    ("POST", "/api/v1/track/{code}/pin"): OFFICE,
}

BY_HAND: dict[tuple[str, str], str] = {
    ("GET", "/api/v1/basemap"): "test_basemap.py::test_a_file_is_given_out_in_ranges",
    ("POST", "/api/v1/handovers"): (
        "test_handover.py::test_people_of_an_office_of_another_province_or_another_trade_have_no_part"
    ),
    ("POST", "/api/v1/handovers/{handover_id}/taken"): (
        "test_handover.py::test_people_of_an_office_of_another_province_or_another_trade_have_no_part"
    ),
    (
        "POST",
        "/api/v1/auth/renew",
    ): "test_renewal.py::test_only_the_key_of_the_device_and_only_for_this_purpose_gets_in",
    ("POST", "/api/v1/plans/{plan_id}/stops"): "test_stops.py::test_only_who_takes_shipments_in_adds_a_stop",
    ("POST", "/api/v1/plans/{plan_id}/undo"): "test_undo.py::test_undo_wants_the_version_seen_last_and_a_draft",
    ("GET", "/api/v1/plans/{plan_id}/unassigned/{code}"): (
        "test_comparing.py::test_what_has_no_round_is_its_provinces_only"
    ),
    ("POST", "/api/v1/plans/{plan_id}/redo"): "test_redo.py::test_doing_again_wants_the_version_seen_last_and_a_draft",
    ("GET", "/api/v1/custody/refused"): "test_queue.py::test_what_was_refused_is_shown_revealed_with_a_note_and_erased",
    ("GET", "/api/v1/custody/refused/{quarantine_id}"): (
        "test_queue.py::test_what_was_refused_is_shown_revealed_with_a_note_and_erased"
    ),
    ("POST", "/api/v1/custody/refused/{quarantine_id}/settled"): (
        "test_queue_more.py::test_a_refused_event_is_put_aside_or_told_again_and_stays_where_it_is"
    ),
    ("POST", "/api/v1/live/positions"): (
        "test_live.py::test_nothing_is_kept_without_consent_and_nothing_shown_after_it_is_withdrawn"
    ),
    ("POST", "/api/v1/live/messages"): "test_live.py::test_nobody_speaks_with_or_reads_couriers_of_others",
    ("POST", "/api/v1/live/messages/{message_id}/read"): (
        "test_live.py::test_nobody_speaks_with_or_reads_couriers_of_others"
    ),
    ("POST", "/api/v1/live/plans/{plan_id}/rest"): (
        "test_rest_of_day.py::test_it_wants_a_published_plan_the_version_seen_last_and_an_id_of_its_own"
    ),
    ("POST", "/api/v1/live/plans/{plan_id}/proposals"): "test_replan.py::test_a_proposal_is_its_provinces_only",
    ("GET", "/api/v1/live/proposals/{proposal_id}"): "test_replan.py::test_a_proposal_is_its_provinces_only",
    ("GET", "/api/v1/live/proposals/{proposal_id}/plan"): "test_replan.py::test_a_proposal_is_its_provinces_only",
    ("POST", "/api/v1/live/proposals/{proposal_id}/accept"): "test_replan.py::test_a_proposal_is_its_provinces_only",
    ("POST", "/api/v1/live/proposals/{proposal_id}/reject"): "test_replan.py::test_a_proposal_is_its_provinces_only",
    ("POST", "/api/v1/live/changes/{change_id}/answer"): (
        "test_replan.py::test_a_courier_answers_once_and_the_dispatcher_sees_it"
    ),
}
"""Endpoints that need a story before they can be called: the test, beside this file, that asserts their cells."""
