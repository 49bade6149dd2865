"""`duongthu network`: what a network folder holds on a day."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language

if TYPE_CHECKING:
    from api.network.summary import Summary

network_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Mạng lưới / The network of a province.")

SITE_NAMES = {
    "hub": ("trung tâm", "hubs"),
    "post_office": ("bưu cục", "post offices"),
    "culture_post": ("bưu điện văn hóa xã", "culture posts"),
    "borrowed_desk": ("bàn nhờ", "borrowed desks"),
    "one_stop": ("bộ phận một cửa", "one-stop desks"),
    "agency": ("cơ quan", "agencies"),
}
LEVEL_NAMES = {
    "province": ("cấp tỉnh", "provincial"),
    "district": ("cấp huyện", "district"),
    "commune": ("cấp xã", "commune"),
    "none": ("chưa ghi cấp", "without a level"),
}


@network_app.callback()
def _network() -> None:
    """Keeps `info` a command of its own while it is the only one."""


@network_app.command("info")
def info_command(
    network: Annotated[Path, typer.Argument(help="Network folder, workbook (.xlsx) or JSON file.")],
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Day whose rows count, YYYY-MM-DD.", show_default="today"),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Đếm những gì có hiệu lực trong một ngày / Count what is in force on a day.

    Sites by kind, procedures by level and by list of decision, couriers, lines.
    """
    from api.network.reader import read_network
    from api.network.summary import summarise

    voice = Voice(language(lang), as_json)
    with voice.stage("Đọc dữ liệu mạng lưới", "Reading the network"):
        province = read_network(network)
        on = day.date() if day else datetime.now(province.settings.zone).date()
        summary = summarise(province.on(on))
    voice.warn(province.warnings)
    voice.show(_table(summary, voice))
    voice.result({**asdict(summary), "valid_on": summary.valid_on.isoformat()})


def _table(summary: Summary, voice: Voice) -> Table:
    title = voice.text(f"{summary.name}, ngày {summary.valid_on:%d/%m/%Y}", f"{summary.name}, {summary.valid_on}")
    table = Table(title=title, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, count in _lines(summary, voice):
        table.add_row(name, voice.number(count))
    return table


def _lines(summary: Summary, voice: Voice) -> list[tuple[str, int]]:
    lines = [(voice.text(*SITE_NAMES[kind]), count) for kind, count in summary.sites.items()]
    lines.append((voice.text("cơ quan và một cửa", "agencies and one-stop desks"), summary.agency_nodes))
    for level, count in summary.procedures.items():
        name, may = voice.text(*LEVEL_NAMES[level]), summary.postal[level]
        lines.append((voice.text(f"thủ tục {name}", f"procedures, {name}"), count))
        lines.append((voice.text("  được qua bưu chính", "  that may go by post"), may))
    for listed in summary.lists:
        said = voice.text("được", "may go") if listed.postal else voice.text("không được", "may not go")
        decision = listed.decision_no or voice.text("không số", "no number")
        lines.append((f"{voice.text('quyết định', 'decision')} {decision}: {said}", listed.procedures))
    lines.append((voice.text("xã, phường được phục vụ", "communes served"), summary.areas))
    lines.append((voice.text("bưu tá", "couriers"), summary.couriers))
    return [*lines, (voice.text("chuyến đường thư", "line runs"), summary.lines)]
