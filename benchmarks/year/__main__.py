"""
`python -m benchmarks.year`: a year of Hậu Giang, every working day planned and driven, on the networks before and after
commune offices took over; audited, compared, and written down as a page.

It fails when something that must hold does not: `make soak` runs it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.year.report import write_report
from benchmarks.year.runs import DAY_BY_DAY, NETWORKS, require, run_year
from tests.cases.hau_giang import write_hau_giang


def main() -> None:
    """Run the years and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/year-hau-giang.md"), help="the page")
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        case = write_hau_giang(folder)
        years = {network: run_year(case, folder / f"{network}", network) for network in NETWORKS}
        for year in years.values():
            require(year)
        calm = {
            (network, how): run_year(case, folder / f"{network}-calm{how}", network, "--calm", *how.split())
            for network in NETWORKS
            for how in ("", DAY_BY_DAY)
        }
        arguments.out.write_text(write_report(case, years, calm), encoding="utf-8")
    print(arguments.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
