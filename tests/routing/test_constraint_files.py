"""Every rule and wish has a file of its own that says where its formula comes from."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import routing.constraints
from routing.solution import Constraint

FILES = {path.stem: path for path in Path(routing.constraints.__path__[0]).glob("*.py") if path.stem != "__init__"}
ELSEWHERE = {Constraint.STRUCTURE, Constraint.TIMELINE, Constraint.COST}
"""What the arrays cannot but keep, the travel times themselves, and what no rule forbids."""
WISHES = {"balance", "optional", "published", "setup", "zones"}
"""Prices, and the set-up that neighbouring visits share."""


def test_each_constraint_has_a_file() -> None:
    assert set(FILES) == {constraint.value for constraint in Constraint} - ELSEWHERE | WISHES


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_what_its_rule_is_and_holds_a_formula(name: str) -> None:
    tree = ast.parse(FILES[name].read_text("utf-8"))
    assert len(ast.get_docstring(tree) or "") > 100
    assert any(isinstance(part, ast.FunctionDef) for part in tree.body)


def test_no_formula_is_without_use() -> None:
    room = Path(routing.__path__[0])
    words = " ".join(path.read_text("utf-8") for folder in (room, room / "kernel", room / "constraints")
                     for path in folder.glob("*.py"))  # fmt: skip
    for path in FILES.values():
        for part in ast.parse(path.read_text("utf-8")).body:
            if isinstance(part, ast.FunctionDef):
                assert words.count(part.name) > 2, f"{path.stem}.{part.name}"  # its own, an import, a call
