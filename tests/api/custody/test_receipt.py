"""A citizen's receipt in a real browser, offline, and by the command's functions: both say the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from api.custody.broken import BrokenLedgerError
from api.custody.chain import canonical
from api.custody.notes import SigningKey
from api.custody.receipt import DATA, Receipt, Told, make_receipt, read_receipt, receipt_html, verify_receipt
from api.custody.tree import leaf_hash
from api.errors import NotFoundError
from tests.api.custody.ledgers import CODE, LOG, ORIGIN, SEEN_AT, WITNESS, content, hashes_of, head_of
from tests.effort import spread
from tests.pages import built_pages

RECORDS = [content(seq) for seq in range(20)]
MINE = [(seq, RECORDS[seq]) for seq in range(0, 20, 3)]

KEYS = LOG.verifier, (WITNESS.verifier,)


@pytest.fixture(scope="module")
def receipt() -> Receipt:
    return make_receipt(CODE, MINE, hashes_of(RECORDS), head_of(RECORDS), *KEYS)


@pytest.fixture(scope="module")
def page_text(receipt: Receipt) -> str:
    built_pages()
    return receipt_html(receipt)


def altered(text: str, at: int) -> str:
    """The text with another letter of the same kind at one place."""
    letter = text[at]
    other = {"A": "B", "0": "1"}.get(letter, "A" if letter.isalpha() else "0")
    return text[:at] + other + text[at + 1 :]


def alterations(facts: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a receipt with one letter changed, at several places of it."""

    def changed(change: Any) -> dict[str, Any]:
        copy: dict[str, Any] = json.loads(json.dumps(facts))
        change(copy)
        return copy

    for part in ("format", "code", "log_key", "checkpoint"):
        for at in range(0, len(facts[part]), 1 if part == "checkpoint" else 7):
            if facts[part][at] != "\n":
                yield (
                    f"{part} {at}",
                    changed(lambda copy, part=part, at=at: copy.update({part: altered(copy[part], at)})),
                )
    for at in range(0, len(facts["witness_keys"][0]), 5):
        yield (
            f"witness {at}",
            changed(lambda copy, at=at: copy.update(witness_keys=[altered(copy["witness_keys"][0], at)])),
        )
    for number, event in enumerate(facts["events"]):
        for at in range(0, len(event["record"]), 11):
            yield (
                f"record {number} {at}",
                changed(
                    lambda copy, number=number, at=at: copy["events"][number].update(
                        record=altered(copy["events"][number]["record"], at)
                    )
                ),
            )
        yield f"index {number}", changed(lambda copy, number=number: copy["events"][number].update(index=number + 1))
        for step, text in enumerate(event["proof"]):
            for at in (0, 20, len(text) - 2):
                yield (
                    f"proof {number} {step} {at}",
                    changed(
                        lambda copy, number=number, step=step, at=at: copy["events"][number]["proof"].__setitem__(
                            step, altered(copy["events"][number]["proof"][step], at)
                        )
                    ),
                )
    yield "no event", changed(lambda copy: copy.update(events=[]))
    yield "no witness key", changed(lambda copy: copy.update(witness_keys=[]))


def with_facts(page_text: str, facts: dict[str, Any]) -> str:
    start, end = DATA.search(page_text).span(1)  # type: ignore[union-attr]
    return page_text[:start] + json.dumps(facts) + page_text[end:]


def is_proved(page_text: str) -> bool:
    try:
        verify_receipt(read_receipt(page_text))
    except BrokenLedgerError:
        return False
    return True


def test_a_good_receipt_is_proved_by_the_command(page_text: str, receipt: Receipt) -> None:
    assert read_receipt(page_text) == receipt
    checked = verify_receipt(receipt, LOG.verifier)
    assert (checked.head.origin, checked.head.size) == (ORIGIN, 20)
    assert checked.seen == (("witness.example", SEEN_AT),)
    with pytest.raises(BrokenLedgerError, match="not the ledger's"):
        verify_receipt(receipt, SigningKey.generate(ORIGIN).verifier)


def test_a_receipt_is_not_made_of_events_of_another(receipt: Receipt) -> None:
    with pytest.raises(BrokenLedgerError, match="Event 1 is not of"):
        make_receipt(CODE, [(1, RECORDS[1])], hashes_of(RECORDS), head_of(RECORDS), *KEYS)
    with pytest.raises(BrokenLedgerError, match="Event 1 is not in the ledger"):
        make_receipt(CODE, [(0, RECORDS[3])], hashes_of(RECORDS), head_of(RECORDS), *KEYS)


def test_a_record_of_several_shipments_is_held_back_and_is_in_the_ledger_all_the_same() -> None:
    bag = canonical(
        {"at": "2026-12-07T08:00:00+07:00", "data": {"scanned": [CODE, "CA9VN"], "site_id": "BC-LX"},
         "shipments": [CODE, "CA9VN"], "type": "BAG"}
    )  # fmt: skip
    records = [*RECORDS, bag]
    made = make_receipt(CODE, [*MINE, (20, bag)], hashes_of(records), head_of(records), *KEYS)
    text = json.dumps(made.to_json())
    assert "CA9VN" not in text
    held = made.events[-1]
    assert (held.content, held.leaf) == (None, leaf_hash(bag))
    assert held.shown == Told("BAG", "2026-12-07T08:00:00+07:00", "BC-LX")
    page = f'<script type="application/json" id="receipt">{text}</script>'
    assert read_receipt(page) == made
    assert is_proved(page)
    for at in range(0, 40, 7):
        facts = json.loads(text)
        facts["events"][-1]["leaf"] = altered(facts["events"][-1]["leaf"], at)
        assert not is_proved(with_facts(page, facts))
    wrongs: list[dict[str, Any]] = [
        {"told": {"type": 1, "at": "", "site_id": ""}},
        {"told": {}},
        {"record": bag.decode()},
    ]
    for wrong in wrongs:
        facts = json.loads(text)
        facts["events"][-1] |= wrong
        assert not is_proved(with_facts(page, facts))
    with pytest.raises(BrokenLedgerError, match="is not of"):
        make_receipt("CA8VN", [(20, bag)], hashes_of(records), head_of(records), *KEYS)
    shown = json.loads(text)  # who writes another's codes in a receipt writes none
    del shown["events"][-1]["leaf"], shown["events"][-1]["told"]
    shown["events"][-1]["record"] = bag.decode()
    assert not is_proved(with_facts(page, shown))


def test_a_server_without_the_script_says_what_to_do(
    receipt: Receipt, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("api.custody.receipt.SCRIPT", tmp_path / "receipt.js")
    with pytest.raises(NotFoundError, match=r"build_pages\.py"):
        receipt_html(receipt)


@pytest.mark.parametrize("record", ["[]", "1", "{", '{"shipments":1}', "\ud800"], ids=range(5))
def test_what_is_no_record_is_refused(page_text: str, receipt: Receipt, record: str) -> None:
    facts = receipt.to_json()
    facts["events"][0]["record"] = record
    assert not is_proved(with_facts(page_text, facts))


def test_a_leaf_that_is_no_record_proves_nothing() -> None:
    for odd in (b"[]", b"{", b'{"shipments":1}'):
        with pytest.raises(BrokenLedgerError, match="Event 1 is not of"):
            make_receipt(CODE, [(0, odd)], hashes_of([odd]), head_of([odd]), *KEYS)


@pytest.mark.browser
def test_a_good_receipt_is_green_offline(browser: Browser, page_text: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.html"
    file.write_text(page_text, encoding="utf-8")
    context = browser.new_context(offline=True)
    page, asked, complaints = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text))
    page.goto(file.as_uri())
    assert page.get_attribute("body", "data-good") == "true"
    assert page.locator("#events tr[data-good=true]").count() == len(MINE)
    assert page.locator("#steps tr[data-good=true]").count() == 2
    assert page.locator("[data-good=false]").count() == 0
    first = page.locator("#events tr").first.inner_text()
    assert "Nhận hồ sơ / Accepted" in first
    assert "BC-CD" in first
    assert page.inner_text("#key") == LOG.verifier.text
    assert asked == [file.as_uri()]
    assert complaints == []
    assert page.evaluate("fetch('https://example.com').then(() => 'asked', () => 'blocked')") == "blocked"
    context.close()


@pytest.mark.browser
def test_a_changed_script_does_not_run(browser: Browser, page_text: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.html"
    broken = page_text.replace("Every step is proved", "Every step is right!")
    assert broken != page_text
    file.write_text(broken, encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert page.get_attribute("body", "data-good") is None
    assert "Not checked" in page.inner_text("#answer")
    page.close()


@pytest.mark.browser
@pytest.mark.slow
def test_one_changed_letter_is_red_in_the_browser_and_for_the_command(
    browser: Browser, page_text: str, receipt: Receipt, tmp_path: Path
) -> None:
    page, file = browser.new_page(), tmp_path / "receipt.html"
    every = {name: with_facts(page_text, facts) for name, facts in alterations(receipt.to_json())}
    assert len(every) > 300
    assert [name for name, text in every.items() if is_proved(text)] == []
    for name in [*one_of_each_kind(every), *spread(list(every), 30)]:
        file.write_text(every[name], encoding="utf-8")
        page.goto(file.as_uri())
        assert page.get_attribute("body", "data-good") == "false", name
    page.close()


def one_of_each_kind(names: Iterable[str]) -> list[str]:
    """Whatever the places of it."""
    return list({name.rstrip("0123456789 "): name for name in names}.values())
