"""GPS traces of couriers: GPX and CSV files read into arrays, put in order and cut where nothing was recorded."""

import csv
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray
from geo.errors import TracesError

SUFFIXES = (".gpx", ".csv")
COLUMNS = ("trace", "time", "lon", "lat")
"""Columns that a CSV file has; `accuracy_m` may be there, all others are left alone."""

GAP_MINUTES = 2.0
"""After so long without a fix one knows neither the way taken nor whether the courier stood."""
WORST_ACCURACY = 50.0
"""Metres: a fix that its own receiver trusts less says nothing about the road."""

_EPOCH = (946_684_800.0, 4_102_444_800.0)  # 2000 to 2100: milliseconds, or days of a spreadsheet, lie outside
_MOST_FAULTS = 50  # named of one file


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """
    Where somebody was, at rising times, without a gap.

    Raises
    ------
    ValueError
        When the columns differ in length, or time does not rise.
    """

    name: str
    """File, and the track in it; the parts of a trace that was cut share it."""
    time: FloatArray
    """Shape (k,), seconds since 1970 UTC."""
    lon: FloatArray
    """Shape (k,), degrees."""
    lat: FloatArray
    """Shape (k,), degrees."""
    accuracy: FloatArray
    """Shape (k,), metres as the receiver says; NaN = it does not."""

    def __post_init__(self) -> None:
        if not self.time.size == self.lon.size == self.lat.size == self.accuracy.size:
            raise ValueError(f"{self.name}: times, places and accuracies are of one length")
        if np.any(np.diff(self.time) <= 0):
            raise ValueError(f"{self.name}: time rises from fix to fix")

    def points(self) -> FloatArray:
        """Shape (k, 2), degrees, (lon, lat)."""
        return np.column_stack((self.lon, self.lat))

    def take(self, rows: slice | NDArray[np.bool_]) -> "Trace":
        """Some of its fixes, in the same order."""
        return Trace(self.name, self.time[rows], self.lon[rows], self.lat[rows], self.accuracy[rows])


@dataclass(frozen=True, slots=True)
class Traces:
    """What was read, and what became of it."""

    parts: tuple[Trace, ...]
    """Two fixes at least in each."""
    files: int
    ignored: tuple[str, ...]
    """Files of the folder that are neither GPX nor CSV."""
    fixes: int
    """All that were read."""
    late: int
    """Fixes that stood after a younger one, put in their place."""
    repeated: int
    """Fixes at a time that their trace already had: the first counts."""
    vague: int
    """Fixes left out for an accuracy beyond `WORST_ACCURACY`."""
    gaps: int
    """Places where a trace was cut."""
    lonely: int
    """Fixes left out because no other one is near in time."""

    def names(self) -> set[str]:
        """Every trace once, however often it was cut."""
        return {part.name for part in self.parts}


def read_traces(path: Path, *, gap_minutes: float = GAP_MINUTES) -> Traces:
    """
    Read a GPX or CSV file, or all of a folder and the folders in it.

    Parameters
    ----------
    path
        GPX 1.0 or 1.1 with `trk/trkseg/trkpt` and their `time`; CSV with the columns of `COLUMNS` and perhaps
        `accuracy_m`, split by comma, semicolon or tab. Times are ISO 8601 with a zone, in CSV also epoch seconds.
    gap_minutes
        A longer silence cuts a trace.

    Raises
    ------
    TracesError
        When anything cannot be read: it names file, row and reason, and nothing was taken.
    FileNotFoundError
        When there is no such file or folder.
    ValueError
        When the gap is no positive time.
    """
    if not gap_minutes > 0:
        raise ValueError(f"gap_minutes must be above 0, got {gap_minutes}")
    files, ignored = _files(path)
    logs = [_read(file, _name(file, path)) for file in files]
    faults = [fault for log in logs for fault in log.faults]
    if not faults and not any(log.tracks for log in logs):
        faults = [(path.name, None, "there is no fix in it")]
    if faults:
        raise TracesError(faults)
    return _ordered(logs, gap_minutes * 60, ignored)


class _Log:
    """The fixes of one file as they come, and the rows that cannot be used."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.tracks: dict[tuple[str, int], array[float]] = {}
        """Time, lon, lat, accuracy of each fix, by trace and segment."""
        self.faults: list[tuple[str, int | None, str]] = []

    def complain(self, row: int | None, reason: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append((self.file, row, reason))

    def add(self, track: tuple[str, int], row: int, values: dict[str, str | None]) -> None:
        """Take one fix; `values` holds texts by column."""
        try:
            time, lon, lat = _time(_text(values, "time")), _degrees(values, "lon", 180), _degrees(values, "lat", 90)
            accuracy = _accuracy(values.get("accuracy_m"))
        except ValueError as error:
            self.complain(row, str(error))
            return
        self.tracks.setdefault(track, array("d")).extend((time, lon, lat, accuracy))


def _files(path: Path) -> tuple[list[Path], tuple[str, ...]]:
    if not path.exists():
        raise FileNotFoundError(path)
    if not path.is_dir():
        if path.suffix.lower() not in SUFFIXES:
            raise TracesError([(path.name, None, "traces are .gpx or .csv files")])
        return [path], ()
    found = sorted(file for file in path.rglob("*") if file.is_file())
    files = [file for file in found if file.suffix.lower() in SUFFIXES]
    if not files:
        raise TracesError([(path.name, None, "there is no .gpx or .csv file in the folder")])
    return files, tuple(_name(file, path) for file in found if file not in set(files))


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if root.is_dir() else file.name


def _read(file: Path, name: str) -> _Log:
    log = _Log(name)
    if file.suffix.lower() == ".gpx":
        _GpxReader(log).read(file)
    else:
        _read_csv(file, log)
    return log


def _read_csv(file: Path, log: _Log) -> None:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            header = stream.readline()
            stream.seek(0)
            reader = csv.DictReader(stream, delimiter=max(",;\t", key=header.count), strict=True)
            reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
            missing = [name for name in COLUMNS if name not in reader.fieldnames]
            if missing:
                log.complain(1, f"the column {', '.join(missing)} is missing")
                return
            for row in reader:
                _add_row(log, reader.line_num, row)
    except UnicodeDecodeError:
        log.complain(None, "the text is not UTF-8")
    except csv.Error as error:
        log.complain(None, f"it is no CSV file: {error}")


def _add_row(log: _Log, line: int, row: dict[str, str | None]) -> None:
    trace = (row["trace"] or "").strip()
    if trace:
        log.add((f"{log.file} {trace}", 0), line, row)
    else:
        log.complain(line, "trace is empty")


class _GpxReader:
    """Reads track points with expat, which knows the line it is at and asks before it reads a document type."""

    def __init__(self, log: _Log) -> None:
        self._log = log
        self._path: list[str] = []
        self._track = self._segment = self._line = 0
        self._values: dict[str, str | None] = {}
        self._text = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, file: Path) -> None:
        try:
            with file.open("rb") as stream:
                self._parser.ParseFile(stream)
        except expat.ExpatError as error:
            self._log.complain(error.lineno, f"it is no XML: {expat.ErrorString(error.code)}")
        except ValueError as error:
            self._log.complain(self._parser.CurrentLineNumber, str(error))

    def _refuse(self, *_: object) -> None:
        """Entities can make a small file huge, or read other files; GPX needs none of that."""
        raise ValueError("a GPX file has no document type, and entities are refused")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(" ")[2])
        self._text = ""
        match self._path:
            case [root] if root != "gpx":
                raise ValueError(f"it is no GPX file: it begins with <{root}>")
            case ["gpx", "trk"]:
                self._track, self._segment = self._track + 1, 0
            case ["gpx", "trk", "trkseg"]:
                self._segment += 1
            case ["gpx", "trk", "trkseg", "trkpt"]:
                self._values, self._line = {**attributes}, self._parser.CurrentLineNumber

    def _characters(self, text: str) -> None:
        self._text += text

    def _end(self, _name: str) -> None:
        match self._path:
            case ["gpx", "trk", "trkseg", "trkpt"]:
                self._log.add((f"{self._log.file} trk {self._track}", self._segment), self._line, self._values)
            case ["gpx", "trk", "trkseg", "trkpt", "time"]:
                self._values["time"] = self._text
        self._path.pop()
        self._text = ""


def _text(values: dict[str, str | None], name: str) -> str:
    text = (values.get(name) or "").strip()
    if not text:
        raise ValueError(f"{name} is missing")
    return text


def _time(text: str) -> float:
    """Seconds since 1970."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = _iso_seconds(text)
    if not _EPOCH[0] <= seconds <= _EPOCH[1]:
        raise ValueError(f"time {text} lies outside 2000 ... 2100: ISO 8601 with a zone, or epoch seconds")
    return seconds


def _iso_seconds(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"time {text!r} is neither ISO 8601 nor epoch seconds") from None
    if moment.tzinfo is None:
        raise ValueError(f"time {text} has no zone; write for example {text}+07:00")
    return moment.timestamp()


def _degrees(values: dict[str, str | None], name: str, most: int) -> float:
    text = _text(values, name)
    degrees = _number(text, name)
    if not abs(degrees) <= most:
        swapped = "; are lon and lat swapped?" if name == "lat" and abs(degrees) <= 180 else ""
        raise ValueError(f"{name} {text} lies outside -{most} ... {most}{swapped}")
    return degrees


def _accuracy(text: str | None) -> float:
    if not (text or "").strip():
        return float("nan")
    metres = _number(str(text).strip(), "accuracy_m")
    if not 0 <= metres < float("inf"):
        raise ValueError(f"accuracy_m {text} is no length in metres")
    return metres


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} {text!r} is no number") from None


def _ordered(logs: list[_Log], gap: float, ignored: tuple[str, ...]) -> Traces:
    parts: list[Trace] = []
    fixes = late = repeated = vague = gaps = lonely = 0
    for name, track in ((name, track) for log in logs for (name, _), track in log.tracks.items()):
        columns = np.array(track).reshape(-1, 4).T
        time = columns[0]
        fixes += time.size
        late += int((time < np.maximum.accumulate(time)).sum())
        order, again = _order(time)
        repeated += again
        good = order[~(columns[3][order] > WORST_ACCURACY)]
        vague += order.size - good.size
        pieces = list(_uncut(Trace(name, *(column[good] for column in columns)), gap))
        gaps += max(len(pieces) - 1, 0)
        lonely += sum(piece.time.size == 1 for piece in pieces)
        parts += [piece for piece in pieces if piece.time.size > 1]
    return Traces(tuple(parts), len(logs), ignored, fixes, late, repeated, vague, gaps, lonely)


def _order(time: FloatArray) -> tuple[NDArray[np.intp], int]:
    """Indexes by time, each time once (its first row), and how many were left out."""
    _, first = np.unique(time, return_index=True)
    return first, time.size - first.size


def _uncut(trace: Trace, gap: float) -> Iterator[Trace]:
    cuts = np.flatnonzero(np.diff(trace.time) > gap) + 1
    for first, last in pairwise((0, *cuts.tolist(), trace.time.size)):
        if last > first:
            yield trace.take(slice(first, last))
