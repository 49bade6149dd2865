"""`duongthu simulate` on Thạch Hà: the folder of a run, its options, and going on after being cut off."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.errors import ApiError, ExistsError, NotFoundError
from api.simulation import extras
from tests.cases.audit import recount
from tests.cases.common import Case
from tests.cases.thach_ha import write_thach_ha

pytestmark = pytest.mark.slow

TABLES = ("bases.csv", "days.csv", "events.csv", "open.csv", "rounds.csv", "shipments.csv")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, NEXT_FRIDAY = (f"2019-11-{day}" for day in (18, 19, 20, 21, 29))


class Ran(NamedTuple):
    """A run, and what it said."""

    folder: Path
    facts: dict[str, Any]
    result: Result

    def rows(self, table: str) -> list[dict[str, str]]:
        return read(self.folder / table)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def invoke(case: Case, out: Path, *options: str, first: str = MONDAY, last: str = WEDNESDAY) -> Result:
    asked = [str(case.network), str(case.shipments), "--from", first, "--to", last, "--out", str(out)]
    asked += ["--iterations", "5", *options]
    return CliRunner().invoke(app, ["simulate", *asked], env={"COLUMNS": "160"})


def simulate(case: Case, out: Path, *options: str, last: str = WEDNESDAY) -> Ran:
    result = invoke(case, out, *options, "--json", last=last)
    assert result.exit_code == 0, result.output
    return Ran(out, json.loads(result.stdout), result)


def refused(case: Case, out: Path, *options: str) -> ApiError:
    error = invoke(case, out, *options).exception
    assert isinstance(error, ApiError), error
    return error


@pytest.fixture(name="case", scope="module")
def _case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return write_thach_ha(tmp_path_factory.mktemp("case"))


@pytest.fixture(name="whole", scope="module")
def _whole(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Four days in one go."""
    return simulate(case, tmp_path_factory.mktemp("whole") / "run", last=THURSDAY)


@pytest.fixture(name="two_days", scope="module")
def _two_days(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return simulate(case, tmp_path_factory.mktemp("two") / "run", last=TUESDAY)


@pytest.fixture(name="calm", scope="module")
def _calm(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Until everything is delivered."""
    return simulate(case, tmp_path_factory.mktemp("calm") / "run", "--calm", last=NEXT_FRIDAY)


# What a run leaves.


def test_the_folder_holds_every_table_and_they_agree_with_what_is_said(whole: Ran) -> None:
    assert sorted(path.name for path in whole.folder.iterdir()) == sorted((*TABLES, "run.json", "state.json"))
    facts, balance = whole.facts, recount(whole.folder / "events.csv")
    assert balance.accepted > 100
    assert [facts[name] for name in ("accepted", "delivered", "returned", "in_custody")] == [
        balance.accepted, balance.delivered, balance.returned, balance.in_custody,
    ]  # fmt: skip
    done, left, rounds = whole.rows("shipments.csv"), whole.rows("open.csv"), whole.rows("rounds.csv")
    assert len(done) == balance.delivered + balance.returned
    assert len({row["code"] for row in (*done, *left)}) == len(done) + len(left) == 196
    assert Counter(row["outcome"] for row in left)["not_ready"] == facts["not_ready"] > 0
    for table in ("days.csv", "bases.csv"):
        rows = whole.rows(table)
        assert sum(int(row["metres"]) for row in rows) == sum(int(row["metres"]) for row in rounds)
        assert sum(int(row["dong"]) for row in rows) == facts["cost_dong"] > 0
        assert sum(int(row["couriers"]) for row in rows) == len(rounds) == facts["rounds"]
    assert [row["day"] for row in whole.rows("days.csv")] == [MONDAY, TUESDAY, WEDNESDAY, THURSDAY]


def test_a_program_gets_one_line_and_a_person_the_tables(whole: Ran, case: Case, tmp_path: Path) -> None:
    assert whole.result.stdout.count("\n") == 1
    assert (whole.facts["first"], whole.facts["last"], whole.facts["working_days"]) == (MONDAY, THURSDAY, 4)
    assert whole.facts["synthetic_roads"] is True
    told = invoke(case, tmp_path / "run", "--lang", "en", last=MONDAY)
    assert "Late against the due date" in told.stdout
    assert "SYNTHETIC ROADS" in told.stdout
    assert "Replaying the days" in told.stderr


def test_calm_days_keep_every_promise(calm: Ran) -> None:
    assert (calm.facts["delivered"], calm.facts["returned"], calm.facts["in_custody"]) == (196, 0, 0)
    assert calm.facts["against_due"].keys() == {"early", "on_the_day"}
    assert calm.facts["blamed"] == {}
    assert {row["type"] for row in calm.rows("events.csv")} & {"ATTEMPT", "INVITE_1", "INVITE_2"} == set()
    assert all(row["done_at"][:10] <= row["due_on"] for row in calm.rows("shipments.csv"))


def test_waiting_for_the_last_day_drives_less_than_going_at_once(calm: Ran, case: Case, tmp_path: Path) -> None:
    daily = simulate(case, tmp_path / "run", "--calm", "--day-by-day", last=NEXT_FRIDAY)
    assert daily.facts["delivered"] == calm.facts["delivered"] == 196
    assert daily.facts["distance"] > 1.2 * calm.facts["distance"]
    assert daily.facts["against_due"]["early"] > calm.facts["against_due"]["early"]


def test_every_late_shipment_is_blamed_on_somebody_and_no_other_is(case: Case, tmp_path: Path) -> None:
    """Also while it waits to be tried again, or is kept at the counter."""
    ran = simulate(case, tmp_path / "run", "--away", "BC-TH-1", "--away", "BC-TH-2", "--seed", "3", last="2019-11-25")
    rows = [*ran.rows("shipments.csv"), *ran.rows("open.csv")]
    late = {row["code"] for row in rows if int(row["days_late"]) > 0}
    assert len(late) > 5
    assert {row["code"] for row in rows if row["blame"]} == late
    assert any(row["code"] in late and row["invitations"] == "1" and row["outcome"] == "open" for row in rows)
    assert sum(ran.facts["blamed"].values()) == ran.facts["against_due"]["late"] == len(late)


# Going on.


@pytest.mark.parametrize("cut", ["between two days", "within a day"])
def test_a_run_that_was_cut_off_goes_on_as_if_nothing_had_happened(
    cut: str, two_days: Ran, whole: Ran, case: Case, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(two_days.folder, tmp_path / "run"))
    if cut == "within a day":
        (folder / "open.csv").unlink()
        for name in TABLES:
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(f"{WEDNESDAY},half a li")
        (folder / "state.json.partial").write_text('{"sizes": {', encoding="utf-8")
    resumed = simulate(case, folder, "--resume", last=THURSDAY)
    for name in (*TABLES, "run.json", "state.json"):
        assert (folder / name).read_bytes() == (whole.folder / name).read_bytes(), name
    assert {**resumed.facts, "out": "", "seconds": 0} == {**whole.facts, "out": "", "seconds": 0}
    assert not list(folder.glob("*.partial"))


def test_a_run_that_goes_on_is_no_finished_one_meanwhile(
    two_days: Ran, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its list of open shipments is that of an earlier day."""
    from api.simulation.folder import RunFolder

    class CutError(Exception):
        pass

    def cut(*_: object) -> None:
        raise CutError

    folder = Path(shutil.copytree(two_days.folder, tmp_path / "run"))
    monkeypatch.setattr(RunFolder, "close", cut)
    assert isinstance(invoke(case, folder, "--resume").exception, CutError)
    again = CliRunner().invoke(app, ["compare", str(folder), str(two_days.folder)])
    assert isinstance(again.exception, NotFoundError)


def test_going_on_with_other_inputs_or_options_is_refused_and_they_are_named(
    two_days: Ran, case: Case, tmp_path: Path
) -> None:
    fewer = tmp_path / "fewer.csv"
    fewer.write_bytes(b"".join(case.shipments.read_bytes().splitlines(keepends=True)[:-1]))
    network = Path(shutil.copytree(case.network, tmp_path / "network"))
    settings = network / "settings.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "reload_minutes = 20\n", encoding="utf-8")
    asked: list[tuple[Case, tuple[str, ...], str]] = [
        (case, ("--seed", "1"), "seed"),
        (case, ("--calm", "--day-by-day"), "calm, day_by_day"),
        (case, ("--iterations", "6"), "iterations"),
        (case, ("--away", "BC-TH-1"), "away"),
        (case, ("--as-of", MONDAY), "as_of"),
        (replace(case, shipments=fewer), (), "shipments"),
        (replace(case, network=network), (), "network"),
    ]
    before = {path.name: path.read_bytes() for path in two_days.folder.iterdir()}
    for given, options, named in asked:
        error = refused(given, two_days.folder, "--resume", *options)
        assert isinstance(error, ExistsError)
        assert error.message_en.endswith(f": {named}."), error
        assert error.message_vi.endswith(f": {named}."), error
    assert {path.name: path.read_bytes() for path in two_days.folder.iterdir()} == before


def test_there_must_be_a_run_to_go_on_with_and_none_to_begin_one(two_days: Ran, case: Case, tmp_path: Path) -> None:
    assert isinstance(refused(case, tmp_path / "nothing", "--resume"), NotFoundError)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "shipments.csv").write_text("mine", encoding="utf-8")
    for out in (two_days.folder, tmp_path / "letters", case.shipments):
        before = {path: path.read_bytes() for path in (out.iterdir() if out.is_dir() else [out])}
        assert isinstance(refused(case, out), ExistsError)
        assert {path: path.read_bytes() for path in before} == before
    (tmp_path / "empty").mkdir()
    assert invoke(case, tmp_path / "empty", last=MONDAY).exit_code == 0


# Options.


def test_a_run_that_never_began_leaves_no_folder(case: Case, tmp_path: Path) -> None:
    assert isinstance(refused(case, tmp_path / "run", "--cluster", "nowhere://x"), NotFoundError)
    assert not (tmp_path / "run").exists()


def test_who_is_away_does_not_drive_on_those_days_alone(case: Case, tmp_path: Path) -> None:
    away = ("--away", "TT-HT-1", "--away", f"TT-HT-2@{WEDNESDAY}..2019-11-21", "--calm")
    ran = simulate(case, tmp_path / "run", *away, last="2019-11-22")
    days = {(row["courier_id"], row["day"]) for row in ran.rows("rounds.csv") if row["base_id"] == "TT-HT"}
    assert days == {("TT-HT-2", TUESDAY), ("TT-HT-2", "2019-11-22")}


def test_an_unknown_courier_is_named_before_the_work(case: Case, tmp_path: Path) -> None:
    error = refused(case, tmp_path / "run", "--away", f"BC-TH-9@{MONDAY}")
    assert isinstance(error, NotFoundError)
    assert "BC-TH-9" in error.message_vi
    assert "BC-TH-9" in error.message_en
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--away", "BC-TH-1@18/11/2019"),
        ("--away", "BC-TH-1@2019-02-30"),
        ("--away", "BC-TH-1@2019-11-20..2019-11-19"),
        ("--from", "2019-11-21"),
        ("--iterations", "0"),
        ("--seed", "-1"),
        ("--lang", "fr"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: tuple[str, str], case: Case, tmp_path: Path) -> None:
    result = invoke(case, tmp_path / "run", *options)
    assert result.exit_code == 2
    assert options[0].replace("--from", "--to") in result.stderr
    assert not (tmp_path / "run").exists()


def test_the_network_of_a_day_is_kept_on_all_days(case: Case, tmp_path: Path) -> None:
    """The hub's courier is followed by two others on Wednesday; as of Tuesday they never come."""
    network = Path(shutil.copytree(case.network, tmp_path / "network"))
    couriers = read(network / "couriers.csv")
    for row in couriers:
        row["valid_from"] = WEDNESDAY if row["courier_id"].startswith("TT-HT") else ""
    couriers.append({**couriers[-1], "courier_id": "TT-HT-0", "valid_from": "", "valid_to": TUESDAY})
    with (network / "couriers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, couriers[0])
        writer.writeheader()
        writer.writerows(couriers)
    other = replace(case, network=network)
    crews = []
    for name, options in (("dated", ()), ("frozen", ("--as-of", TUESDAY))):
        ran = simulate(other, tmp_path / name, "--calm", *options, last=THURSDAY)
        crews.append({(r["day"], r["courier_id"]) for r in ran.rows("rounds.csv") if r["base_id"] == "TT-HT"})
    dated, frozen = ({day: {who for on, who in crew if on == day} for day, _ in crew} for crew in crews)
    assert dated[TUESDAY] == frozen[TUESDAY] == frozen[WEDNESDAY] == frozen[THURSDAY] == {"TT-HT-0"}
    assert dated[WEDNESDAY] <= {"TT-HT-1", "TT-HT-2"} >= dated[THURSDAY]


# What else is asked for.


def test_parquet_has_every_row(case: Case, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet

    ran = simulate(case, tmp_path / "run", "--parquet")
    for name in TABLES:
        rows, table = ran.rows(name), parquet.read_table((ran.folder / name).with_suffix(".parquet"))
        assert (table.num_rows, table.column_names) == (len(rows), list(rows[0])), name
    at = parquet.read_table(ran.folder / "events.parquet")["at"].to_pylist()
    assert [moment.isoformat() for moment in at] == [row["at"] for row in ran.rows("events.csv")]


def test_pictures_are_drawn(case: Case, tmp_path: Path) -> None:
    ran = simulate(case, tmp_path / "run", "--plots")
    drawn = [path.read_bytes() for path in sorted((ran.folder / "plots").iterdir())]
    assert len(drawn) == 4
    assert all(picture.startswith(b"\x89PNG") for picture in drawn)


@pytest.mark.parametrize("option", ["--parquet", "--plots"])
def test_a_missing_package_is_said_before_the_work(
    option: str, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    assert option in refused(case, tmp_path / "run", option).message_en
    assert not (tmp_path / "run").exists()


def test_runs_of_other_days_are_said_not_to_compare(whole: Ran, two_days: Ran) -> None:
    told = CliRunner().invoke(app, ["compare", str(two_days.folder), str(whole.folder), "--json"])
    assert told.exit_code == 0
    facts = json.loads(told.stdout)
    assert facts["changed"] == {"span": [f"{MONDAY}..{TUESDAY}", f"{MONDAY}..{THURSDAY}"]}
    assert facts["difference"]["delivered"] == whole.facts["delivered"] - two_days.facts["delivered"]
