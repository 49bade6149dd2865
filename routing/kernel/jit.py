"""The compiler of the kernel: how a function of it is marked, and how compiled code is kept."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import event
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

from routing.kernel.cache import SOURCES, cache_folder, forget_old_versions, sources_hash
from routing.kernel.linking import DoorCompiler, Part

F = TypeVar("F", bound=Callable[..., Any])


class _Locator(_CacheLocator):
    """Files compiled code under the hash of all its sources."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._line = function.__code__.co_firstlineno

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def get_source_stamp(self) -> str:
        return sources_hash()

    def get_disambiguator(self) -> str:
        return str(self._line)

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> _Locator:  # noqa: ARG003
        return cls(py_func)


class _Storage(CompileResultCacheImpl):
    _locator_classes = (_Locator,)


class _Cache(FunctionCache):
    """Compiled code in files; where there is no place for them it works all the same."""

    _impl_class = _Storage

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        with suppress(OSError):
            return super().load_overload(sig, target_context)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):
            super().save_overload(sig, data)


SELDOM = 50_000, 20, 20
"""Thresholds of the garbage collector while compiling."""

_OPTIONS = {"nogil": True, "error_model": "numpy"}
_INNER = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
"""Of functions that only compiled ones call: nothing for Python's sake, and no counting of references."""


def jit(function: F) -> F:
    """Compile a function that Python calls, at its first call; compiled code is kept for later starts."""
    compiled = numba.njit(function, pipeline_class=DoorCompiler, **_OPTIONS)
    if not numba.config.DISABLE_JIT and Path(function.__code__.co_filename).parent in SOURCES:
        compiled._cache = _Cache(function)  # noqa: SLF001 - what `cache=True` does, with another cache
    return cast("F", compiled)


def inner(function: F) -> F:
    """Compile a function that only compiled ones call."""
    return function if numba.config.DISABLE_JIT else cast("F", Part(function, **_INNER))


def leaf(function: F) -> F:
    """Compile a short formula into its callers."""
    return function if numba.config.DISABLE_JIT else cast("F", Part(function, forceinline=True, **_INNER))


def is_loaded(function: Callable[..., Any]) -> bool:
    """Whether a function that Python calls is compiled in this process."""
    return bool(getattr(function, "signatures", True))


@contextmanager
def compiling(on_compile: Callable[[], None] | None) -> Iterator[None]:
    """
    Call a function once if something is compiled in here; then forget what older sources were compiled to.

    The compiler makes many small objects and keeps most of them: looking for garbage less often saves a tenth of its
    time.
    """
    listener = _Listener(on_compile)
    thresholds = gc.get_threshold()
    try:
        with event.install_listener("numba:compile", listener):
            yield
    finally:
        gc.set_threshold(*thresholds)
    if listener.has_heard:
        forget_old_versions()


class _Listener(event.Listener):
    def __init__(self, on_compile: Callable[[], None] | None) -> None:
        self._on_compile = on_compile
        self.has_heard = False

    def on_start(self, event: event.Event) -> None:  # noqa: ARG002
        if self.has_heard:
            return
        self.has_heard = True
        gc.set_threshold(*SELDOM)
        if self._on_compile is not None:
            self._on_compile()

    def on_end(self, event: event.Event) -> None:
        pass
