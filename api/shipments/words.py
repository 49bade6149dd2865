"""
What finds a shipment: the words of the citizen's name, folded, and its place in the order of things.

Codes stand in the same index behind a mark: `c:30307` a commune, `p:1.012753` a procedure, `o:BC-LX` an office. One
index then answers every search, and each word's shipments lie in it newest first.
"""

from __future__ import annotations

import re
import unicodedata

from api.shipments.model import Shipment

LONGEST = 80
_WORD = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """Lower case without diacritics, as people type in a hurry: `Nguyễn Văn Đỏ` is `nguyen van do`."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The different words of a text, folded, in their order."""
    return list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(folded(text))))


def commune_word(code: str) -> str:
    return f"c:{code}"


def procedure_word(code: str) -> str:
    return f"p:{code}"


def office_word(site_id: str) -> str:
    return f"o:{site_id}"


def finding_words(shipment: Shipment, offices: tuple[str | None, ...]) -> set[str]:
    """Every word of a shipment, given the offices that see it."""
    found = {*words_of(shipment.contact_name), commune_word(shipment.origin_commune)}
    found.add(commune_word(shipment.dest_commune))
    if shipment.procedure_code is not None:
        found.add(procedure_word(shipment.procedure_code))
    return found | {office_word(office) for office in offices if office is not None}


def digits(phone: str) -> str:
    """A telephone number without its spaces and dots; `+84` is the `0` of home."""
    plain = re.sub(r"[^0-9+]", "", phone)
    return "0" + plain[3:] if plain.startswith("+84") else plain
