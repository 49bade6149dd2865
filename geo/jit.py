"""Compiles functions over arrays by numba."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

Integer = Any
"""
An int to its callers; compiled functions pass each other np.int64 instead of elements of arrays, because for each
width of integer they are compiled anew.
"""


def jit(function: F) -> F:
    """
    Compile a function at its first call, and keep the code beside its source, or in the user's cache.

    numba looks at the function's own file only to see whether it has changed: a compiled function calls compiled
    functions of its own file, and no others. `tests/geo/test_contraction.py` holds that.
    """
    return cast("F", numba.njit(cache=True, nogil=True)(function))
