"""The worked example of the notebook API, from start to end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest

from tests.api.coverage.studies import PRICES, WITHOUT, made_study, people_within

SCRIPT = Path(__file__).parents[3] / "docs/examples/coverage_notebook.py"


@pytest.mark.slow
def test_the_example_runs_from_start_to_end(tmp_path: Path) -> None:
    file = tmp_path / "coverage.json"
    file.write_text(made_study().model_dump_json(by_alias=True), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(file), str(tmp_path / "pictures")],
        env={**os.environ, "MPLBACKEND": "Agg"}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "SYNTHETIC ROADS" in done.stdout
    assert f"{people_within(30):,} of" in done.stdout
    assert (tmp_path / "pictures" / "places.png").stat().st_size > 10_000
    cheapest = gpd.read_file(tmp_path / "pictures" / "cheapest.gpkg").set_index("place_id")
    assert set(cheapest.index) == set(WITHOUT)
    assert cheapest.loc["DC-00", "added_dong"] == PRICES[2]
