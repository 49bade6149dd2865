from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import FerryOverrideError
from geo.ferry_overrides import COLUMNS, REASONS, FerryFault, FerryOverride, read_ferry_overrides
from geo.osm import read_roads
from geo.profiles import PROFILE_NAMES
from geo.report import DropReason, NoticeKind
from geo.roads import Roads
from tests.geo.samples import crossing, travel


def table(folder: Path, *lines: str, header: str = ",".join(COLUMNS)) -> Path:
    path = folder / "ferries.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    return path


def faults(path: Path) -> list[tuple[int | None, str | None, str, str]]:
    with pytest.raises(FerryOverrideError) as caught:
        read_ferry_overrides(path)
    return [(fault.row, fault.column, fault.code, fault.value) for fault in caught.value.faults]


def test_every_column_is_read(tmp_path: Path) -> None:
    rows = ('3,Phà An Hòa,yes,NO,,7.5,,20,"05:00-11:00,13:00-19:00"', "", ",,,,", "12,,,,yes,,2,,", "5")
    assert read_ferry_overrides(table(tmp_path, *rows)) == {
        3: FerryOverride(
            3, "Phà An Hòa", {"motorbike": True, "van": False}, crossing=450, interval=1200,
            opening_hours="05:00-11:00,13:00-19:00",
        ),
        12: FerryOverride(12, boards={"walk": True}, boarding=120),
        5: FerryOverride(5),
    }  # fmt: skip


def test_columns_may_be_missing_and_a_spreadsheet_may_write_semicolons(tmp_path: Path) -> None:
    path = table(tmp_path, "3;7,5;Mo-Su 05:00-19:00", header="\ufeffway;crossing_minutes;opening_hours")
    assert read_ferry_overrides(path) == {3: FerryOverride(3, crossing=450, opening_hours="Mo-Su 05:00-19:00")}


@pytest.mark.parametrize(
    ("row", "column", "code", "value"),
    [
        ("x", "way", "no_way_id", "x"),
        ("-3", "way", "no_way_id", "-3"),
        ("3.7E+08", "way", "no_way_id", "3.7E+08"),
        (",Phà", "way", "no_way_id", ""),
        ("3,,maybe", "motorbike", "not_yes_no", "maybe"),
        ("3,,,1", "van", "not_yes_no", "1"),
        ("3,,,,x", "walk", "not_yes_no", "x"),
        ("3,,,,,0", "crossing_minutes", "not_minutes", "0"),
        ("3,,,,,0.001", "crossing_minutes", "not_minutes", "0.001"),
        ("3,,,,,nan", "crossing_minutes", "not_minutes", "nan"),
        ("3,,,,,,-1", "boarding_minutes", "not_minutes", "-1"),
        ("3,,,,,,,1441", "interval_minutes", "not_minutes", "1441"),
        ("3,,,,,,,00:20", "interval_minutes", "not_minutes", "00:20"),
        ("3,,,,,,5,20", "interval_minutes", "two_waits", "20"),
        ("3,,,,,,,,sunrise-sunset", "opening_hours", "bad_hours", "sunrise-sunset"),
        ("3,,,,,,,,,x", None, "too_many_cells", "x"),
        ("7", "way", "repeated_way", "7"),
    ],
)
def test_bad_row_is_named_with_column_and_reason(
    tmp_path: Path, row: str, column: str | None, code: str, value: str
) -> None:
    assert faults(table(tmp_path, "7", row)) == [(3, column, code, value)]


def test_every_bad_row_is_named_at_once(tmp_path: Path) -> None:
    path = table(tmp_path, "3,,maybe,,,x", "", "4,,,,,,,,nonsense")
    assert [fault[:2] for fault in faults(path)] == [
        (2, "motorbike"), (2, "crossing_minutes"), (4, "opening_hours"),
    ]  # fmt: skip
    with pytest.raises(
        FerryOverrideError, match=r"ferries\.csv: row 2, column motorbike: 'maybe' is neither yes nor no"
    ):
        read_ferry_overrides(path)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("name,van", [(1, None, "no_way_column", "")]),
        ("way,boat,van,van", [(1, "boat", "unknown_column", "boat"), (1, "van", "repeated_column", "van")]),
        ("", [(1, None, "no_way_column", "")]),
        ("way,,van,", [(1, "", "unknown_column", "")]),
    ],
)
def test_bad_header_is_told(tmp_path: Path, header: str, expected: list[tuple[int, str, str, str]]) -> None:
    assert faults(table(tmp_path, "3", header=header)) == expected


@pytest.mark.parametrize("content", [b"way,name\n3,Ph\xe0\n", b'way,name\n3,"Ph'])
def test_what_is_no_csv_text_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ferries.csv"
    path.write_bytes(content)
    assert faults(path) == [(None, None, "not_csv", "")]


def test_missing_and_empty_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_ferry_overrides(tmp_path / "none.csv")
    (tmp_path / "empty.csv").touch()
    assert faults(tmp_path / "empty.csv") == [(1, None, "no_way_column", "")]


@given(st.text())
def test_no_text_crashes_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text("way,van,crossing_minutes,opening_hours\n" + text, encoding="utf-8", errors="replace")
    try:
        read_ferry_overrides(path)
    except FerryOverrideError as error:
        assert error.faults  # noqa: PT017 - any other error fails the test


def test_every_fault_has_its_reason() -> None:
    assert set(REASONS) == set(FerryFault)


@pytest.mark.parametrize(
    "times", [{"crossing": -1}, {"boarding": -1}, {"interval": -1}, {"boarding": 1, "interval": 1}]
)
def test_override_that_cannot_be_is_refused(times: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="way 3"):
        FerryOverride(3, **times)  # type: ignore[arg-type]


def build(folder: Path, override: FerryOverride, **tags: str) -> Roads:
    path = crossing(route="ferry", **tags).write(folder)
    return read_roads(path, ferry_overrides={override.way: override})


def test_override_wins_over_every_tag(tmp_path: Path) -> None:
    roads = build(
        tmp_path,
        FerryOverride(3, "Phà mới", {"van": True}, crossing=240, interval=600, opening_hours="05:00-19:00"),
        name="Phà cũ", motorcar="no", duration="00:20", interval="01:00", opening_hours="06:00-12:00",
    )  # fmt: skip
    assert [travel(roads[name], 1, 5)[0] for name in PROFILE_NAMES] == [240 + 300] * 3
    (ferry,) = roads.ferries
    assert (ferry.name, ferry.opening_hours) == ("Phà mới", "05:00-19:00")
    assert (ferry.crossing["van"], ferry.boarding["van"]) == (240, 300)


def test_empty_override_keeps_what_the_map_says(tmp_path: Path) -> None:
    tags = {"name": "Phà", "motorcar": "no", "duration": "00:20", "interval": "01:00", "opening_hours": "06:00-12:00"}
    plain = crossing(route="ferry", **tags).build(tmp_path)
    roads = build(tmp_path, FerryOverride(3), **tags)
    assert roads.ferries == plain.ferries
    assert roads["motorbike"].duration_ms.tolist() == plain["motorbike"].duration_ms.tolist()


def test_boarding_override_is_the_whole_waiting(tmp_path: Path) -> None:
    roads = build(tmp_path, FerryOverride(3, boarding=120), interval="01:00", duration="00:05")
    assert [travel(roads[name], 1, 5)[0] for name in PROFILE_NAMES] == [300 + 120] * 3


def test_one_profile_may_be_let_aboard_or_not_and_the_others_stay(tmp_path: Path) -> None:
    roads = build(tmp_path, FerryOverride(3, boards={"motorbike": True, "walk": False}))
    assert set(roads.ferries[0].crossing) == {"motorbike", "van"}
    roads = build(tmp_path, FerryOverride(3, boards={"van": True}), motor_vehicle="no")
    assert set(roads.ferries[0].crossing) == {"van", "walk"}


def test_ferry_closed_to_all_is_dropped_with_its_reason_and_stays_listed(tmp_path: Path) -> None:
    roads = build(tmp_path, FerryOverride(3, boards=dict.fromkeys(PROFILE_NAMES, False)))
    denied = {row.profile: row.count for row in roads.report.dropped if row.reason is DropReason.ACCESS_DENIED}
    assert denied == dict.fromkeys(PROFILE_NAMES, 1)
    assert [(ferry.way, ferry.crossing) for ferry in roads.ferries] == [(3, {})]


def test_override_with_an_impossible_crossing_is_told_and_the_length_counts(tmp_path: Path) -> None:
    roads = build(tmp_path, FerryOverride(3, crossing=10), duration="00:05")
    assert travel(roads["van"], 1, 5)[0] == 613
    assert [notice.kind for notice in roads.report.notices] == [NoticeKind.FERRY_TIME]


@pytest.mark.parametrize("way", [1, 99])
def test_override_for_what_is_no_ferry_is_told(tmp_path: Path, way: int) -> None:
    roads = build(tmp_path, FerryOverride(way, crossing=60))
    (notice,) = roads.report.notices
    assert (notice.kind, notice.detail, notice.example) == (NoticeKind.FERRY_OVERRIDE, f"way {way}", f"way {way}")
