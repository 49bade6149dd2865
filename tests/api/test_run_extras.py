"""A run's tables as Parquet and as pictures, checked on a run written by hand."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Rectangle

from api.commands.console import Voice
from api.errors import ExitCode, Language, NotFoundError, outcome
from api.simulation import charts, extras, pictures
from tests.api.run_files import BASES, DAYS, day, shipment, write_run


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "thang-12")


def test_every_table_is_written_with_its_types(run: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    extras.write_parquet(run)
    shown = {path.stem: parquet.read_table(path) for path in run.glob("*.parquet")}
    assert {name: table.num_rows for name, table in shown.items()} == {
        "events": 2, "rounds": 3, "bases": 3, "days": 3, "shipments": 3, "open": 2,
    }  # fmt: skip
    moment, text, number = "timestamp[ms, tz=Asia/Ho_Chi_Minh]", "string", "int64"
    types = {name: {field.name: str(field.type) for field in table.schema} for name, table in shown.items()}
    assert types["events"] == {"at": moment, **dict.fromkeys(("shipment", "type", "holder", "name", "reason"), text)}
    assert types["days"] == {**dict.fromkeys(DAYS[0], number), "day": "date32[day]", "is_working": "bool"}
    assert types["bases"] == {**dict.fromkeys(BASES[0], number), "day": "date32[day]", "base_id": text}
    rounds = types["rounds"]
    assert (rounds["day"], rounds["courier_id"], rounds["reserve"]) == ("date32[day]", text, "bool")
    assert {kind for name, kind in rounds.items() if name not in ("day", "courier_id", "base_id", "reserve")} == {
        number
    }
    assert types["open"] == types["shipments"]
    numbers = {"days_late", "tries", "invitations"}
    moments, days = {"ready_at", "accepted_at", "done_at"}, {"appointment_on", "due_on"}
    for name, kind in types["shipments"].items():
        assert kind == (
            number if name in numbers else moment if name in moments else "date32[day]" if name in days else text
        )


def test_cells_keep_their_meaning(run: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    extras.write_parquet(run)
    first, late, returned = parquet.read_table(run / "shipments.parquet").to_pylist()
    assert returned["code"] == "0003"  # a code is no number
    assert first["done_at"] == datetime(2026, 12, 4, 2, 30, tzinfo=UTC)
    assert first["done_at"].utcoffset() == timedelta(hours=7)
    assert (first["due_on"], first["appointment_on"], first["blame"]) == (date(2026, 12, 7), None, None)
    assert (late["days_late"], late["blame"], late["blame_where"]) == (3, "post", "B1")
    assert parquet.read_table(run / "open.parquet")["done_at"].to_pylist() == [None, None]
    assert parquet.read_table(run / "rounds.parquet")["reserve"].to_pylist() == [False, True, False]
    assert parquet.read_table(run / "days.parquet")["is_working"].to_pylist() == [True, False, True]


def test_a_table_without_rows_has_its_types_all_the_same(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    extras.write_parquet(write_run(tmp_path / "run", rounds=(), done=()))
    table = parquet.read_table(tmp_path / "run" / "rounds.parquet")
    assert (table.num_rows, str(table.schema.field("reserve").type)) == (0, "bool")


def test_a_number_that_is_none_is_not_taken_for_text(run: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import ArrowInvalid

    path = run / "days.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("30000", "30 km"), encoding="utf-8")
    with pytest.raises(ArrowInvalid, match="30 km"):
        extras.write_parquet(run)
    assert not (run / "days.parquet").exists()


@pytest.mark.parametrize("package", ["pyarrow", "matplotlib"])
def test_a_package_that_is_missing_is_named_with_the_way_to_get_it(
    package: str, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == package else find(name))
    asked = {
        "pyarrow": (extras.require_parquet, lambda: extras.write_parquet(run)),
        "matplotlib": (extras.require_plots, lambda: extras.draw_plots(run, "vi")),
    }
    for ask in asked[package]:
        with pytest.raises(NotFoundError) as caught:
            ask()
        assert outcome(caught.value).exit_code is ExitCode.NOT_FOUND
        for language in ("vi", "en"):
            said = caught.value.render(language)
            assert package in said
            assert "pip install 'duongthu[analysis]'" in said


# Pictures.

PICTURES = {"days": pictures._days, "due": pictures._due, "work": pictures._work, "bases": pictures._bases}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["vi", "en"])
def test_pictures_open_and_are_not_blank(language: Language, run: Path) -> None:
    made = extras.draw_plots(run, language)
    assert [path.relative_to(run).as_posix() for path in made] == [
        "plots/days.png", "plots/due.png", "plots/work.png", "plots/bases.png",
    ]  # fmt: skip
    for path in made:
        image = imread(path)
        height, width = image.shape[:2]
        assert width > 1000
        assert height > 300
        drawn = (image[..., :3] < 0.9).any(axis=2)
        assert 0.02 < drawn.mean() < 0.6, path
    assert sorted(path.name for path in (run / "plots").iterdir()) == ["bases.png", "days.png", "due.png", "work.png"]


def drawn(run: Path, name: str, language: Language = "vi") -> Figure:
    with charts.look():
        return PICTURES[name](pictures._Run.read(run), Voice(language, as_json=False))


def heights(axes: Axes) -> dict[str, list[float]]:
    """Of the bars of each series, by its name in the legend."""
    return {str(bars.get_label()): [bar.get_height() for bar in _bars(bars)] for bars in _containers(axes)}


def _containers(axes: Axes) -> Iterable[BarContainer]:
    return [one for one in axes.containers if isinstance(one, BarContainer)]


def _bars(container: BarContainer) -> list[Rectangle]:
    return list(container.patches)


def ticks(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_xticklabels()]


def test_days_show_what_each_day_added_and_what_was_left(run: Path) -> None:
    flow, left = drawn(run, "days").axes
    assert ticks(flow) == ["04/12", "05/12", "06/12", "07/12"]
    assert heights(flow) == {"đã nhận": [3, 0, 0, 1], "đã phát": [1, 0, 0, 1], "đã chuyển hoàn": [0, 0, 0, 1]}
    assert heights(left) == {"bưu chính đang giữ": [2, 2, 0, 1], "sẵn sàng nhưng chưa nhận": [1, 1, 0, 0]}


def test_due_dates_show_what_was_kept_and_who_was_late(run: Path) -> None:
    kept, late = drawn(run, "due", "en").axes
    assert ticks(kept) == ["04 Dec", "05 Dec", "06 Dec", "07 Dec"]  # what is not ready counts nowhere
    assert heights(kept) == {
        "early": [0, 0, 0, 1], "on the day": [0, 0, 0, 1], "late": [2, 0, 0, 0], "returned": [0] * 4,
        "not done, not late yet": [0] * 4,
    }  # fmt: skip
    assert heights(late) == {
        "the post": [1, 0, 0, 0], "the agency": [0] * 4, "the citizen": [1, 0, 0, 0],
        "an impossible due date": [0] * 4,
    }  # fmt: skip


def test_bars_stand_on_each_other(run: Path) -> None:
    _, late = drawn(run, "due").axes
    post, _, recipient, _ = _containers(late)
    assert (_bars(post)[0].get_y(), _bars(recipient)[0].get_y()) == (0, 1)
    assert late.get_ylim()[1] > 2


def test_long_spans_are_drawn_by_week(tmp_path: Path) -> None:
    """50 days from Friday, 4 December 2026: nine Mondays, the first of them before it."""
    first = date(2026, 12, 4)
    days = [day(str(first + timedelta(n)), accepted=n + 1, delivered=n // 2) for n in range(50)]
    done = [shipment("A", "2026-12-05", "early"), shipment("B", "2027-01-31", "late", days_late=1)]
    flow, left = drawn(write_run(tmp_path / "run", days=days, done=done), "days").axes
    assert ticks(flow)[:2] == ["30/11", "07/12"]
    assert heights(flow)["đã nhận"] == [3, *[7] * 6, 5]
    assert len(heights(left)["bưu chính đang giữ"]) == 50
    kept, _ = drawn(tmp_path / "run", "due").axes
    assert heights(kept)["trễ hạn"] == [1, *[0] * 7, 1]  # S4 of the first week, B of the last
    assert "theo tuần" in kept.get_title(loc="left")


def test_work_shows_kilometres_and_couriers_with_the_reserve_apart(run: Path) -> None:
    distance, couriers = drawn(run, "work").axes
    assert heights(distance) == {"km": [30, 0, 0, 12.5]}
    assert heights(couriers) == {"thường trực": [1, 0, 0, 1], "dự bị": [1, 0, 0, 0]}


def test_the_worst_bases_come_first(tmp_path: Path) -> None:
    """25 bases: B1 is late once, the others cost more the higher their number."""
    bases = [
        *BASES, *({**BASES[1], "base_id": f"C{number:02d}", "dong": 1_000_000 + number} for number in range(23)),
    ]  # fmt: skip
    late, km, dong = drawn(write_run(tmp_path / "run", bases=bases), "bases").axes
    names = [label.get_text() for label in late.get_yticklabels()]
    assert names == ["B1", *(f"C{number:02d}" for number in range(22, 3, -1))]
    widths = [[bar.get_width() for bar in _bars(next(iter(_containers(axes))))] for axes in (late, km, dong)]
    assert [row[0] for row in widths] == [1, 32.5, 160]
    assert widths[0][1:] == [0] * 19


@pytest.mark.slow
def test_a_run_in_which_nothing_happened_is_drawn_too(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", rounds=(), bases=(), done=())
    (run / "open.csv").write_text(
        (run / "open.csv").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
    )
    assert all(path.stat().st_size > 5_000 for path in extras.draw_plots(run, "vi"))


@pytest.mark.slow
def test_the_typeface_has_every_letter(run: Path) -> None:
    """Matplotlib warns of a letter that it lacks, and warnings are errors here."""
    renamed = run.rename(run.with_name("Đường thư $x$ – Thạch Hà ẵễợữ"))
    extras.draw_plots(renamed, "vi")
    figure = drawn(renamed, "days")
    assert "$x$" in figure.get_suptitle()
