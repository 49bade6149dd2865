"""What a report is made of, whatever it is written as: PDF and DOCX say the same because they are told the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.coverage.exports.pictures import Picture
from api.errors import Language


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Prose:
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What nobody may overlook."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels over values, side by side."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    weight: float = 1
    """Of the width."""
    number: bool = False
    """Stands to the right."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    marked: frozenset[int] = frozenset()
    """Rows in bold."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A map or a chart."""

    caption: str
    alt: str
    """The same for who cannot see it."""
    picture: Picture
    note: str = ""

    @property
    def notes(self) -> str:
        """Its own and the picture's."""
        return " ".join(note for note in (self.note, self.picture.note) if note)


@dataclass(frozen=True, slots=True)
class NewPage:
    pass


@dataclass(frozen=True, slots=True)
class Signatures:
    place: str
    people: tuple[str, ...]
    hint: str


Block = Heading | Prose | Notice | Bullets | Facts | Grid | Figure | NewPage | Signatures


@dataclass(frozen=True, slots=True)
class Report:
    """A report to be signed."""

    office: str
    """Whose it is."""
    title: str
    subtitle: str
    footer: str
    language: Language
    blocks: Sequence[Block]
