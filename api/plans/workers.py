"""Who solves: processes of this machine, or a cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.context import BaseContext
from typing import Any

from api.errors import NotFoundError
from routing.kernel.cache import is_compiled

_ENGINE = ["routing.solver", "routing.explain"]

CLUSTER_TIMEOUT = 10
"""Seconds until a cluster must have answered."""


@contextmanager
def solver_pool(workers: int, on_compile: Callable[[], None] | None = None) -> Iterator[Executor]:
    """
    Open a pool of solving processes; leaving it ends their searches, done or not.

    They are never plain forks: the caller may have threads.

    Parameters
    ----------
    on_compile
        Called when the engine must be compiled first: one of the processes does so, while the caller reads its inputs.
    """
    if on_compile is not None and not is_compiled():
        on_compile()
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_live_with_the_parent)
    orders = vars(pool)["_call_queue"]
    for _ in range(workers):  # they load the engine while the caller reads its inputs
        pool.submit(_load_engine)
    manager = vars(pool)["_executor_manager_thread"]  # it runs since then; whoever shuts the pool down forgets it
    try:
        yield pool
    finally:
        orders.cancel_join_thread()  # nobody will read it: its feeder would wait for ever
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()
        manager.join()  # or Python, when it exits, may wake it through a pipe that it is just closing


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """
    Let a running Dask cluster solve; leaving it ends what it still does for us, not the cluster.

    Parameters
    ----------
    address
        Of its scheduler: `tcp://host:8786`. Its workers need this package, of the same version.

    Yields
    ------
    executor, workers
        The second one says how many groups it solves at the same time.

    Raises
    ------
    NotFoundError
        When the package `distributed` is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise NotFoundError(
            "Chưa cài gói distributed: pip install 'duongthu[cluster]'.",
            "The package distributed is not installed: pip install 'duongthu[cluster]'.",
        ) from error
    try:
        client: Any = Client(address, timeout=CLUSTER_TIMEOUT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise NotFoundError(
            f"Không kết nối được cụm Dask tại {address}: {error}.", f"No Dask cluster answers at {address}: {error}."
        ) from error
    with client:
        yield client.get_executor(pure=False), max(1, sum(client.nthreads().values()))


@contextmanager
def solvers(
    workers: int, address: str | None, on_compile: Callable[[], None] | None = None
) -> Iterator[tuple[Executor, int]]:
    """Open a cluster where one is named, else processes here; raises and yields as `cluster` does."""
    if address is not None:
        with cluster(address) as found:
            yield found
    else:
        with solver_pool(workers, on_compile) as executor:
            yield executor, workers


def _context() -> BaseContext:
    """Forks of a server that has loaded the engine once; where there is none, fresh processes."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_ENGINE)
    return context


def _load_engine() -> None:
    """Everything that a search needs; when nothing is compiled yet, one process compiles and the others wait for it."""
    for module in _ENGINE:
        import_module(module)
    import_module("routing.search").warm_up()


def _live_with_the_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it ends, however that happens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
