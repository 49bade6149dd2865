"""`duongthu coverage report`: a study as a report to sign, a workbook, or layers for a GIS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.errors import RefusedError
from api.targets import require_target, whole_file

if TYPE_CHECKING:
    from api.coverage.document import CoverageStudy
    from api.coverage.exports.ground import Ground
    from api.coverage.reach import Land
    from api.network.model import Network
    from geo.roads import Roads


def report_command(
    study: Annotated[Path, typer.Argument(metavar="STUDY.json", help="coverage.json của / of: duongthu coverage run.")],
    out: Annotated[Path, typer.Option("--out", help="Tệp .pdf, .docx, .xlsx, .gpkg hay / or .geojson.")],
    network: Annotated[
        Path | None,
        typer.Option(
            "--network",
            help="Thư mục mạng lưới, để vẽ đường sá, vùng phục vụ / Network folder, to draw roads and reached land.",
        ),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """
    Viết báo cáo của một nghiên cứu độ phủ / Write the report of a coverage study.

    The end of the file's name says which: a report as PDF or DOCX, a workbook, a GeoPackage or a GeoJSON file.
    """
    from api.coverage.exports.files import Form, study_file
    from api.coverage.reading import read_study

    voice = Voice(language(lang), as_json)
    form = out.suffix.removeprefix(".").lower()
    if form not in set(Form):
        known = ", ".join(f".{one}" for one in Form)
        raise RefusedError(
            f"{out}: đuôi tệp phải là một trong {known}.", f"{out}: the name must end in one of {known}."
        )
    require_target(out, (study, *([network] if network else [])))
    found = read_study(study)
    made = study_file(
        found,
        Form(form),
        voice.language,
        lambda: None if network is None else _ground(network, found),
        lambda: None if network is None else _land(network, found),
    )
    with whole_file(out) as file:
        file.write(made.content)
    voice.say(f"Đã ghi {out}.", f"Wrote {out}.")
    voice.result({"out": str(out), "bytes": len(made.content)})


def _ground(folder: Path, study: CoverageStudy) -> Ground:
    """Roads and communes of the network that the study was made of."""
    from api.coverage.exports.ground import ground_of
    from api.network.reader import read_network
    from api.plans.map_roads import road_map
    from api.plans.places import places
    from api.shipments.model import ShipmentList

    day = study.network.valid_on
    network = read_network(folder)
    communes = places(network, ShipmentList((), sha256=""), day).communes
    return ground_of(communes, road_map(_roads(network, study)))


def _land(folder: Path, study: CoverageStudy) -> tuple[Land, ...]:
    from api.coverage.reach import reached_land
    from api.network.reader import read_network

    return reached_land(study, _roads(read_network(folder), study), study.main_means)


def _roads(network: Network, study: CoverageStudy) -> Roads:
    """As the study was made with them."""
    from api.plans.roads import load_roads

    return load_roads(network, study.network.valid_on, settlements=True)
