"""
Passwords that everybody tries first: refused without asking anybody outside.

A list of whole passwords would miss the next year or exclamation mark. So a password is taken apart: well-known words,
runs of the keyboard, repeated characters and years weigh nothing, every other character weighs one. What weighs too
little is as common as its parts; the pieces below stand for far more than the 3,000 passwords of OWASP ASVS 5.0 §6.2.4.
"""

from __future__ import annotations

import re
import unicodedata

LEAST_WEIGHT = 4
"""Characters that belong to nothing well known."""

WORLD_WORDS = (
    "password passw0rd passwd admin administrator root user guest login welcome letmein iloveyou princess sunshine "
    "football baseball basketball monkey dragon master superman batman shadow michael jordan liverpool chelsea "
    "manchester arsenal samsung iphone google facebook internet computer secret changeme default temporary test hello "
    "freedom whatever trustno killer pokemon naruto qwerty azerty abc"
)
"""The tops of the lists of leaked passwords."""

VIETNAMESE_WORDS = (
    "matkhau anhyeuem emyeuanh 1314 yeuem yeuanh anhnhoem emnhoanh concho conheo meocon khongbiet khongco "
    "tinhyeu hanhphuc giadinh bome mevabe vietnam hanoi saigon hochiminh danang nguyen tran pham hoang huynh phan dang "
    "ngoc minh thanh hung dung tuan linh huong trang thuy hanh phuong tung viettel mobifone "
    "vinaphone vnpt fpt zalo abc123 chaoban "
    "taikhoan dangnhap quantri nhanvien giamdoc ketoan camon dienthoai"
)
"""As they are typed here: without marks, with names of people and networks."""

CONTEXT_WORDS = (
    "duongthu buudien buuta buucuc buuchinh vnpost vietnampost hanhchinh hanhchinhcong motcua dichvucong thutuc hoso "
    "uyban ubnd angiang longxuyen chaudoc rachgia phuquoc cantho ninhkieu haugiang soctrang dieuphoi tuyenthu"
)
"""Of this service and the places that it serves (§6.1.2, §6.2.11)."""

_WORDS = tuple(
    sorted(
        {*WORLD_WORDS.split(), *VIETNAMESE_WORDS.split(), *CONTEXT_WORDS.split()}, key=lambda word: (-len(word), word)
    )
)
_ROWS = (
    "01234567890 qwertyuiop asdfghjkl zxcvbnm abcdefghijklmnopqrstuvwxyz 1qaz2wsx3edc4rfv5tgb6yhn7ujm "
    "1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 qazwsxedcrfvtgbyhnujm zaq1xsw2cde3vfr4 !@#$%^&*()"
)
_RUNS = (*_ROWS.split(), *_ROWS[::-1].split())
_SHORTEST_RUN = 3
_YEAR = re.compile(r"(?:19|20)\d\d")
_PHONE = re.compile(r"(?:\+?84|0)\d{9}")
_LEET = str.maketrans("04135$!@7", "oalessiat")


def is_common(password: str) -> bool:
    """Whether a password is among those that are tried first."""
    folded = _folded(password)
    if _PHONE.fullmatch(folded):
        return True  # anybody's own number is known to half the office
    written = (folded, folded.translate(_LEET))
    once = (re.sub(r"(.)\1+", r"\1", text) for text in written)  # 112233
    return min(map(_weight, (*written, *once))) < LEAST_WEIGHT


def _folded(password: str) -> str:
    """Without case and marks: `Mật khẩu` = `matkhau`."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", password.casefold()) if not unicodedata.combining(letter)
    )
    return re.sub(r"\s", "", bare.replace("đ", "d"))


def _weight(text: str) -> int:
    at, weight, before = 0, 0, ""
    while at < len(text):
        known = _known_length(text, at)
        if not known:
            weight += text[at] != before
            known = 1
        before = text[at + known - 1]
        at += known
    return weight


def _known_length(text: str, at: int) -> int:
    """Length of the well-known piece that begins here; 0 = none."""
    word = next((len(word) for word in _WORDS if text.startswith(word, at)), 0)
    year = 4 if _YEAR.match(text, at) else 0
    return max(word, year, _run_length(text, at))


def _run_length(text: str, at: int) -> int:
    length = 0
    while at + length < len(text) and any(text[at : at + length + 1] in run for run in _RUNS):
        length += 1
    return length if length >= _SHORTEST_RUN else 0
