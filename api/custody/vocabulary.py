"""The words of custody events; each is stable, stands in signed records and is never renamed."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    """What happened to a shipment."""

    ACCEPT = "ACCEPT"
    """The post takes it from a citizen."""
    BAG = "BAG"
    """It goes into a sealed bag."""
    UNBAG = "UNBAG"
    """It comes out of one."""
    DEPART = "DEPART"
    """It leaves with a line."""
    ARRIVE = "ARRIVE"
    """It comes to a site of the post, by a courier or a line."""
    OUT = "OUT"
    """It leaves its base with a courier."""
    HAND_AGENCY = "HAND_AGENCY"
    """An agency or a desk has it."""
    COLLECT_RESULT = "COLLECT_RESULT"
    """The post takes it from an agency or a desk."""
    ATTEMPT = "ATTEMPT"
    """Somebody was to hand it over, or to fetch it, in vain."""
    INVITE_1 = "INVITE_1"
    """Its recipient is invited to fetch it."""
    INVITE_2 = "INVITE_2"
    """Once more."""
    HOLD = "HOLD"
    """No further attempt: it is kept for its recipient until a date."""
    DELIVER = "DELIVER"
    """A citizen has it."""
    RETURN_START = "RETURN_START"
    """It goes back to where it came from."""
    RETURN_DONE = "RETURN_DONE"
    """It is back where it came from."""
    EXCEPTION = "EXCEPTION"
    """Something is wrong with it."""
    CORRECT = "CORRECT"
    """An earlier event did not occur, or says something wrong."""


class Reason(StrEnum):
    """Why an attempt failed."""

    ABSENT = "absent"
    ADDRESS_INSUFFICIENT = "address_insufficient"
    MOVED = "moved"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    INVITED_NO_SHOW = "invited_no_show"
    IDENTITY_NOT_PROVEN = "identity_not_proven"
    FEE_NOT_PAID = "fee_not_paid"
    CLOSED = "closed"
    LATER_REQUESTED = "later_requested"
    IMPASSABLE = "impassable"
    NO_TIME = "no_time"
    NOT_LOADED = "not_loaded"
    SEAL_ALTERED = "seal_altered"
    DAMAGED = "damaged"
    AGENCY_NOT_READY = "agency_not_ready"
    DECEASED = "deceased"
    OTHER = "other"


class Action(StrEnum):
    """What was done about a failed attempt."""

    NOTICE_LEFT = "notice_left"
    TRY_AGAIN = "try_again"
    ASK_DISPATCHER = "ask_dispatcher"
    FORWARD = "forward"
    HOLD = "hold"
    RETURN = "return"
    INCIDENT = "incident"


class LegalGround(StrEnum):
    """Why a shipment goes back: Law on Post 49/2010/QH12, art. 17."""

    ADDRESS_INSUFFICIENT = "17.1.a"
    MOVED = "17.1.b"
    NOT_FOUND = "17.1.c"
    INVITED_NO_SHOW = "17.1.d"
    """At least two invitations, 2 working days apart, and no show."""
    REFUSED = "17.1.đ"
    SENDER_ASKED = "17.2"


class Relation(StrEnum):
    """Who took a shipment, seen from its addressee."""

    SELF = "self"
    HOUSEHOLD = "household"
    AUTHORISED = "authorised"
    LEGAL_REPRESENTATIVE = "legal_representative"
    AGENCY_CLERK = "agency_clerk"
    POST_DESK = "post_desk"


class IdKind(StrEnum):
    """The paper that proved who somebody is."""

    IDENTITY_CARD = "identity_card"
    """Căn cước, căn cước công dân."""
    VNEID = "vneid"
    PASSPORT = "passport"
    STAFF_CARD = "staff_card"
    OTHER = "other"


class DocumentKind(StrEnum):
    """What a paper of the signed list is: Circular 17/2017/TT-BTTTT, art. 5."""

    ORIGINAL = "original"
    COPY = "copy"


class Trouble(StrEnum):
    """What an `EXCEPTION` is about (EPCIS dispositions)."""

    DAMAGED = "damaged"
    UNKNOWN = "unknown"
    MISMATCH = "mismatch"


class Correction(StrEnum):
    """What was wrong with a replaced event (EPCIS 2.0, errorDeclaration)."""

    DID_NOT_OCCUR = "did_not_occur"
    INCORRECT_DATA = "incorrect_data"
