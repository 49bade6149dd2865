"""`duongthu template`: the files of a network folder, ready to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language


def template_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write into; made when it is not there.")],
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Write every input file with one example row.

    Each table as CSV, all of them as network.xlsx, the shipments as CSV and XLSX, and settings.toml with every default.
    Nothing is overwritten.
    """
    from api.network.template import write_template

    voice = Voice(language(lang), as_json)
    written = write_template(folder)
    voice.say(
        f"Đã viết {len(written)} tệp mẫu vào {folder}. Hãy thay dòng ví dụ bằng dữ liệu của tỉnh.",
        f"Wrote {len(written)} template files to {folder}. Replace the example row with your province's data.",
    )
    voice.result({"folder": str(folder), "files": [file.name for file in written]})
