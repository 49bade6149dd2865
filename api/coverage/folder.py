"""
The folder of a study: `coverage.json` when it is whole, and what has been solved until then.

A run that was cut off is taken up again with the same inputs; what it had solved is not solved again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from api.coverage.assumptions import Assumptions
from api.coverage.document import CoverageStudy
from api.coverage.memo import Store
from api.coverage.situation import Situation
from api.coverage.study import StudyOptions
from api.errors import ExistsError, NotFoundError
from api.targets import whole_file
from api.version import SOFTWARE

STUDY, RUN, KNOWN = "coverage.json", "run.json", "known.sqlite"


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """Where a study is made."""

    path: Path
    store: Store

    @classmethod
    def open(
        cls, path: Path, situation: Situation, assumptions: Assumptions, options: StudyOptions, *, resume: bool
    ) -> StudyFolder:
        """
        Begin a study, or take it up again.

        Raises
        ------
        ExistsError
            When the folder holds something already, or a run of other inputs.
        NotFoundError
            When there is no run to go on with.
        """
        require_room(path, resume=resume)
        about = inputs_of(situation, assumptions, options)
        if resume:
            _require_same(path, about)
        else:
            path.mkdir(parents=True, exist_ok=True)
            with whole_file(path / RUN) as file:
                file.write(json.dumps(about, indent=1, ensure_ascii=False).encode())
        return cls(path, Store(path / KNOWN))

    def close(self, study: CoverageStudy) -> None:
        """Write the study down; what was solved for it stays beside it."""
        write_study(study, self.path / STUDY)
        self.store.close()


def inputs_of(situation: Situation, assumptions: Assumptions, options: StudyOptions) -> dict[str, Any]:
    """
    What everything that was solved depends on.

    Not how many demands are drawn, nor the scenarios: more of them may be wanted later, and what is known of one is
    kept by what it asks for.
    """
    asked = asdict(options)
    del asked["draws"], asked["scenarios"]
    return {
        "software": SOFTWARE,
        "network": situation.network.sha256,
        "roads": situation.roads.sha256,
        "day": situation.day.isoformat(),
        "assumptions": json.loads(json.dumps(asdict(assumptions))),
        "options": json.loads(json.dumps(asked, default=str)),
    }


def write_study(study: CoverageStudy, path: Path) -> None:
    """Write `coverage.json`: there only once it is whole."""
    content = study.model_dump(mode="json", by_alias=True)
    with whole_file(path) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")


def require_room(path: Path, *, resume: bool) -> None:
    """
    Look at the folder before anything is read.

    Raises
    ------
    ExistsError
        When a new run finds something in it.
    NotFoundError
        When there is no run to go on with.
    """
    if resume:
        if not (path / RUN).is_file():
            raise NotFoundError(f"{path} không có lượt chạy nào dở.", f"There is no run to go on with in {path}.")
    elif path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ExistsError(
            f"{path} đã có nội dung; chọn thư mục khác, hoặc --resume để chạy tiếp.",
            f"{path} is not empty; choose another folder, or --resume to go on.",
        )


def _require_same(path: Path, about: Mapping[str, Any]) -> None:
    known = json.loads((path / RUN).read_text(encoding="utf-8"))
    if changed := sorted(key for key in {*known, *about} if known.get(key) != about.get(key)):
        listed = ", ".join(changed)
        raise ExistsError(
            f"Lượt chạy trong {path} dùng dữ liệu hoặc tùy chọn khác: {listed}.",
            f"The run in {path} was made with other inputs or options: {listed}.",
        )
