"""
The folder of a run: what happened, as tables that grow day by day, and the state to go on from.

The tables are only ever as long as the last saved state says: a run that was cut off in the middle of a day is taken
up at that day's beginning, and nothing stands there twice.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from api.errors import ExistsError, InputError, NotFoundError, RowError
from api.shipments.model import Shipment
from api.simulation import saving
from api.simulation.items import Item
from api.simulation.records import DayRecord
from api.simulation.rows import ROUNDS, SHIPMENTS, TABLES, base_rows, day_row, event_row, shipment_row
from api.simulation.run import Simulation, State

RUN, STATE, OPEN, PLOTS = "run.json", "state.json", "open.csv", "plots"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where a run is written."""

    path: Path

    @classmethod
    def create(cls, path: Path, about: Mapping[str, Any]) -> RunFolder:
        """
        Begin a run.

        Parameters
        ----------
        about
            What makes this run what it is: hashes of its inputs, seed, options.

        Raises
        ------
        ExistsError
            When the folder holds something already.
        """
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise ExistsError(
                f"{path} đã có nội dung; chọn thư mục khác, hoặc --resume để chạy tiếp.",
                f"{path} is not empty; choose another folder, or --resume to go on.",
            )
        path.mkdir(parents=True, exist_ok=True)
        for name, columns in TABLES.items():
            (path / name).write_text(",".join(columns) + "\n", encoding="utf-8")
        _write_whole(path / RUN, json.dumps(about, indent=1, ensure_ascii=False))
        return cls(path)

    @classmethod
    def reopen(cls, path: Path, about: Mapping[str, Any]) -> RunFolder:
        """
        Take a run up again.

        Raises
        ------
        NotFoundError
            When there is no saved run.
        ExistsError
            When it was made from other inputs or with other options.
        """
        if not (path / STATE).is_file():
            raise NotFoundError(f"{path} không có lượt mô phỏng nào đã lưu.", f"There is no saved run in {path}.")
        known = json.loads((path / RUN).read_text(encoding="utf-8"))
        if changed := sorted(key for key in {*known, *about} if known.get(key) != about.get(key)):
            listed = ", ".join(changed)
            raise ExistsError(
                f"Lượt mô phỏng trong {path} dùng dữ liệu hoặc tùy chọn khác: {listed}.",
                f"The run in {path} was made with other inputs or options: {listed}.",
            )
        return cls(path)

    def load(self, shipments: Mapping[str, Shipment]) -> State:
        """
        Go back to the end of the last saved day; until the run is closed again, it is no finished one.

        What was made from the tables (Parquet, pictures) goes: it would be of another span.

        Raises
        ------
        NotFoundError
            When a table lost rows since the state was saved.
        InputError
            When the state cannot be read.
        """
        try:
            saved = json.loads((self.path / STATE).read_text(encoding="utf-8"))
            state = saving.load(json.dumps(saved["state"]), shipments)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError([_unreadable(error)]) from error
        self._require_rows(saved["sizes"])
        for made in (self.path / OPEN, *self.path.glob("*.parquet"), *(self.path / PLOTS).glob("*.png")):
            made.unlink(missing_ok=True)
        for name, size in saved["sizes"].items():
            os.truncate(self.path / name, size)
        return state

    def _require_rows(self, sizes: Mapping[str, int]) -> None:
        for table, size in ((self.path / name, size) for name, size in sizes.items()):
            if not table.is_file() or table.stat().st_size < size:
                raise NotFoundError(
                    f"{table} thiếu dòng đã lưu: có ai đã sửa hoặc xóa tệp này.",
                    f"{table} lacks rows that were saved: somebody has changed or removed it.",
                )

    def add(self, record: DayRecord, simulation: Simulation) -> None:
        """Write a day down, then the state after it."""
        state = simulation.state
        self._append("events.csv", (event_row(event) for event in sorted(record.events, key=lambda event: event.at)))
        self._append("rounds.csv", ([getattr(row, name) for name in ROUNDS] for row in record.rounds))
        self._append("bases.csv", base_rows(record, state))
        self._append("days.csv", [day_row(record, state)])
        self._append("shipments.csv", (shipment_row(item, state.next_day) for item in record.done))
        self.save(state)

    def save(self, state: State) -> None:
        """Make this the state to go on from."""
        sizes = {name: (self.path / name).stat().st_size for name in TABLES}
        text = json.dumps({"sizes": sizes, "state": json.loads(saving.save(state))}, ensure_ascii=False)
        _write_whole(self.path / STATE, text)

    def close(self, simulation: Simulation) -> None:
        """List what is not done at the end: under way, or not ready yet."""
        ready = (shipment_row(item, simulation.state.next_day) for item in simulation.state.items.values())
        waiting = (
            shipment_row(Item(shipment, shipment.ready_at), simulation.state.next_day)
            for shipment in simulation.waiting
        )
        _write_whole(self.path / OPEN, _csv([SHIPMENTS, *ready, *waiting]))

    def _append(self, name: str, rows: Iterable[Iterable[Any]]) -> None:
        with (self.path / name).open("a", encoding="utf-8", newline="") as file:
            file.write(_csv(rows))
            file.flush()
            os.fsync(file.fileno())


def _unreadable(error: Exception) -> RowError:
    return RowError(
        file=STATE,
        row=None,
        column=None,
        code="bad_state",
        message_vi=f"không đọc được trạng thái đã lưu, tệp đã bị thay đổi: {error}",
        message_en=f"the saved state cannot be read, the file was changed: {error}",
    )


def _csv(rows: Iterable[Iterable[Any]]) -> str:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else value


def _write_whole(path: Path, text: str) -> None:
    """A file that is the old one or the new one, whatever happens."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
