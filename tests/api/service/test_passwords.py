"""Passwords: what everybody tries first is refused, what nobody guesses is taken; nobody is told who exists."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import update

from api.auth import passwords
from api.auth.common_passwords import CONTEXT_WORDS, VIETNAMESE_WORDS, WORLD_WORDS, is_common
from api.auth.tables import users
from api.errors import RefusedError
from tests.api.service.running import PASSWORD, Service

_LEAKED = """
1234567890 qwertyuiop password123 password1234 Password2024! iloveyou123 123456789a 1q2w3e4r5t 1qaz2wsx3edc q1w2e3r4t5
qwerty123456 abc123456789 0987654321 9876543210 1111111111 0123456789 administrator qwerty12345 1234567891 asdfghjkl123
zxcvbnm123 1234512345 aa123456789 a1234567890 P@ssw0rd123 Admin@123456 Abcd@12345678 welcome2024 football123
qazwsxedc123 superman123 passwordpassword 12345678910 qwertyuiop123 zaq12wsxcde3 11223344556677889900 1qaz@WSX3edc
letmein12345 matkhau123 matkhau123456 anhyeuem123 anhyeuem1999 vietnam123 Vietnam@2024 Viettel@2024 Buudien@2025
buutacantho hoangminh99
nguyenminh1990 emyeuanh1314 0912345678 0987654123 +84912345678 khongbiet123 hanoi123456 angiang2026 DuongThu@2026
"""
LEAKED = tuple(_LEAKED.split())
"""Of the public lists of leaked passwords, and their habits here; typed by hand, not made by the rule."""

UNCOMMON = [
    PASSWORD,
    "bưởi xanh chờ mưa tháng tư",
    "correct horse battery staple",
    "một câu khác hẳn 2026",
    "vR7kzpW2mx",
    "🦆🦀🐌🦔🐙🦑🐝🐞🦂🐢",
]


@pytest.mark.parametrize("password", LEAKED)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(RefusedError):
        passwords.hashed(password, login="somebody")


@pytest.mark.slow
@pytest.mark.parametrize("password", UNCOMMON)
def test_unrelated_words_of_any_characters_are_taken(password: str) -> None:
    assert passwords.matches(password, passwords.hashed(password, login="somebody"))


@pytest.mark.slow
def test_more_than_three_thousand_common_passwords_are_known() -> None:
    words = " ".join((WORLD_WORDS, VIETNAMESE_WORDS, CONTEXT_WORDS)).split()
    tried = {
        f"{word}{end}" for word in set(words) for end in [*range(1990, 2027), "123", "@123", "123456", "!", "@2026"]
    }
    long_enough = {password for password in tried if len(password) >= passwords.SHORTEST}
    assert len(long_enough) > 3_000
    assert all(is_common(password) for password in long_enough)


@pytest.mark.slow
def test_first_passwords_are_never_common() -> None:
    assert not any(is_common(passwords.made_up()) for _ in range(500))


def test_a_common_password_is_refused_over_http(sqlite_service: Service) -> None:
    body = {"old": PASSWORD, "new": "Buudien@2025"}
    answer = sqlite_service.ask("PUT", "/api/v1/auth/password", by="planner", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "refused")


def test_who_does_not_exist_costs_and_hears_the_same(sqlite_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = update(users).where(users.c.login == "desk").values(password_hash=passwords.hashed(PASSWORD, login="desk"))
    sqlite_service.runtime.writer.write_now(lambda connection: connection.execute(honest))
    checked: list[str] = []
    really = PasswordHasher.verify

    def counted(self: PasswordHasher, against: str, password: str) -> bool:
        checked.append(against)
        return bool(really(self, against, password))

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    answers = [
        sqlite_service.client.post("/api/v1/auth/login", json={"login": login, "password": "sai hẳn rồi"})
        for login in ("desk", "nobody-of-this-name")
    ]
    known, unknown = (extract_parameters(password_hash) for password_hash in checked)
    assert known == unknown
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
