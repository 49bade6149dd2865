"""The kernel's own random numbers: a seed gives the same search on every machine (xorshift64*, Vigna 2016)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.kernel.jit import leaf

Seeds = npt.NDArray[np.uint64]


@leaf
def draw(random: Seeds) -> int:
    """A whole number in [0, 2**31)."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(33))  # type: ignore[return-value]


@leaf
def below(random: Seeds, bound: int) -> int:
    """A whole number in [0, bound)."""
    return (draw(random) * np.int64(bound)) >> 31  # type: ignore[return-value]


@leaf
def fraction(random: Seeds) -> float:
    """A number in [0, 1)."""
    return draw(random) / 2147483648.0


def seeds(seed: int) -> Seeds:
    """Start a stream of random numbers."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    return np.array([(mixed ^ (mixed >> 27)) | 1], np.uint64)
