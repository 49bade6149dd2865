"""`api/SECURITY.md` is true to the tests and files that it names, and complete."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "api" / "SECURITY.md").read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))
FILES = sorted(set(re.findall(r"`((?:api|tests|docs)/[\w./-]+)`", TEXT)) | {"requirements.lock"})
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (\S+) \| (.+) \|$", TEXT, re.M)

PER_CHAPTER = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 33, 7: 18, 8: 7, 9: 7, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16}
"""Requirements of levels 1 and 2, counted in the standard; V10 and V17 do not apply."""


@pytest.mark.slow
@pytest.mark.parametrize(("path", "name"), TESTS)
def test_a_named_test_exists(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("path", FILES)
def test_a_named_file_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_each_requirement_has_one_row_with_a_state_and_a_reason() -> None:
    assert len(ROWS) == len(re.findall(r"^\| \d", TEXT, re.M))
    numbers = [number for number, *_ in ROWS]
    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert {state for _, _, state, _ in ROWS} == {"met", "n/a", "missing"}
    assert Counter(int(number.split(".")[0]) for number in numbers) == PER_CHAPTER
