"""Coverage studies over HTTP; the study itself is `api.coverage.document.CoverageStudy`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.auth.schemas import Strict
from api.coverage.document import CoverageStudy, Means
from api.coverage.studies.store import StoredStudy
from api.jobs.schemas import JobAnswer, job_answer


class StudyFigures(Strict):
    """What a list tells of a study that was computed."""

    places: int
    without_post: int
    people: int
    people_within: int
    """Within the main limit, by the main means."""
    main_means: Means
    main_minutes: int
    remedies: int
    scenarios: int
    synthetic_roads: bool


class StudyAnswer(Strict):
    """A study that was asked for."""

    study_id: str
    province_id: str
    day: date
    title: str
    asked: dict[str, Any]
    figures: StudyFigures | None
    """None = it is not computed yet, and may never be: see `job`."""
    job: JobAnswer
    created_at: datetime


class StudyList(Strict):
    """A page of studies, the newest first."""

    studies: tuple[StudyAnswer, ...]
    next_after: str | None = Field(description="For the next page; none = that was all.")


def study_answer(study: StoredStudy) -> StudyAnswer:
    return StudyAnswer(
        study_id=study.study_id,
        province_id=study.province_id,
        day=date.fromisoformat(study.day),
        title=study.title,
        asked=study.asked,
        figures=None if study.figures is None else StudyFigures(**study.figures),
        job=job_answer(study.job),
        created_at=study.created_at,
    )


def figures_of(study: CoverageStudy) -> dict[str, Any]:
    """`StudyFigures` of a study, as the table has them."""
    return StudyFigures(
        places=len(study.places),
        without_post=len(study.without_post),
        people=sum(place.people for place in study.places),
        people_within=study.reached.people.get(study.main_means, {}).get(study.main_minutes, 0),
        main_means=study.main_means,
        main_minutes=study.main_minutes,
        remedies=len(study.remedies),
        scenarios=len(study.scenarios),
        synthetic_roads=study.network.roads.synthetic,
    ).model_dump(mode="json")
