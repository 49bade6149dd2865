"""The embedded sample provinces, written out as anybody's own data would be: a network folder and a shipments file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from types import MappingProxyType

from api.demo.crew import courier_rows, line_rows
from api.demo.facts import Office, SampleProvince, Seat, read_communes, read_procedures
from api.demo.generate.shipments import generate_shipments, require_work
from api.demo.places import Row, lay_out, settlement_rows
from api.errors import NotFoundError
from api.network.columns import TABLES
from api.network.reader import read_network
from api.network.settings import Settings
from api.plans.roads import load_roads
from api.shipments.columns import shipments_table

DEFAULT_DAY = date(2026, 11, 25)
"""A Wednesday with work, always the same, so that a demonstration can be repeated."""

PROVINCES: Mapping[str, SampleProvince] = MappingProxyType(
    {
        "an-giang": SampleProvince(
            name="an-giang",
            title="An Giang",
            folder="an_giang",
            old_province_code="89",
            seats=(
                Seat("LX", "Long Xuyên", "883", "30283"),
                Seat("CD", "Châu Đốc", "884", "30316"),
                Seat("AP", "An Phú", "886", "30337"),
                Seat("TC", "Tân Châu", "887", "30376"),
                Seat("PT", "Phú Tân", "888", "30406"),
                Seat("CP", "Châu Phú", "889", "30463"),
                Seat("TB", "Tịnh Biên", "890", "30502"),
                Seat("TT", "Tri Tôn", "891", "30544"),
                Seat("CT", "Châu Thành", "892", "30589"),
                Seat("CM", "Chợ Mới", "893", "30628"),
                Seat("TS", "Thoại Sơn", "894", "30682"),
            ),
            offices=(
                Office("DD", "Văn phòng đăng ký đất đai", "land_office"),
                Office("NV", "Sở Nội vụ", "home_affairs"),
                Office("GD", "Sở Giáo dục và Đào tạo", "education"),
                Office("CA", "Công an tỉnh", "police"),
            ),
            lines=MappingProxyType(
                {
                    "DT2-01": ("CT", "CP", "CD", "TB"),
                    "DT2-02": ("CM", "PT", "TC", "AP"),
                    "DT2-03": ("TS", "TT"),
                    "DT2-04": ("LX",),
                }
            ),
            communes_without_post=24,
            num_couriers=60,
            free_communes=("30568", "30577", "30538"),
            yearly_totals=MappingProxyType({"result": 29_310, "intake": 11_045}),
        )
    }
)


def write_province(
    name: str, out_dir: Path, *, day: date = DEFAULT_DAY, scale: float = 1, seed: int = 0
) -> tuple[Path, Path]:
    """
    Write a sample province's network folder and the shipments of one day.

    Parameters
    ----------
    name
        A key of `PROVINCES`.
    out_dir
        Created when missing; files of an earlier sample are overwritten.
    day
        A working day. The network is the same for every day, scale and seed.
    scale
        Demand against the public service's own: 1 makes about 160 shipments a day, 3 about 480, 20 about 3,200;
        what is above 1 is the post's other mail.
    seed
        The same arguments give the same files, byte for byte.

    Returns
    -------
    network_dir, shipments_csv

    Raises
    ------
    NotFoundError
        When there is no such province.
    InputError
        When the day is no working day.
    ValueError
        When the scale is not above 0.
    """
    province = PROVINCES.get(name)
    if province is None:
        known = ", ".join(PROVINCES)
        raise NotFoundError(
            f"không có tỉnh mẫu {name!r}; hiện có: {known}", f"no sample province {name!r}; try {known}"
        )
    if not scale > 0:
        raise ValueError(f"the scale of demand must be above 0, got {scale}")
    with TemporaryDirectory() as draft:  # so that nothing is left behind when something is wrong
        _write_network(province, Path(draft) / "network")
        network = read_network(Path(draft) / "network").on(day)
        require_work(network, day)
        rows = generate_shipments(province, network, load_roads(network), day=day, scale=scale, seed=seed)
        columns = [column.name for column in shipments_table(network.settings.zone).columns]
        _write_csv(Path(draft) / "shipments.csv", columns, rows)
        copytree(draft, out_dir, dirs_exist_ok=True)
    return out_dir / "network", out_dir / "shipments.csv"


def _write_network(province: SampleProvince, folder: Path) -> None:
    communes = read_communes(province)
    places = lay_out(province, communes)
    rows: dict[str, Iterable[Row]] = {
        "sites": places.sites,
        "areas": places.areas,
        "couriers": courier_rows(province, communes),
        "lines": line_rows(province, communes),
        "procedures": [dict(procedure.columns) for procedure in read_procedures(province)],
        "tariffs": _tariff_rows(province),
        "settlements": settlement_rows(communes),
        "calendar": [{"date": "2026-08-22", "kind": "working", "name": "Làm bù ngày 31/8/2026"}],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        _write_csv(folder / f"{table.name}.csv", [column.name for column in table.columns], rows[table.name])
    (folder / "settings.toml").write_text(_settings(province), encoding="utf-8")


def _tariff_rows(province: SampleProvince) -> list[Row]:
    """Round figures, and home pickup free of charge in a few remote communes."""
    by_level: list[Row] = [
        {"level": "province", "postage_dong": 30_000},
        {"level": "commune", "postage_dong": 20_000},
    ]
    return by_level + [{"commune_code": code, "postage_dong": 0} for code in province.free_communes]


def _settings(province: SampleProvince) -> str:
    usual = Settings()
    return (
        f'name = "{province.title} (tỉnh mẫu)"\n'
        "sample = true\n"
        f'timezone = "{usual.timezone}"\n'
        f"reload_minutes = {usual.reload_minutes}\n"
        "# Mọi khóa khác theo mặc định; xem `duongthu template`.\n"
        "# Every other key has its default; see `duongthu template`.\n"
    )


def _write_csv(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
