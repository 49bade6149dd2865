"""JSON read field by field, so that every complaint names the file and the JSON path."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from routing.formats.errors import InstanceFileError
from routing.model import FOREVER


@dataclass(frozen=True, slots=True)
class JsonField:
    """A value of a JSON document, and where it stands."""

    file: str
    path: str
    value: Any

    @classmethod
    def document(cls, file: str, text: str) -> JsonField:
        """Parse a document; `$` is its path."""
        try:
            return cls(file, "$", json.loads(text))
        except json.JSONDecodeError as error:
            raise InstanceFileError(file, error.lineno, f"not JSON: {error.msg} (column {error.colno})") from error
        except RecursionError:
            raise InstanceFileError(file, "$", "nested too deeply") from None

    def error(self, reason: str) -> InstanceFileError:
        return InstanceFileError(self.file, self.path, reason)

    def get(self, key: str) -> JsonField | None:
        """Return a member of this object, None when it has no such member."""
        members = self.members()
        return JsonField(self.file, f"{self.path}.{key}", members[key]) if key in members else None

    def need(self, key: str) -> JsonField:
        """Return a member of this object that must be there."""
        found = self.get(key)
        if found is None:
            raise self.error(f"{key} is missing")
        return found

    def members(self) -> Mapping[str, Any]:
        if not isinstance(self.value, dict):
            raise self.error("expected an object")
        return self.value

    def items(self, key: str | None = None) -> list[JsonField]:
        """Return the items of this array, or of the array that is a member; [] when there is none."""
        if key is not None:
            member = self.get(key)
            return [] if member is None else member.items()
        if not isinstance(self.value, list):
            raise self.error("expected an array")
        return [JsonField(self.file, f"{self.path}[{i}]", item) for i, item in enumerate(self.value)]

    def only(self, known: Collection[str], refused: Mapping[str, str]) -> None:
        """Refuse every member that is not honoured; `refused` gives the reasons for those that VROOM has."""
        for key in self.members():
            if key not in known:
                reason = refused.get(key, "this field is not known")
                raise JsonField(self.file, f"{self.path}.{key}", None).error(reason)

    def natural(self, most: int = FOREVER) -> int:
        """Return a whole number from 0 to `most`."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.error(f"expected a whole number, found {json.dumps(self.value)[:40]}")
        if not 0 <= self.value <= most:
            raise self.error(f"expected a number from 0 to {most}, found {self.value}")
        return self.value

    def natural_of(self, key: str, default: int, most: int = FOREVER) -> int:
        """Return a whole number that is a member, or its default."""
        member = self.get(key)
        return default if member is None else member.natural(most)

    def naturals(self, key: str) -> tuple[int, ...]:
        """Return the whole numbers of an array that is a member; () when there is none."""
        return tuple(item.natural() for item in self.items(key))

    def fraction_of(self, key: str, default: int) -> Fraction:
        """Return a positive number that is a member, exactly as written in decimals."""
        member = self.get(key)
        if member is None:
            return Fraction(default)
        value = member.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < FOREVER:
            raise member.error("expected a positive number")
        return Fraction(str(value))

    def text_of(self, key: str, default: str) -> str:
        member = self.get(key)
        if member is None:
            return default
        if not isinstance(member.value, str):
            raise member.error("expected a text")
        return member.value
