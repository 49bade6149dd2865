"""Each kind of file that a study can be handed out as: its content, its type, and the name it is saved under."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from api.coverage.document import CoverageStudy
from api.coverage.exports.docx import report_docx
from api.coverage.exports.ground import Ground
from api.coverage.exports.layers import study_geojson, study_geopackage
from api.coverage.exports.pdf import report_pdf
from api.coverage.exports.report import study_report
from api.coverage.exports.workbook import study_workbook
from api.coverage.reach import Land
from api.errors import Language

Lay = Callable[[], Ground | None]
Draw = Callable[[], Sequence[Land] | None]


class Form(StrEnum):
    """As the end of a file's name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    GPKG = "gpkg"
    GEOJSON = "geojson"


MEDIA_TYPES = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.GPKG: "application/geopackage+sqlite3",
    Form.GEOJSON: "application/geo+json",
}


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A file to be saved."""

    name: str
    media_type: str
    content: bytes


def study_file(study: CoverageStudy, form: Form, language: Language, lay: Lay, draw: Draw) -> StudyFile:
    """
    Write a study as a file.

    Parameters
    ----------
    lay
        Gives what lies under the maps; asked only where there are maps.
    draw
        Gives the reached land; asked only for layers. None: it cannot be drawn, and the file says so.
    """
    name = f"do-phu-{study.network.valid_on:%Y%m%d}-{language}.{form}"
    return StudyFile(name, MEDIA_TYPES[form], _content(study, form, language, lay, draw))


def _content(study: CoverageStudy, form: Form, language: Language, lay: Lay, draw: Draw) -> bytes:
    match form:
        case Form.PDF:
            return report_pdf(study_report(study, language, lay()))
        case Form.DOCX:
            return report_docx(study_report(study, language, lay()))
        case Form.XLSX:
            return study_workbook(study, language)
        case Form.GPKG:
            return study_geopackage(study, language, draw())
        case Form.GEOJSON:
            return study_geojson(study, draw())
