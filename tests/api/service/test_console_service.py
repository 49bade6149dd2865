"""A dispatcher's morning at the console, in a real browser against the real service and solver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.service.day_inputs import DAY, day_inputs
from tests.api.service.dispatching import (
    BAD,
    SEARCH,
    Dispatcher,
    day_file,
    import_all,
    opened_morning,
    plans_of,
    spoilt_rows,
    waiting,
)
from tests.api.service.made_plans import put_plan
from tests.api.service.running import PASSWORD, PROVINCE, Service
from tests.axe import IN_THE_SUN, grave_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[tuple[Service, str]]:
    with opened_morning(tmp_path) as opened:
        yield opened


@pytest.fixture
def dispatcher(browser: Browser, morning: tuple[Service, str]) -> Iterator[Dispatcher]:
    found = Dispatcher.at(browser, morning[1])
    yield found
    found.page.context.close()
    assert found.complaints == []


def test_the_same_file_twice_changes_nothing_and_says_so(morning: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, _ = morning
    dispatcher.come()
    dispatcher.click("Nhập bưu gửi")
    content = day_file(day_inputs()["shipments"])
    for _ in range(2):
        dispatcher.drop("ngay.csv", content)
        expect(dispatcher.page.get_by_text("Đang gửi")).to_have_count(0)
    outcomes = dispatcher.page.locator("[data-outcome='ngay.csv']")
    expect(outcomes).to_have_count(2)
    expect(outcomes.first).to_contain_text("Tệp này đã được nhập rồi: không có gì thay đổi.")
    assert len(waiting(service)) == len(day_inputs()["shipments"])


def test_a_row_that_is_left_as_it_is_is_not_sent_and_not_lost(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, _ = morning
    page, rows = dispatcher.page, day_inputs()["shipments"]
    dispatcher.come()
    dispatcher.click("Nhập bưu gửi")
    dispatcher.drop("ngay.csv", day_file(spoilt_rows()))
    page.locator("[data-row='2'] [data-column=pieces]").fill("ba")  # still no number
    dispatcher.click("Gửi lại 1 dòng đã sửa")
    expect(page.locator("[data-outcome='corrected']")).to_contain_text("1 bị trả lại")
    expect(page.locator("[data-row]")).to_have_count(5)
    # A changed cell of a row whose code an earlier row has would change that one's shipment.
    page.locator("[data-row='14'] [data-column=kind]").fill("intake")
    expect(page.get_by_text("Hãy đổi mã: mã này đã có ở dòng trước.")).to_be_visible()
    expect(page.get_by_role("button", name="Chưa sửa dòng nào")).to_be_disabled()
    dispatcher.click("Bỏ dòng 14, không nhập")
    page.keyboard.press("Escape")
    expect(page.get_by_text("4 dòng chờ sửa")).to_be_visible()
    assert waiting(service) == {row["code"] for place, row in enumerate(rows) if place not in {*BAD, 12}}


@pytest.mark.long
def test_a_search_is_stopped_early_and_its_best_kept(morning: tuple[Service, str], dispatcher: Dispatcher) -> None:
    service, _ = morning
    import_all(service)
    page = dispatcher.page
    dispatcher.come()
    dispatcher.click("Lập kế hoạch")
    page.get_by_label("Thời gian tìm").fill("600")
    dispatcher.click("Bắt đầu")
    expect(page.locator("[data-job]")).to_contain_text("Tốt nhất", timeout=SEARCH)
    expect(page.locator("[data-courier]").first).to_be_visible(timeout=SEARCH)
    expect(page.get_by_role("button", name="Ban hành")).to_be_disabled()
    page.reload()  # the search goes on, and is followed again
    expect(page.locator("[data-job='running']")).to_be_visible()
    dispatcher.click("Dừng và giữ")
    expect(page.locator("[data-job]")).to_have_count(0, timeout=SEARCH)
    expect(page.get_by_role("button", name="Ban hành")).to_be_enabled()
    (draft,) = plans_of(service)
    assert draft["status"] == "draft"


def test_whoever_was_faster_is_shown_and_never_overwritten(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, _ = morning
    plan_id = put_plan(service)
    page = dispatcher.page
    dispatcher.come(plan=plan_id)
    dispatcher.click("Ban hành")
    courier = service.ask("GET", f"/api/v1/plans/{plan_id}", by="planner").json()["routes"][0]["courier_id"]
    edit = {"kind": "lock_round", "courier_id": courier}
    answer = service.ask("POST", f"/api/v1/plans/{plan_id}/edits", by="planner", json=edit, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    expect(page.locator("header").first).to_contain_text("Bản 2")  # the page behind the question has heard of it
    dispatcher.click_last("Ban hành")
    expect(page.get_by_role("heading", name="Có người vừa thay đổi trước bạn")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Planner đã sửa kế hoạch trước; nay là phiên bản 2.")
    assert [one["status"] for one in plans_of(service)] == ["draft"]
    dispatcher.click("Xem bản mới")
    dispatcher.click_last("Ban hành")
    expect(page.get_by_text("Kế hoạch đã được ban hành.")).to_be_visible()
    dispatcher.click("Thu hồi về bản nháp")
    dispatcher.click_last("Thu hồi về bản nháp")
    expect(page.get_by_text("Kế hoạch đã trở lại bản nháp.")).to_be_visible()
    assert [(one["status"], one["version"]) for one in plans_of(service)] == [("draft", 4)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("login", "buttons"),
    [
        ("head-dispatcher", ["Nhập bưu gửi", "Lập kế hoạch"]),
        ("admin", ["Nhập bưu gửi", "Lập kế hoạch"]),  # of all provinces: the first is chosen
        ("planner", ["Lập kế hoạch"]),
        ("auditor", []),
    ],
)
def test_what_somebody_may_not_do_is_not_offered(
    morning: tuple[Service, str], dispatcher: Dispatcher, login: str, buttons: list[str]
) -> None:
    put_plan(morning[0])
    page = dispatcher.page
    dispatcher.come(login)
    expect(page.locator("[data-plan]")).to_have_count(1)
    assert page.locator(".steps button").all_inner_texts() == buttons
    page.locator("[data-plan] button").click()
    expect(page.locator("[data-courier]").first).to_be_visible()
    expect(page.get_by_role("button", name="Ban hành")).to_have_count(1 if login in {"head-dispatcher", "admin"} else 0)
    dispatcher.click("Đăng xuất")
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    expect(page.locator("[data-courier]")).to_have_count(0)


def test_nobody_acts_under_a_name_that_the_page_does_not_show(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    page, plans = dispatcher.page, "**/api/v1/plans?*"
    dispatcher.come()
    expect(page.get_by_text("Chưa có kế hoạch")).to_be_visible()
    # Another tab has the same cookies; a page there would ask for its own with the old cookie at the same time.
    login = {"login": "planner", "password": PASSWORD, "cookie": True}
    assert page.context.request.post(f"{morning[1]}/api/v1/auth/login", data=login).ok
    page.route(plans, lambda route: route.fulfill(status=401, body="{}"))  # as when ten minutes are over
    page.get_by_role("button", name="Ngày sau").click()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
    expect(page.get_by_text("Head-Dispatcher")).to_have_count(0)


def test_a_password_that_somebody_else_set_is_changed_first(
    morning: tuple[Service, str], dispatcher: Dispatcher
) -> None:
    service, _ = morning
    page, chosen = dispatcher.page, "một mật khẩu thật dài"
    made = service.ask("POST", "/api/v1/users", json={
        "login": "moi", "name": "Người Mới", "role": "dispatcher", "province_id": PROVINCE, "offices": [],
    })  # fmt: skip
    assert made.status_code == 201, made.text
    given = made.json()["password"]
    dispatcher.come("moi", given)
    page.get_by_label("Mật khẩu được cấp").fill(given)
    page.get_by_label("Mật khẩu mới", exact=True).fill(chosen)
    page.get_by_label("Nhập lại mật khẩu mới").fill(f"{chosen}!")
    expect(page.get_by_text("Hai lần nhập mật khẩu mới không giống nhau.")).to_be_visible()
    page.get_by_label("Nhập lại mật khẩu mới").fill(chosen)
    dispatcher.click("Đổi mật khẩu")
    expect(page.get_by_text("Chưa có kế hoạch cho ngày này.")).to_be_visible()


def test_people_of_one_office_are_shown_their_own_page(dispatcher: Dispatcher) -> None:
    dispatcher.come("dispatcher")
    expect(dispatcher.page.get_by_text("kế hoạch được lập cho cả tỉnh")).to_be_visible()
    expect(dispatcher.page.get_by_role("link", name="Đến trang quầy giao dịch")).to_have_attribute("href", "/desk")


@pytest.mark.long
@pytest.mark.parametrize(("language", "size"), [("vi", (1366, 768)), ("en", (1920, 1080))])
def test_every_screen_is_sound_for_who_cannot_see_hear_or_point_well(
    morning: tuple[Service, str], browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    service, address = morning
    dispatcher = Dispatcher.at(browser, address, size)
    page = dispatcher.page
    page.on("dialog", lambda dialog: dialog.accept())  # rows that wait for a correction are left
    page.goto(f"{address}/#day={DAY}")
    if language == "en":
        page.get_by_role("button", name="English").click()
    looks = Looks(page, tmp_path)
    expect(page.locator("input[type=password]")).to_be_visible()
    looks.at("1-login")
    page.locator("form input").nth(0).fill("head-dispatcher")
    page.locator("form input").nth(1).fill(PASSWORD)
    page.keyboard.press("Enter")
    into, plan = page.locator(".steps button").nth(0), page.locator(".steps button").nth(1)
    expect(into).to_be_visible()
    looks.at("2-empty")
    into.click()
    page.locator("input[type=file]").set_input_files(
        {"name": "ngay.csv", "mimeType": "text/csv", "buffer": day_file(spoilt_rows())}
    )
    expect(page.locator("[data-row]")).to_have_count(5)
    looks.at("3-review")
    page.keyboard.press("Escape")
    expect(into).to_be_focused()
    put_plan(service)
    page.reload()
    expect(page.locator("[data-plan]")).to_have_count(1)
    looks.at("4-day")
    plan.click()
    expect(page.locator("fieldset li").first).to_be_visible()
    looks.at("5-planning")
    page.keyboard.press("Escape")
    page.locator("[data-plan] button").click()
    page.locator("canvas[data-ready]").wait_for(timeout=60_000)
    looks.at("6-plan", by_day_only=True)
    page.locator(".bar .main").click()
    looks.at("7-publish", by_day_only=True)
    assert dispatcher.complaints == []
    page.context.close()


class Looks:
    """Looks at screens: no serious finding of axe, no sideways scroll, and a picture of each for people."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder

    def at(self, name: str, *, by_day_only: bool = False) -> None:
        """The list and the map of a plan are held to 4.5:1, all others to 7:1."""
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width == 0, name
        rules = () if by_day_only else (IN_THE_SUN,)
        assert grave_findings(self.page, *rules) == [], name
        self.page.screenshot(path=self.folder / f"{name}.png")
