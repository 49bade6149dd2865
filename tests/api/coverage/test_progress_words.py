"""What a study says while it is made: in the user's language."""

from __future__ import annotations

from datetime import UTC, datetime

from api.coverage.assumptions import Assumptions
from api.coverage.memo import Store
from api.coverage.study import StudyOptions, make_study
from api.plans.schemas import Words
from tests.api.coverage.line_province import Here, line_situation


def test_progress_names_the_means_in_words() -> None:
    told = dict[str, str]()

    def tell(words: Words, _done: int, _total: int) -> None:
        told[words.vi] = words.en

    make_study(
        line_situation(),
        Assumptions(warm_up_days=0),
        StudyOptions(iterations=1, kinds=()),
        executor=Here(),
        store=Store(None),
        created_at=datetime(2026, 9, 7, tzinfo=UTC),
        on_progress=tell,
    )
    assert told["Chọn nơi mở điểm (đi bộ)"] == "Choosing where to build (on foot)"
    assert told["Chọn nơi mở điểm (xe máy)"] == "Choosing where to build (by motorbike)"
    assert not [words for words in told if "walk" in words or "motorbike" in words]
