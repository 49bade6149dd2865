"""
A coverage study in a notebook: cells `# %%` for VS Code, Spyder and Jupyter (jupytext); also runs as a script.

    duongthu demo --province an-giang --out sample        # or a network folder of your own
    duongthu coverage run sample/network --day 2026-11-25 --out study --quick
    python docs/examples/coverage_notebook.py study/coverage.json pictures

Needs `pip install "duongthu[analysis]"` for the pictures.
"""

# ruff: noqa: T201, E402

# %% Read the study: tables of pandas and GeoPandas, positions in EPSG:4326
import sys
from pathlib import Path

from api.coverage.frames import read_study, study_frames

file = Path(sys.argv[1] if len(sys.argv) > 1 else "study/coverage.json")
pictures = Path(sys.argv[2] if len(sys.argv) > 2 else "pictures")
pictures.mkdir(parents=True, exist_ok=True)
study = read_study(file)
frames = study_frames(study, "en")
means, minutes = study.main_means.value, study.main_minutes
if study.network.roads.synthetic:
    print("SYNTHETIC ROADS: every time, distance and cost below is an estimate.")

# %% Who lives furthest from a post?
far = frames.places.sort_values(f"{means}_minutes", ascending=False)
print(far[["name", "commune", "people", f"{means}_minutes"]].head(10).to_string())

# %% Share of people within the limit, weighted by people
within = frames.places[frames.places[f"{means}_minutes"] <= minutes]["people"].sum()
people = frames.places["people"].sum()
print(f"{within:,} of {people:,} people ({within / people:.1%}) within {minutes} minutes, {means}")

# %% The cheapest remedy of each place that can be had and brings somebody within the limit
possible = frames.remedies[frames.remedies["problem"].isna()]
useful = possible[possible[f"{means}_people_gained"] > 0]
cheapest = useful.loc[useful.groupby("place_id")["added_dong"].idxmin()]
print(cheapest[["name", "kind", "added_dong", f"{means}_people_gained", "dossiers_won"]].to_string(index=False))

# %% What a person more within the limit costs, by kind of remedy
totals = useful.groupby("kind")[["added_dong", f"{means}_people_gained"]].sum()
totals["dong_a_person"] = totals["added_dong"] / totals[f"{means}_people_gained"]
print(totals.round(0).to_string())

# %% Exact against greedy: by how much does building one place after the other fall behind?
if not frames.frontier.empty:
    frontier = frames.frontier.assign(behind=lambda rows: rows["exact_people"] - rows["greedy_people"])
    print(frontier[["means", "minutes", "k", "exact_people", "greedy_people", "behind"]].to_string(index=False))

# %% Scenarios, before and after
if not frames.scenarios.empty:
    print(frames.scenarios[["title", "change_total_dong", "change_km", "change_dossiers", "change_late"]].to_string())

# %% A map: places by minutes, posts, what is cheapest where
import matplotlib.pyplot as plt

metres = frames.places.estimate_utm_crs()
figure, axis = plt.subplots(figsize=(9, 9))
frames.places.to_crs(metres).plot(
    f"{means}_minutes", ax=axis, legend=True, cmap="viridis_r", markersize=30, missing_kwds={"color": "red"}
)
frames.points.to_crs(metres).plot(ax=axis, color="black", marker="s", markersize=6)
cheapest.to_crs(metres).plot(ax=axis, facecolor="none", edgecolor="red", markersize=90)
synthetic = " (synthetic roads)" if study.network.roads.synthetic else ""
axis.set_title(f"Minutes to the nearest post, {means}{synthetic}")
axis.set_axis_off()
figure.savefig(pictures / "places.png", dpi=120)

# %% Layers of your own for a GIS
cheapest.to_file(pictures / "cheapest.gpkg", layer="cheapest", driver="GPKG")
