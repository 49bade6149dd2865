"""The fast writer against the `rfc8785` package."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from api.custody.canonical_json import canonical_json

_LETTERS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["ế", "\ue000", "😀", '\x7f\x00\n"\\/'])
_NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _LETTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_LETTERS, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(_VALUES)
@example({"\ue000": 1, "😀": 2})
@example([-0.0, 1.0, 1e-7, 1e21, 1e16, 0.00001, 123456789012345.0])
def test_it_writes_what_the_package_writes(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


def test_ids_in_text_do_not_take_the_slow_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(rfc8785, "dumps")
    text = "0199c3f2-915e-7a41-8b5e-1234567890123456"
    assert canonical_json([text, {text: "1.0"}]) == f'["{text}",{{"{text}":"1.0"}}]'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {"a": [{"b": -(2**60)}]}], ids=str)
def test_it_refuses_what_the_package_refuses(value: Any) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_json(value)
