"""The director's report of a study: one content, of which PDF and DOCX are written."""

from __future__ import annotations

from api.coverage.document import CoverageStudy
from api.coverage.exports.blocks import NewPage, Report
from api.coverage.exports.ground import Ground
from api.coverage.exports.sections.answers import answers
from api.coverage.exports.sections.choosing import efficient, frontiers
from api.coverage.exports.sections.grounds import assumptions, signing
from api.coverage.exports.sections.remedies import appendix, prices
from api.coverage.exports.sections.scenarios import scenarios
from api.coverage.exports.sections.situation import as_it_is, asked
from api.coverage.exports.wording import Wording
from api.errors import Language


def study_report(study: CoverageStudy, language: Language, ground: Ground | None = None) -> Report:
    """
    Write the report of a study.

    Parameters
    ----------
    ground
        What lies under the maps; None = nothing but places and posts.
    """
    w, below = Wording(language), ground or Ground()
    day = w.day(study.network.valid_on)
    return Report(
        office=w.text(f"BƯU ĐIỆN TỈNH · {study.network.name}", f"PROVINCIAL POST · {study.network.name}"),
        title=w.text("Báo cáo phương án phủ điểm phục vụ bưu chính", "Report on covering places without a post"),
        subtitle=w.text(f"Mạng lưới có hiệu lực ngày {day}", f"The network in force on {day}"),
        footer=f"{study.network.name} · {study.network.valid_on:%d/%m/%Y} · {study.software}",
        language=language,
        blocks=[
            *asked(study, w),
            *answers(study, w),
            *as_it_is(study, below, w),
            *prices(study, w),
            *frontiers(study, w),
            *efficient(study, below, w),
            *scenarios(study, below, w),
            *assumptions(study, w),
            *signing(w),
            NewPage(),
            *appendix(study, w),
        ],
    )
