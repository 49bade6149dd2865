"""
Errors of the routing room.

RoutingError
├── InvalidProblemError     a Problem, or a file of one, that breaks its own rules
├── InvalidEventError       an event that cannot have happened on a running day
├── UnsupportedProblemError an engine was asked for something it cannot do
└── EngineError             an engine gave an answer that the checker refuses
"""


class RoutingError(Exception):
    """Routing failed."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class InvalidProblemError(RoutingError, ValueError):
    """The problem breaks its own rules."""


class InvalidEventError(RoutingError, ValueError):
    """This cannot have happened."""


class UnsupportedProblemError(RoutingError):
    """This engine cannot solve such a problem."""


class EngineError(RoutingError):
    """The engine gave an answer that the checker refuses."""
