from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import TracesError
from geo.traces import Trace, read_traces

HEADER = "trace,time,lon,lat\n"
GPX = '<?xml version="1.0"?>\n<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
NOON = 1_700_000_000


def gpx(*segments: str) -> str:
    return GPX.format("<metadata><time>2001-01-01T00:00:00Z</time></metadata><trk><name>a</name>"
                      + "".join(f"<trkseg>{segment}</trkseg>" for segment in segments) + "</trk>")  # fmt: skip


def point(time: str, lon: str = "105.4", lat: str = "10.3") -> str:
    return f'<trkpt lat="{lat}" lon="{lon}"><ele>2</ele><time>{time}</time></trkpt>\n'


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def faults(path: Path) -> tuple[tuple[str, int | None, str], ...]:
    with pytest.raises(TracesError) as caught:
        read_traces(path)
    return caught.value.faults


def test_gpx_and_csv_say_the_same(tmp_path: Path) -> None:
    times = ["2023-11-14T22:13:20Z", "2023-11-15T05:13:30+07:00", "2023-11-14T22:13:40.500Z"]
    from_gpx = read_traces(write(tmp_path, "a.gpx", gpx("".join(point(time) for time in times))))
    rows = "".join(f"k;{time};105.4;10.3;{accuracy}\n" for time, accuracy in zip(times, ("", "7.5", "0"), strict=True))
    from_csv = read_traces(write(tmp_path, "a.csv", "\ufeffTrace;time;lon;lat;accuracy_m\n" + rows))
    assert from_gpx.parts[0].time.tolist() == from_csv.parts[0].time.tolist() == [NOON, NOON + 10, NOON + 20.5]
    assert (from_gpx.names(), from_csv.names()) == ({"a.gpx trk 1"}, {"a.csv k"})
    assert (from_gpx.parts[0].lon[0], from_csv.parts[0].lat[0]) == (105.4, 10.3)
    assert np.isnan(from_gpx.parts[0].accuracy).all()
    assert from_csv.parts[0].accuracy.tolist()[1:] == [7.5, 0]


def test_epoch_seconds_and_other_columns_are_taken(tmp_path: Path) -> None:
    text = f"speed,lat,lon,time,trace\n1,10,105,{NOON},k\n1,10,105,{NOON + 9},k\n"
    assert read_traces(write(tmp_path, "a.csv", text)).parts[0].time.tolist() == [NOON, NOON + 9]


def test_disorder_repetition_and_gaps_are_mended_and_counted(tmp_path: Path) -> None:
    seconds = [0, 30, 10, 10, 20, 200, 210, 400]
    text = HEADER + "".join(f"k,{NOON + second},105.{index},10\n" for index, second in enumerate(seconds))
    read = read_traces(write(tmp_path, "a.csv", text))
    assert [(part.time - NOON).tolist() for part in read.parts] == [[0, 10, 20, 30], [200, 210]]
    assert read.parts[0].lon.tolist() == [105.0, 105.2, 105.4, 105.1]  # the first of those at 10 s
    assert (read.fixes, read.late, read.repeated, read.gaps, read.lonely) == (8, 3, 1, 2, 1)
    assert len(read.names()) == 1


def test_the_gap_is_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", HEADER + "".join(f"k,{NOON + s},105,10\n" for s in (0, 100, 350)))
    assert len(read_traces(path, gap_minutes=5).parts) == 1
    with pytest.raises(ValueError, match="above 0"):
        read_traces(path, gap_minutes=0)


def test_vague_fixes_are_left_out_and_counted(tmp_path: Path) -> None:
    text = "trace,time,lon,lat,accuracy_m\n" + "".join(f"k,{NOON + s},105,10,{s}\n" for s in (0, 50, 51))
    read = read_traces(write(tmp_path, "a.csv", text))
    assert (read.vague, read.parts[0].accuracy.tolist()) == (1, [0, 50])


def test_a_folder_is_read_whole_and_other_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    write(tmp_path / "inner", "A.GPX", gpx(point("2023-11-14T22:13:20Z") + point("2023-11-14T22:13:25Z"), ""))
    write(tmp_path, "b.csv", HEADER + f"k,{NOON},105,10\nl,{NOON},105,10\nk,{NOON + 5},105,10\nl,{NOON + 5},105,10\n")
    write(tmp_path, "notes.txt", "-")
    read = read_traces(tmp_path)
    assert read.names() == {"inner/A.GPX trk 1", "b.csv k", "b.csv l"}
    assert (read.files, read.ignored, read.fixes) == (2, ("notes.txt",), 6)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("k,2023-11-14T22:13:20,105,10", "no zone"),
        ("k,yesterday,105,10", "neither ISO 8601 nor epoch"),
        ("k,1700000000000,105,10", "outside 2000"),
        ("k,nan,105,10", "outside 2000"),
        ("k,,105,10", "time is missing"),
        ("k,1700000000,10.3,105.4", "swapped"),
        ("k,1700000000,1e9,10", "outside -180"),
        ("k,1700000000,nan,10", "outside -180"),
        ("k,1700000000,east,10", "no number"),
        ("k,1700000000,105", "lat is missing"),
        (",1700000000,105,10", "trace is empty"),
        ("k,1700000000,105,10,-3", "no length"),
        ("k,1700000000,105,10,inf", "no length"),
    ],
)
def test_bad_row_is_named_and_nothing_is_taken(tmp_path: Path, row: str, reason: str) -> None:
    text = f"trace,time,lon,lat,accuracy_m\nk,{NOON},105,10,\n{row}\n"
    [(file, line, said)] = faults(write(tmp_path, "a.csv", text))
    assert (file, line) == ("a.csv", 3)
    assert reason in said


def test_every_bad_row_of_every_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER + "k,1,105,10\nk,2,105,10\n")
    write(tmp_path, "b.gpx", gpx("\n" + point("soon")))
    assert [(file, row) for file, row, _ in faults(tmp_path)] == [("a.csv", 2), ("a.csv", 3), ("b.gpx", 3)]


BOMB = '<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<gpx><trk><name>&b;</name></trk></gpx>'
LEAK = '<!DOCTYPE gpx SYSTEM "file:///etc/passwd">\n<gpx/>'


@pytest.mark.parametrize(
    ("name", "content", "row", "reason"),
    [
        ("a.gpx", BOMB, 1, "entities are refused"),
        ("a.gpx", LEAK, 1, "entities are refused"),
        ("a.gpx", BOMB.encode("utf-16"), 1, "entities are refused"),
        ("a.gpx", "<gpx>&b;</gpx>", 1, "no XML"),
        ("a.gpx", "<kml/>", 1, "no GPX file"),
        ("a.gpx", "", 1, "no XML"),
        ("a.gpx", "<gpx>\n<trk>", 2, "no XML"),
        ("a.gpx", gpx("<trkpt lat='1' lon='1'/>"), 2, "time is missing"),
        ("a.gpx", gpx("<trkpt lon='1'><time>2023-11-14T22:13:20Z</time></trkpt>"), 2, "lat is missing"),
        ("a.gpx", gpx(""), None, "no fix"),
        ("a.csv", "", 1, "column trace, time, lon, lat"),
        ("a.csv", "trace,time,lon\n", 1, "column lat"),
        ("a.csv", HEADER, None, "no fix"),
        ("a.csv", b"trace,time,lon,lat\n\xff\xfe,1,1,1\n", None, "not UTF-8"),
        ("a.csv", HEADER + 'k,"1700000000,105,10\n', None, "no CSV"),
        ("a.kml", "", None, ".gpx or .csv"),
    ],
)
def test_bad_file_is_named(tmp_path: Path, name: str, content: str | bytes, row: int | None, reason: str) -> None:
    [(file, found, said)] = faults(write(tmp_path, name, content))
    assert (file, found) == (name, row)
    assert reason in said


def test_missing_and_empty_folders_are_told(tmp_path: Path) -> None:
    assert "no .gpx or .csv" in faults(tmp_path)[0][2]
    with pytest.raises(FileNotFoundError):
        read_traces(tmp_path / "none")


def test_a_trace_that_goes_back_in_time_is_refused() -> None:
    two = np.zeros(2)
    with pytest.raises(ValueError, match="rises"):
        Trace("k", two, two, two, two)
    with pytest.raises(ValueError, match="one length"):
        Trace("k", np.arange(3.0), two, two, two)


@given(st.lists(st.integers(0, 2_000), min_size=1, max_size=40))
def test_no_fix_is_lost_without_being_counted(tmp_path_factory: pytest.TempPathFactory, seconds: list[int]) -> None:
    text = HEADER + "".join(f"k,{NOON + second},105,10\n" for second in seconds)
    read = read_traces(write(tmp_path_factory.mktemp("t"), "a.csv", text))
    times = [time for part in read.parts for time in part.time.tolist()]
    assert times == sorted(set(times))
    assert len(times) + read.repeated + read.lonely == read.fixes == len(seconds)
    assert all(np.diff(part.time).max() <= 120 for part in read.parts)
