"""`duongthu compare`: two runs of `duongthu simulate` side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.targets import require_target, whole_file

if TYPE_CHECKING:
    from api.simulation.comparison import Comparison

_OBSTACLES = {"shipments": ("không cùng bưu gửi", "other shipments"), "span": ("không cùng ngày", "other days")}


def compare_command(
    first: Annotated[Path, typer.Argument(metavar="RUN1", help="Folder of a finished run.")],
    second: Annotated[Path, typer.Argument(metavar="RUN2", help="Folder of another one.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the comparison as Markdown: .md.")] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    So sánh hai lượt mô phỏng / Compare two simulated runs: lateness, distance, couriers, cost.

    Made for the same days and shipments on two networks, or with two ways of working; says so when they are others.
    """
    from api.simulation.comparison import compare, comparison_facts, comparison_markdown, tables_of

    voice = Voice(language(lang), as_json)
    if out is not None:
        require_target(out, (first, second))
    found = compare(first, second)
    notes = _notes(found, voice)
    for note in notes:
        voice.note(note, note)
    for table in tables_of(found, voice):
        voice.show(table)
    if out is not None:
        with whole_file(out) as file:
            file.write(comparison_markdown(found, notes, voice).encode())
        voice.say(f"Đã ghi {out}.", f"Wrote {out}.")
    voice.result({**comparison_facts(found), "out": str(out) if out else None})


def _notes(found: Comparison, voice: Voice) -> list[str]:
    """What a reader of the figures must know."""
    notes = []
    if found.obstacles:
        why = ", ".join(voice.text(*_OBSTACLES[name]) for name in found.obstacles)
        notes.append(
            voice.text(f"KHÔNG SO ĐƯỢC: hai lượt mô phỏng {why}.", f"NOT COMPARABLE: the two runs are about {why}.")
        )
    if found.synthetic_roads:
        notes.append(
            voice.text(
                "MẠNG ĐƯỜNG TỔNG HỢP: quãng đường và giờ giấc là ước lượng, không phải đường thật.",
                "SYNTHETIC ROADS: distances and times are estimates over invented roads.",
            )
        )
    return notes
