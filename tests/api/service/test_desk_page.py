"""A clerk's day at the desk's page, in a real browser against the real service."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from api.shipments.s10 import make_s10
from tests.api.service.custody_made import user_id_of
from tests.api.service.desk_made import (
    DOSSIER,
    ELSEWHERE,
    RESULTS,
    Clerk,
    arrived,
    faults,
    faults_in_both,
    history,
    opened_office,
)
from tests.api.service.running import COURIER, OFFICE, PASSWORD, Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Service, str]]:
    with opened_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def clerk(browser: Browser, office: tuple[Service, str]) -> Iterator[Clerk]:
    """Enrolled and logged in."""
    service, address = office
    found = Clerk.at(browser, address)
    found.enrol(service)
    found.log_in()
    expect(found.page.get_by_role("button", name="Nhận lô", exact=True)).to_be_visible(timeout=30_000)
    yield found
    found.page.context.close()
    assert found.complaints == []


def test_a_clerk_accepts_a_dossier_signs_for_a_batch_and_hands_a_result_out(
    office: tuple[Service, str], clerk: Clerk
) -> None:
    service, _ = office
    _accept(service, clerk)
    _sign_for_the_batch(service, clerk)
    _hand_out(service, clerk)
    clerk.tab("Đã ghi")
    expect(clerk.page.locator('[data-state="answered"]')).to_have_count(6)  # one arrival for each event that it follows
    devices = service.ask("GET", "/api/v1/devices", by="admin").json()["devices"]
    assert user_id_of(service, "desk") in {one["user_id"] for one in devices}


def _accept(service: Service, clerk: Clerk) -> None:
    page = clerk.page
    clerk.fill_dossier()
    expect(page.locator(".sum")).to_have_text("225.000 đ")  # a fee of 200,000 and the tariff's 25,000
    page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(page.locator('[data-verdict="accepted"]')).to_be_visible()
    pin = page.locator("[data-pin]").inner_text()
    expect(page.locator(".slip")).to_contain_text("Tổng cộng 4 tờ")
    expect(page.locator(".label svg.barcode")).to_be_visible()
    (event,) = history(service, DOSSIER)
    assert (event["type"], event["holding"], event["holder"], event["is_complete"]) == ("ACCEPT", "site", OFFICE, True)
    personal, data = event["personal"], event["record"]["data"]
    assert (data["seal"], data["receipt_no"], data["site_id"]) == ("NP-0042", "BL-0815", OFFICE)
    assert personal["data.documents"] == [
        {"name": "Giấy khai sinh", "kind": "original", "count": 1},
        {"name": "Sổ hộ khẩu", "kind": "copy", "count": 3},
    ]
    assert len(personal["data.photos"]) == 1
    shown = service.ask("GET", f"/api/v1/shipments/{DOSSIER}?reveal=true", by="desk").json()
    assert (shown["name"], shown["phone"], shown["fee_dong"]) == ("Trần Thị Bưởi", "0909123456", 200_000)
    own = service.client.post(f"/api/v1/track/{DOSSIER}", json={"pin": pin})
    assert own.status_code == 200


def _sign_for_the_batch(service: Service, clerk: Clerk) -> None:
    page = clerk.page
    clerk.tab("Nhận lô")
    page.locator(f'[data-bringer="{COURIER}"]').click()
    expect(page.locator("[data-scan]")).to_be_focused()
    for code in (RESULTS[0], ELSEWHERE, *RESULTS[1:]):
        page.keyboard.type(code)  # as a keyboard scanner does
        page.keyboard.press("Enter")
        if code == ELSEWHERE:
            expect(page.locator("[data-said]")).to_contain_text("chưa được chấp nhận")
    expect(page.locator('[data-list="extra"] li')).to_have_text([f"✕ {ELSEWHERE}"])
    expect(page.locator('[data-list="missing"] li')).to_have_count(0)
    page.locator("[data-counted]").fill("4")
    expect(page.get_by_role("button", name="Ký nhận 3 bưu gửi")).to_be_disabled()
    page.locator("[data-counted]").fill("3")
    page.locator("[data-seal]").select_option("yes")
    page.get_by_role("button", name="Ký nhận 3 bưu gửi").click()
    expect(page.locator('[data-done="batch"] [data-verdict="accepted"]')).to_be_visible()
    for code in RESULTS:
        first, last = history(service, code)
        assert (last["type"], last["holding"], last["holder"]) == ("ARRIVE", "site", OFFICE)
        assert last["record"]["follows"] == first["event_id"]
        assert last["record"]["data"]["seal_intact"] is True
    (reported,) = history(service, ELSEWHERE)
    assert (reported["type"], reported["holding"]) == ("EXCEPTION", "nobody")


def test_only_what_is_ticked_as_absent_is_reported_and_the_rest_stays_with_the_courier(
    office: tuple[Service, str], clerk: Clerk
) -> None:
    service, _ = office
    here, absent, kept = RESULTS
    page = clerk.page
    clerk.tab("Nhận lô")
    page.locator(f'[data-bringer="{COURIER}"]').click()
    page.keyboard.type(here)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Khi ký, phần đánh dấu thiếu")).to_have_count(0)
    page.get_by_role("checkbox", name=absent).check()
    expect(page.get_by_text("Khi ký, phần đánh dấu thiếu")).to_be_visible()
    page.locator("[data-counted]").fill("1")
    page.locator("[data-seal]").select_option("none")
    page.get_by_role("button", name="Ký nhận 1 bưu gửi").click()
    expect(page.locator('[data-done="batch"] [data-verdict="accepted"]')).to_be_visible()
    told = {code: [event["type"] for event in history(service, code)] for code in RESULTS}
    assert told == {
        here: ["COLLECT_RESULT", "ARRIVE"],
        absent: ["COLLECT_RESULT", "EXCEPTION"],
        kept: ["COLLECT_RESULT"],
    }
    *_, last = history(service, kept)
    assert (last["holding"], last["holder"]) == ("courier", COURIER)


def test_a_code_of_no_batch_is_told_of_only_what_the_server_said(clerk: Clerk) -> None:
    page = clerk.page
    clerk.tab("Nhận lô")
    page.locator(f'[data-bringer="{COURIER}"]').click()
    unseen, unasked = make_s10(998), make_s10(999)
    page.keyboard.type(unseen)
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("không xem được từ điểm này")
    page.context.set_offline(True)
    page.keyboard.type(unasked)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Không nối được")).to_be_visible()
    expect(page.locator("[data-said]")).to_have_text(f"{unasked} không thuộc lô này. Để riêng, không ký nhận.")
    page.context.set_offline(False)


def _hand_out(service: Service, clerk: Clerk) -> None:
    page = clerk.page
    clerk.tab("Trả kết quả")
    page.get_by_label("Mã bưu gửi, họ tên").fill(RESULTS[1])
    page.keyboard.press("Enter")
    expect(page.get_by_text("N*** V*** B***")).to_be_visible()
    page.get_by_role("button", name="Xem đầy đủ").click()
    expect(page.get_by_text("Nguyễn Văn Bình")).to_be_visible()
    page.locator('[data-piece="recipient_name"]').fill("Nguyễn Văn Bình")
    page.locator('[data-piece="id_kind"]').select_option("identity_card")
    page.locator('[data-piece="id_digits"]').fill("4321")
    expect(page.get_by_role("button", name="Phát kết quả")).to_be_disabled()
    clerk.sign("signature_theirs")
    page.get_by_role("button", name="Phát kết quả").click()
    expect(page.locator(f'[data-done="{RESULTS[1]}"] [data-verdict="accepted"]')).to_be_visible()
    *_, event = history(service, RESULTS[1])
    assert (event["type"], event["holding"], event["is_complete"]) == ("DELIVER", "done", True)
    assert event["personal"]["data.id_digits"] == "4321"
    assert event["personal"]["data.cash_dong"] == 25_000


def test_a_procedure_that_may_not_go_by_post_is_refused_with_its_decision(clerk: Clerk) -> None:
    clerk.fill_dossier()
    button = clerk.page.get_by_role("button", name="Chấp nhận hồ sơ")
    expect(button).to_be_enabled()
    clerk.page.get_by_role("combobox", name="Thủ tục").fill("ban sao")
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.get_by_role("alert")).to_contain_text("12/QĐ-UBND")
    expect(button).to_be_disabled()


def test_scans_alone_are_accepted_where_they_are_enough_and_the_papers_stay(
    office: tuple[Service, str], clerk: Clerk
) -> None:
    service, _ = office
    page = clerk.page
    clerk.fill_dossier()
    expect(page.locator("[data-scans-only]")).to_have_count(0)  # not for the procedure that was chosen first
    page.get_by_role("combobox", name="Thủ tục").fill("cu tru")
    page.keyboard.press("Enter")
    page.get_by_label("Chỉ gửi bản quét").check()
    expect(page.locator('[data-piece="seal"]')).to_have_count(0)
    assert faults(clerk) == []
    page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    slip = page.locator(".slip")
    expect(slip.locator("[data-scans-only]")).to_contain_text("Giấy tờ vẫn do người dân giữ")
    expect(slip).not_to_contain_text("NP-0042")
    expect(page.locator(".label")).to_have_count(0)
    expect(page.get_by_role("button", name="In nhãn")).to_have_count(0)
    expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "0")
    (event,) = history(service, DOSSIER)
    data = event["record"]["data"]
    assert (event["type"], event["holding"], event["is_complete"]) == ("ACCEPT", "done", True)
    assert (data["scans_only"], data.get("seal")) == (True, None)
    assert len(event["personal"]["data.photos"]) == 1


def test_scans_are_asked_for_when_nothing_else_is_sent(clerk: Clerk) -> None:
    page = clerk.page
    page.get_by_role("combobox", name="Thủ tục").fill("cu tru")
    page.keyboard.press("Enter")
    expect(page.locator("[data-lacks]")).to_have_attribute("data-lacks", re.compile(r"\bseal\b"))
    page.get_by_label("Chỉ gửi bản quét").check()
    expect(page.locator("[data-lacks]")).to_have_attribute("data-lacks", re.compile(r"\bphoto\b"))
    expect(page.locator("[data-lacks]")).not_to_have_attribute("data-lacks", re.compile(r"\bseal\b"))


def test_both_sides_sign_for_a_batch(office: tuple[Service, str], clerk: Clerk) -> None:
    service, _ = office
    page = clerk.page
    clerk.tab("Nhận lô")
    page.locator(f'[data-bringer="{COURIER}"]').click()
    for code in RESULTS[:2]:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    page.locator("[data-counted]").fill("2")
    page.locator("[data-seal]").select_option("none")
    form = page.locator("form", has_text="Đếm lại")
    clerk.sign("signature_theirs", form)
    clerk.sign("signature_ours", form)
    page.get_by_role("button", name="Ký nhận 2 bưu gửi").click()
    expect(page.locator('[data-done="batch"] [data-verdict="accepted"]')).to_be_visible()
    arrivals = [history(service, code)[-1] for code in RESULTS[:2]]
    for event in arrivals:
        personal = event["personal"]
        told = {personal["data.signature_theirs"], personal["data.signature_ours"]}
        assert told == set(personal["evidence"])
    assert history(service, RESULTS[2])[-1]["type"] == "COLLECT_RESULT"


def test_an_acceptance_whose_answer_was_lost_is_finished_after_a_crash(
    office: tuple[Service, str], clerk: Clerk
) -> None:
    service, _ = office

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    clerk.fill_dossier()
    clerk.page.route("**/api/v1/shipments", lose)
    clerk.page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(clerk.page.get_by_role("alert")).to_contain_text("Không nối được")
    assert history(service, DOSSIER) == []
    clerk.page.unroute("**/api/v1/shipments")
    clerk.page.reload()
    resumed = datetime.now(UTC)
    clerk.page.get_by_role("button", name="Làm tiếp").click()
    expect(clerk.page.locator('[data-verdict="accepted"]')).to_be_visible()
    (event,) = history(service, DOSSIER)
    assert event["type"] == "ACCEPT"
    assert datetime.fromisoformat(event["record"]["at"]) < resumed  # when it was signed
    clerk.page.reload()
    expect(clerk.page.get_by_role("combobox", name="Thủ tục")).to_be_visible()


def test_what_is_taken_down_without_a_connection_is_sent_later(office: tuple[Service, str], clerk: Clerk) -> None:
    service, _ = office
    clerk.fill_dossier()
    clerk.page.route("**/api/v1/custody/events", lambda route: route.abort())
    clerk.page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(clerk.page.locator('[data-verdict="waiting"]')).to_be_visible()
    expect(clerk.page.locator("[data-unsent]")).to_have_text("1 việc chưa gửi")
    assert history(service, DOSSIER) == []
    clerk.page.unroute("**/api/v1/custody/events")
    clerk.page.evaluate("dispatchEvent(new Event('online'))")
    expect(clerk.page.locator('[data-verdict="accepted"]')).to_be_visible()
    assert [event["is_complete"] for event in history(service, DOSSIER)] == [True]


def test_what_a_lost_computer_signs_is_refused_and_the_computer_wiped(
    office: tuple[Service, str], clerk: Clerk
) -> None:
    """Its clerk's log-in still stands, so it may do everything but sign."""
    service, _ = office
    page = clerk.page
    clerk.fill_dossier()
    _report_lost(service)
    page.wait_for_timeout(5_500)  # what was signed sooner may have been signed before
    page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(page.locator('[data-lost="wiped"]')).to_be_visible()
    assert history(service, DOSSIER) == []
    (refused,) = service.ask("GET", "/api/v1/custody/refused", by="head-dispatcher").json()["events"]
    assert [piece["code"] for piece in refused["pieces"]] == ["device_revoked"]
    assert _kept(clerk) == {"values": 0, "outbox": 0, "files": 0}


def test_a_lost_computer_hands_in_what_waits_wipes_itself_and_is_enrolled_anew(
    office: tuple[Service, str], clerk: Clerk
) -> None:
    service, _ = office
    page = clerk.page
    clerk.fill_dossier()
    page.route("**/api/v1/custody/events", lambda route: route.abort())
    page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(page.locator('[data-verdict="waiting"]')).to_be_visible()
    _report_lost(service)
    page.reload()
    expect(page.locator('[data-lost="sending"]')).to_be_visible()
    assert _kept(clerk)["outbox"] == 1
    assert faults(clerk) == []
    page.unroute("**/api/v1/custody/events")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator('[data-lost="wiped"]')).to_be_visible()
    assert [event["type"] for event in history(service, DOSSIER)] == ["ACCEPT"]
    assert _kept(clerk) == {"values": 0, "outbox": 0, "files": 0}
    clerk.enrol(service)
    clerk.log_in()
    expect(page.get_by_role("button", name="Nhận lô", exact=True)).to_be_visible()
    assert _kept(clerk)["values"] > 0


def _report_lost(service: Service) -> None:
    for device in service.ask("GET", "/api/v1/devices").json()["devices"]:
        if device["user_id"] == user_id_of(service, "desk"):
            assert service.ask("DELETE", f"/api/v1/devices/{device['device_id']}").status_code == 204


def _kept(clerk: Clerk) -> dict[str, int]:
    """How much each store of the computer's database holds."""
    found: dict[str, int] = clerk.page.evaluate(
        """() => new Promise((done, fail) => {
            const asked = indexedDB.open('duongthu-desk')
            asked.onerror = () => fail(asked.error)
            asked.onsuccess = () => {
                const database = asked.result, names = [...database.objectStoreNames], found = {}
                const work = database.transaction(names)
                for (const name of names)
                    work.objectStore(name).count().onsuccess = (event) => (found[name] = event.target.result)
                work.oncomplete = () => { database.close(); done(found) }
            }
        })"""
    )
    return found


def test_what_was_refused_is_mended_under_its_own_time_with_its_signatures(
    office: tuple[Service, str], clerk: Clerk
) -> None:
    service, _ = office
    page = clerk.page
    clerk.fill_dossier()
    sent: list[dict[str, Any]] = []

    def refuse(route: Route) -> None:
        sent.extend(json.loads(route.request.post_data or "")["events"])
        error = {"code": "x", "message_vi": "Số niêm phong sai.", "message_en": "The seal is wrong."}
        route.fulfill(status=422, json={"error": error})

    page.route("**/api/v1/custody/events", refuse)
    page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(page.locator('[data-verdict="refused"]')).to_contain_text("sửa ở mục “Đã ghi”")
    page.unroute("**/api/v1/custody/events")
    clerk.tab("Đã ghi")
    page.get_by_role("button", name="Sửa việc bị từ chối").click()
    form = page.locator("form", has_text="Việc này chưa vào sổ")
    expect(form.get_by_text("Số niêm phong sai.")).to_be_visible()
    expect(form.locator("[data-lacks]")).to_have_attribute("data-lacks", "")
    assert faults_in_both(clerk) == []
    form.locator('[data-piece="seal"]').fill("NP-0043")
    form.locator('[data-piece="fee_dong"]').fill("")
    expect(form.locator("[data-lacks]")).to_have_attribute("data-lacks", "fee_dong")
    form.locator('[data-piece="fee_dong"]').fill("180.000")
    form.get_by_label("Số tờ của giấy tờ 2").fill("4")
    form.get_by_role("button", name="Gửi lại").click()
    expect(page.locator('[data-state="answered"]')).to_contain_text("Đã sửa sau khi bị từ chối")
    expect(page.locator("[data-parked]")).to_have_attribute("data-parked", "0")
    clerk.tab("Nhận hồ sơ")  # the slip is still there
    expect(page.locator('[data-verdict="accepted"]')).to_be_visible()
    (event,) = history(service, DOSSIER)
    record, (refused, *_) = event["record"], sent
    assert (event["type"], event["is_complete"], record["data"]["seal"]) == ("ACCEPT", True, "NP-0043")
    assert event["event_id"] != refused["event_id"]
    assert datetime.fromisoformat(record["at"]) == datetime.fromisoformat(refused["at"])
    assert record["counter"] == refused["counter"]
    personal = event["personal"]
    assert personal["data.fee_dong"] == 180_000
    assert [one["count"] for one in personal["data.documents"]] == [1, 4]
    pictures = ("signature_theirs", "signature_ours", "photos")
    assert {name: personal[f"data.{name}"] for name in pictures} == {name: refused["data"][name] for name in pictures}


def test_a_result_is_handed_out_by_keyboard_alone_with_a_pin(office: tuple[Service, str], clerk: Clerk) -> None:
    service, _ = office
    (code, *_) = RESULTS
    arrived(service, code)
    pin = service.ask("POST", f"/api/v1/track/{code}/pin", by="desk").json()["pin"]
    keyboard = clerk.page.keyboard
    clerk.page.get_by_role("button", name="Trả kết quả", exact=True).focus()
    keyboard.press("Enter")
    expect(clerk.page.get_by_label("Mã bưu gửi, họ tên")).to_be_focused()
    keyboard.type(code)
    keyboard.press("Enter")
    expect(clerk.page.locator('[data-piece="recipient_name"]')).to_be_visible()
    for _ in range(3):  # the button beside the field, the name's, the money's
        keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.type("Nguyễn Văn An")
    for key in ("Enter", "Enter", "ArrowDown", "Enter"):  # on to who they are, the kind of ID, its first choice, digits
        keyboard.press(key)
    keyboard.type("4321")
    for _ in range(3):  # past the picture of a signature and signing again
        keyboard.press("Tab")
    keyboard.type(pin)
    expect(clerk.page.get_by_role("button", name="Phát kết quả")).to_be_enabled()
    for _ in range(2):
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(clerk.page.locator('[data-verdict="accepted"]')).to_be_visible()
    *_, event = history(service, code)
    assert (event["type"], event["holding"], event["is_complete"]) == ("DELIVER", "done", True)
    assert "data.pin_sealed" in event["record"]["commitments"]


def test_a_new_pin_takes_the_place_of_a_lost_one(office: tuple[Service, str], clerk: Clerk) -> None:
    service, _ = office
    (code, *_) = RESULTS
    old = service.ask("POST", f"/api/v1/track/{code}/pin", by="desk").json()["pin"]
    clerk.tab("Trả kết quả")
    clerk.page.get_by_label("Mã bưu gửi, họ tên").fill(code)
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.get_by_text("Không phát ở đây được")).to_contain_text("Bưu tá Một (BT-01)")
    expect(clerk.page.get_by_role("button", name="Phát kết quả")).to_have_count(0)
    clerk.page.get_by_text("Mất biên nhận hoặc nhãn?").click()
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.page.get_by_role("button", name="Cấp lại mã PIN").click()
    new = clerk.page.locator("[data-pin]").inner_text()
    statuses = [service.client.post(f"/api/v1/track/{code}", json={"pin": pin}).status_code for pin in (new, old)]
    assert statuses == [200, 401 if new != old else 200]


def test_half_a_dossier_is_kept_while_the_clerk_looks_something_up(clerk: Clerk) -> None:
    clerk.fill_dossier()
    clerk.tab("Hôm nay")
    expect(clerk.page.get_by_label("Họ và tên")).to_be_hidden()
    clerk.tab("Nhận hồ sơ")
    expect(clerk.page.get_by_label("Họ và tên")).to_have_value("Trần Thị Bưởi")
    expect(clerk.page.get_by_role("button", name="Chấp nhận hồ sơ")).to_be_enabled()


def test_half_a_batch_is_kept_while_the_clerk_looks_something_up(clerk: Clerk) -> None:
    page = clerk.page
    clerk.tab("Nhận lô")
    page.locator(f'[data-bringer="{COURIER}"]').click()
    page.keyboard.type(RESULTS[0])
    page.keyboard.press("Enter")
    clerk.tab("Trả kết quả")
    expect(page.get_by_label("Mã bưu gửi, họ tên")).to_be_focused()
    page.keyboard.type("nguyen")
    clerk.tab("Nhận lô")
    expect(page.locator('[data-list="read"] li')).to_have_text([f"✓ {RESULTS[0]}"])
    clerk.tab("Trả kết quả")
    expect(page.get_by_label("Mã bưu gửi, họ tên")).to_have_value("nguyen")


def test_what_was_signed_for_is_offered_no_more_before_it_is_sent(clerk: Clerk) -> None:
    page = clerk.page
    clerk.tab("Nhận lô")
    page.route("**/api/v1/custody/events", lambda route: route.abort())
    page.locator(f'[data-bringer="{COURIER}"]').click()
    for code in RESULTS:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    page.locator("[data-counted]").fill("3")
    page.locator("[data-seal]").select_option("yes")
    page.get_by_role("button", name="Ký nhận 3 bưu gửi").click()
    expect(page.locator('[data-verdict="waiting"]')).to_be_visible()
    expect(page.get_by_text("Không có bưu tá hay chuyến thư")).to_be_visible()
    expect(page.locator("[data-bringer]")).to_have_count(0)


def test_the_next_step_has_the_focus(clerk: Clerk) -> None:
    page = clerk.page
    expect(page.get_by_role("combobox", name="Thủ tục")).to_be_focused()
    clerk.fill_dossier()
    page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(page.get_by_role("button", name="In biên nhận")).to_be_focused()
    page.get_by_role("button", name="Hồ sơ khác").click()
    expect(page.get_by_role("combobox", name="Thủ tục")).to_be_focused()


def test_a_first_password_is_changed_before_anything_else(browser: Browser, office: tuple[Service, str]) -> None:
    service, address = office
    given = service.ask("POST", f"/api/v1/users/{user_id_of(service, 'desk')}/password").json()["password"]
    clerk = Clerk.at(browser, address)
    clerk.enrol(service)
    clerk.log_in(password=given)
    clerk.page.get_by_label("Mật khẩu được cấp").fill(given)
    clerk.page.get_by_label("Mật khẩu mới", exact=True).fill("quầy của tôi sạch sẽ")
    clerk.page.get_by_label("Nhập lại mật khẩu mới").fill("quầy của tôi sạch")
    expect(clerk.page.get_by_role("button", name="Đổi mật khẩu")).to_be_disabled()
    clerk.page.get_by_label("Nhập lại mật khẩu mới").fill("quầy của tôi sạch sẽ")
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.get_by_role("combobox", name="Thủ tục")).to_be_visible()
    assert clerk.complaints == []


def test_a_server_that_is_busy_at_first_is_asked_again(browser: Browser, office: tuple[Service, str]) -> None:
    service, address = office
    clerk = Clerk.at(browser, address)
    clerk.page.route("**/api/v1/auth/refresh", lambda route: route.fulfill(status=503, body="{}"))
    clerk.enrol(service)
    expect(clerk.page.get_by_role("alert")).to_contain_text("503")
    clerk.log_in()
    expect(clerk.page.get_by_role("combobox", name="Thủ tục")).to_be_visible()
    expect(clerk.page.get_by_role("alert")).to_have_count(0)


def test_who_works_at_no_desk_is_told_so(browser: Browser, office: tuple[Service, str]) -> None:
    clerk = Clerk.at(browser, office[1])
    clerk.page.goto(f"{office[1]}/desk")
    clerk.log_in("planner", PASSWORD)
    expect(clerk.page.get_by_role("alert")).to_contain_text("không làm việc ở quầy")


@pytest.mark.long
@pytest.mark.parametrize("size", [(1366, 768), (360, 800)], ids=["desktop", "phone"])
def test_every_screen_is_fit_for_everybody(
    browser: Browser, office: tuple[Service, str], size: tuple[int, int]
) -> None:
    service, address = office
    arrived(service, RESULTS[0])
    clerk = Clerk.at(browser, address, size)
    clerk.page.goto(f"{address}/desk")
    expect(clerk.page.get_by_label("Tên đăng nhập")).to_be_visible()
    found = {"login": faults_in_both(clerk)}
    clerk.log_in()
    expect(clerk.page.get_by_text("Ghi danh máy tính này")).to_be_visible()
    found["enrol"] = faults_in_both(clerk)
    clerk.enrol(service)
    clerk.fill_dossier(make_s10(size[0]))
    found["accept"] = faults_in_both(clerk)
    clerk.page.get_by_role("button", name="Chấp nhận hồ sơ").click()
    expect(clerk.page.locator('[data-verdict="accepted"]')).to_be_visible()
    found["slip"] = faults_in_both(clerk)
    for name, seen in (("Nhận lô", f'[data-bringer="{COURIER}"]'), ("Hôm nay", "table"), ("Đã ghi", "[data-state]")):
        clerk.tab(name)
        expect(clerk.page.locator(seen).first).to_be_visible()
        found[name] = faults_in_both(clerk)
    clerk.tab("Nhận lô")
    clerk.page.locator(f'[data-bringer="{COURIER}"]').click()
    clerk.page.locator("[data-scan]").fill(ELSEWHERE)
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator("[data-said].bad")).to_be_visible()
    clerk.page.locator('[data-list="missing"]').get_by_role("checkbox").first.check()
    clerk.page.locator("[data-counted]").fill("3")
    found["batch"] = faults_in_both(clerk)
    clerk.tab("Trả kết quả")
    clerk.page.get_by_label("Mã bưu gửi, họ tên").fill(RESULTS[0])
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.locator('[data-piece="id_digits"]')).to_be_visible()
    clerk.page.get_by_text("Mất biên nhận hoặc nhãn?").click()
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.page.get_by_role("button", name="Cấp lại mã PIN").click()
    expect(clerk.page.locator("[data-pin]")).to_have_count(2)  # the slip's besides
    found["hand out"] = faults_in_both(clerk)
    assert {name: what for name, what in found.items() if what} == {}
