"""The clock of a service under test, given by the caller: a day goes by in seconds, whatever the real hour is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch

REAL = ("api.auth.", "api.db.")
"""Sessions live by the real clock, as browsers and tests' own sessions do."""


@dataclass
class ServiceClock:
    """Stands at a moment until it is set to another."""

    moment: datetime

    @contextmanager
    def held(self) -> Iterator[ServiceClock]:
        """Let every module of the service but sessions ask this clock; a service has to be open by then."""
        clock = self

        class Kind(type):
            def __instancecheck__(cls, instance: object) -> bool:
                return isinstance(instance, datetime)

        class Clock(datetime, metaclass=Kind):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return clock.moment.astimezone(tz)

        with ExitStack() as stack:
            for name, module in sorted(sys.modules.items()):
                asks = name.startswith("api.") and not name.startswith(REAL)
                if asks and getattr(module, "datetime", None) is datetime:
                    stack.enter_context(patch.object(module, "datetime", Clock))
            yield self
