"""The sample province: real communes, the stated rules, and files that the ordinary readers take without a word."""

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.demo.facts import BEFORE_REFORM, read_communes, read_procedures
from api.demo.places import lay_out, without_post
from api.demo.provinces import DEFAULT_DAY, PROVINCES, write_province
from api.errors import InputError, NotFoundError
from api.network.model import Network, SiteKind
from api.network.reader import read_network
from api.plans.roads import load_roads
from api.plans.tasks import sort_out
from api.shipments.model import ShipmentKind, ShipmentList
from api.shipments.reader import read_shipments
from api.shipments.s10 import is_s10
from geo.coordinates import haversine
from geo.coverage.posts import has_post
from geo.snapping import snap
from geo.units import load_communes, successors

AN_GIANG = PROVINCES["an-giang"]
COMMUNES = read_communes(AN_GIANG)
OLD = [part for commune in COMMUNES for part in commune.old]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_province("an-giang", tmp_path_factory.mktemp("an-giang"))


@pytest.fixture(scope="module")
def network(written: tuple[Path, Path]) -> Network:
    return read_network(written[0]).on(DEFAULT_DAY)


@pytest.fixture(scope="module")
def shipments(written: tuple[Path, Path], network: Network) -> ShipmentList:
    return read_shipments(written[1], network, on=DEFAULT_DAY)


def test_the_communes_are_the_54_of_former_an_giang() -> None:
    assert len(COMMUNES) == 54
    assert {commune.code for commune in COMMUNES} == {
        successors(unit.code)[0] for unit in load_communes(BEFORE_REFORM, "89")
    }
    today = load_communes(DEFAULT_DAY).by_code
    for commune in COMMUNES:
        assert today[commune.code].province_code == "91"
        assert commune.area_km2 > 10
        assert commune.population > 10_000
    assert {c.code for c in COMMUNES if c.population_is_estimate} == {"30301", "30346", "30481", "30487"}
    assert sum(commune.population for commune in COMMUNES) == pytest.approx(2_490_000, rel=0.01)


def test_old_communes_have_points_of_their_own() -> None:
    assert len(OLD) == 155
    points = np.array([(part.lon, part.lat) for part in OLD])
    apart = haversine(points[:, 0][:, None], points[:, 1][:, None], points[:, 0], points[:, 1])
    assert (apart + 1e6 * np.eye(155)).min() > 500
    for commune in COMMUNES:
        for part in commune.old:
            radii = haversine(part.lon, part.lat, commune.lon, commune.lat) / np.sqrt(commune.area_km2 * 1e6 / np.pi)
            assert radii < 1.7


@pytest.mark.slow
def test_exactly_24_old_communes_have_no_post(network: Network) -> None:
    posts = [
        (site.lon, site.lat) for site in network.sites if site.kind in (SiteKind.POST_OFFICE, SiteKind.CULTURE_POST)
    ]
    served = has_post([(part.lon, part.lat) for part in OLD], posts)
    missing = {part.code for part, there in zip(OLD, served, strict=True) if not there}
    assert len(missing) == 24
    assert missing == {part.code for part in without_post(AN_GIANG, COMMUNES)}
    assert {part.kind for part in OLD if part.code in missing} == {"xã"}


def test_the_people_of_each_commune_live_in_its_settlements(network: Network) -> None:
    living: Counter[str] = Counter()
    for place in network.settlements:
        living[place.commune_code] += place.people
    assert len(network.settlements) == 155
    assert living == {commune.code: commune.population for commune in COMMUNES}
    assert all(place.people_estimated for place in network.settlements)


def test_every_commune_of_today_keeps_a_post() -> None:
    places = lay_out(AN_GIANG, COMMUNES)
    seats = {seat.commune_code for seat in AN_GIANG.seats}
    for commune in COMMUNES:
        assert places.posts[commune.code] or any(part.code in seats for part in commune.old)


def test_the_network_is_read_without_error_or_warning(network: Network) -> None:
    assert network.warnings == ()
    kinds = Counter(site.kind for site in network.sites)
    assert kinds[SiteKind.HUB] == 1
    assert kinds[SiteKind.BORROWED_DESK] == 11
    assert kinds[SiteKind.ONE_STOP] == 54
    assert kinds[SiteKind.AGENCY] == 54 + len(AN_GIANG.offices)
    assert kinds[SiteKind.POST_OFFICE] + kinds[SiteKind.CULTURE_POST] == 155 - 24
    assert len(network.bases) == 11
    assert len(network.areas) == 54


def test_about_sixty_couriers_ride_and_drive(network: Network) -> None:
    regular = [courier for courier in network.couriers if not courier.reserve]
    assert len(regular) == 60
    vehicles = Counter(courier.vehicle.value for courier in regular)
    assert vehicles["motorbike"] > vehicles["van"] >= 11
    assert all(len(crew) >= 2 for crew in network.bases.values())
    for base, crew in network.bases.items():
        known = {code for courier in crew for code in courier.communes}
        assert known == {area.commune_code for area in network.areas if area.base_id == base}
    assert all("mẫu" in courier.name for courier in network.couriers)


def test_lines_join_the_hub_and_every_base_twice_a_day(network: Network) -> None:
    hub = next(site.site_id for site in network.sites if site.kind is SiteKind.HUB)
    for base in network.bases:
        calls = [[stop.site_id for stop in line.stops] for line in network.lines]
        assert sum(call[0] == hub and base in call for call in calls) == 2
        assert sum(call[-1] == hub and base in call for call in calls) == 2


def test_shipments_are_read_without_error_or_warning(shipments: ShipmentList) -> None:
    assert shipments.warnings == ()
    assert 120 <= len(shipments.shipments) <= 200
    assert all(is_s10(shipment.code) for shipment in shipments.shipments)
    assert all(shipment.contact_phone.startswith("0000") for shipment in shipments.shipments)
    kinds = Counter(shipment.kind for shipment in shipments.shipments)
    assert kinds[ShipmentKind.RESULT] > kinds[ShipmentKind.INTAKE] > 20


def test_every_shipment_makes_a_task_of_the_day(network: Network, shipments: ShipmentList) -> None:
    work = sort_out(network, shipments.shipments, DEFAULT_DAY)
    assert work.left == ()
    assert len({task.base_id for task in work.works}) == 11
    assert any(task.wait.days_left <= 0 for task in work.works)
    assert any(task.wait.days_left > 0 for task in work.works)
    assert any(shipment.windows for shipment in shipments.shipments)
    assert any(shipment.id_check for shipment in shipments.shipments)


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "about"), [(3, 480), (20, 3_200)])
def test_scale_multiplies_the_day(tmp_path: Path, shipments: ShipmentList, scale: int, about: int) -> None:
    folder, file = write_province("an-giang", tmp_path, scale=scale)
    network = read_network(folder).on(DEFAULT_DAY)
    more = read_shipments(file, network, on=DEFAULT_DAY)
    assert len(more.shipments) == pytest.approx(about, rel=0.1)
    assert more.warnings == ()
    assert sort_out(network, more.shipments, DEFAULT_DAY).left == ()
    public = [shipment for shipment in more.shipments if shipment.procedure_code]
    assert len(public) == len(shipments.shipments)  # the rest is other mail


@pytest.mark.slow
def test_addresses_lie_beside_a_road_in_or_near_their_commune(network: Network, shipments: ShipmentList) -> None:
    homes = [s.citizen for s in shipments.shipments if s.citizen is not None and s.citizen.site_id is None]
    roads = load_roads(network)
    assert roads.synthetic
    for profile in ("motorbike", "van"):
        assert snap(roads[profile], [(home.lon, home.lat) for home in homes]).offset.max() < 250
    middles = {commune.code: commune for commune in COMMUNES}
    for home in homes:
        near = min(haversine(home.lon, home.lat, part.lon, part.lat) for part in middles[home.commune_code].old)
        assert near < 8_000


def test_no_procedure_that_the_post_may_not_carry_is_used(network: Network, shipments: ShipmentList) -> None:
    barred = {procedure.code for procedure in read_procedures(AN_GIANG) if not procedure.postal}
    assert len(barred) == 5
    assert {network.procedure(code).decision_no for code in barred} == {"1735/QĐ-UBND"}
    assert not barred & {shipment.procedure_code for shipment in shipments.shipments}


@pytest.mark.slow
def test_the_same_seed_writes_the_same_files(written: tuple[Path, Path], tmp_path: Path) -> None:
    folder, file = write_province("an-giang", tmp_path / "again")
    assert file.read_bytes() == written[1].read_bytes()
    for path in sorted(folder.iterdir()):
        assert path.read_bytes() == (written[0] / path.name).read_bytes()
    _, other = write_province("an-giang", tmp_path / "other", seed=1)
    assert other.read_bytes() != written[1].read_bytes()


def test_a_day_without_work_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no working day"):
        write_province("an-giang", tmp_path, day=date(2026, 11, 29))
    assert list(tmp_path.iterdir()) == []


def test_unknown_provinces_and_scales_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="an-giang"):
        write_province("atlantis", tmp_path)
    with pytest.raises(ValueError, match="scale"):
        write_province("an-giang", tmp_path, scale=0)
    assert list(tmp_path.iterdir()) == []
