"""`coverage.json` in, a study out; of any other file it is said what it is not, and where that shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from api.coverage.document import SCHEMA, CoverageStudy
from api.coverage.folder import STUDY
from api.errors import InputError, NotFoundError, RowError
from api.messages import shown
from api.misfits import misfit, path_of
from api.plans.schemas import Words

_MOST = 4
"""Missing keys that are named."""


def read_study(path: Path) -> CoverageStudy:
    """
    Read `coverage.json`, or that of a run's folder.

    Raises
    ------
    NotFoundError
        When there is none.
    InputError
        When it is something else.
    """
    file = path / STUDY if path.is_dir() else path
    if not file.is_file():
        raise NotFoundError(f"Không có {file}: chưa có nghiên cứu nào xong.", f"There is no {file}: no finished study.")
    try:
        return CoverageStudy.model_validate_json(file.read_bytes())
    except ValidationError as error:
        why = _why(error.errors())
        vi = f"đây không phải nghiên cứu độ phủ (kết quả của duongthu coverage run): {why.vi}"
        en = f"this is no coverage study (a result of duongthu coverage run): {why.en}"
        raise InputError([RowError(shown(file.name), None, None, "bad_study", vi, en)]) from error


def _why(faults: Sequence[Mapping[str, Any]]) -> Words:
    """What shows best that it is something else."""
    first = faults[0]
    if first["type"] == "json_invalid":
        return _no_json(str(first["ctx"]["error"]))
    if not first["loc"]:
        return Words(vi="tệp không phải một đối tượng JSON { … }", en="the file is not a JSON object { … }")
    for fault in faults:
        if fault["loc"] == ("schema",):
            found = shown(str(fault["input"]))
            return Words(vi=f"“schema” ghi “{found}”, cần “{SCHEMA}”", en=f"its “schema” is “{found}”, not “{SCHEMA}”")
    missing = [path_of(fault) for fault in faults if fault["type"] == "missing" and len(fault["loc"]) == 1]
    if missing:
        named = ", ".join(missing[:_MOST]) + (", …" if len(missing) > _MOST else "")
        return Words(vi=f"thiếu {named}", en=f"it lacks {named}")
    others, said = len(faults) - 1, misfit(first)
    more_vi, more_en = (f" (và {others} chỗ khác)", f" (and {others} more)") if others else ("", "")
    return Words(
        vi=f"tại {shown(path_of(first))}: {said.vi}{more_vi}", en=f"at {shown(path_of(first))}: {said.en}{more_en}"
    )


def _no_json(reason: str) -> Words:
    """The parser tells the spot at the end of its English sentence."""
    spot = re.search(r"line (\d+) column (\d+)", reason)
    where_vi, where_en = (
        (f" (dòng {spot[1]}, cột {spot[2]})", f" (line {spot[1]}, column {spot[2]})") if spot else ("", "")
    )
    return Words(vi=f"không đọc được tệp như JSON{where_vi}", en=f"the file cannot be read as JSON{where_en}")
