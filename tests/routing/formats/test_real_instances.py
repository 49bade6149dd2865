"""Every real instance is read, in seconds, with as many tasks as its name and header promise."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from routing.formats import Format, Instance, read_instance
from routing.objective import weights

pytestmark = pytest.mark.real_data

FOLDERS = {
    "vrptw": {Format.SOLOMON},
    "pdptw": {Format.LI_LIM, Format.SARTORI_BURIOL},
    "vrpspdtw": {Format.JD_VRPSPDTW, Format.WANG_CHEN},
}


def smallest_size(path: Path, instance: Instance) -> int:
    """Return how many stops the file's name promises at least."""
    words = path.name.split(".")[0].replace("-", "_").split("_")
    if instance.format is Format.SARTORI_BURIOL:
        return int(words[1].removeprefix("n"))
    if instance.format is Format.JD_VRPSPDTW:
        return int(words[0])
    digits = [int(word) for word in words if word.isdigit()]
    return 100 * digits[0] if digits else 100


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_instance_is_read_and_can_be_weighed(folder: str, test_data: Path) -> None:
    paths = [path for path in sorted((test_data / "instances" / folder).iterdir()) if path.name != "bks.csv"]
    assert paths
    for path in paths:
        began = time.process_time()
        instance = read_instance(path)
        assert time.process_time() - began < 5, path.name
        assert instance.format in FOLDERS[folder]
        assert len(instance.problem.stops) >= smallest_size(path, instance)
        assert set(instance.nodes) == set(instance.problem.tasks())
        assert len(set(instance.nodes.values())) == len(instance.nodes)
        weights(instance.problem, instance.objective)  # raises when a total might not fit in 63 bits
