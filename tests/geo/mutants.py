"""Damaged and absurd extracts: whatever a careless editor, a broken download or an attacker may hand in."""

import random
from collections.abc import Callable
from pathlib import Path

import osmium

from tests.geo.samples import Extract, square

Mutation = Callable[[random.Random, bytes], bytes]

ODD_IDS = (0, -1, -(2**40), 2**31, 2**32 + 1, 2**40, 2**62, 12_345_678_901)
ODD_PLACES = (
    (0.5, 0.5), (75_000, 0), (-285_000, 0), (74_999.9999, 79_999), (0, 80_000), (0, -100_000), (80_000, 5), (5, 85_000),
)  # fmt: skip
"""Thousandths of a degree off (105, 10): the antimeridian from both sides, the poles, just beyond the world."""
WILD_PLACES = ((5, 1e9), (float("nan"), 0), (float("inf"), 1), (-1e300, 3), (1e6, 0))
"""What no reader takes for a coordinate."""
ODD_VALUES = (
    "", " ", "x" * 1_000, "1e999", "-1e999", "-5", "NaN", "inf", "0", "0.0000001", "9" * 400, "٣٠", "½", "³", "⑤",
    "حد السرعة", "\u202e30 km/h", "đường cấm", "30;50;walk", ";;;", ":", "no;yes", "yes @ (Mo-Fr)", "00:00", "99:59:59",
    "PT", "P9999999999D", "PT0.0001S", "1:60", "mph", "VN:", ":50", "zone:0", "zone:³", "VN:zone³", "[b]", "{0}", "\n",
    "&#0;", "%s", "🛵" * 90, "0 m", "0,0", "1e-9 m", "'\"<>",
)  # fmt: skip
KEYS = (
    "highway", "oneway", "junction", "access", "vehicle", "motor_vehicle", "motorcycle", "foot", "maxspeed", "route",
    "surface", "smoothness", "tracktype", "duration", "interval", "maxspeed:forward", "barrier", "width", "maxwidth",
    "type", "restriction", "restriction:hgv", "restriction:conditional", "except", "name", "ref", "oneway:motorcycle",
    "access:conditional", "access:backward", "", "k" * 300, "é", "crossing", "ford", "traffic_signals",
)  # fmt: skip
TOO_LONG = "x" * 5_000
KINDS: tuple[dict[str, str], ...] = (
    {"highway": "residential"},
    {"highway": "track"},
    {"route": "ferry"},
    {"highway": "footway"},
    {},
)


def odd_extract(draw: random.Random) -> Extract:
    """The square with absurd nodes, ways, tags and relations beside it."""
    extract = square(**odd_tags(draw))
    for node in draw.sample(ODD_IDS, draw.randint(0, 4)):
        extract.nodes[node] = draw.choice(ODD_PLACES)
    for node in range(5, 5 + draw.randint(0, 6)):
        extract.nodes[node] = draw.choice(ODD_PLACES) if draw.random() < 0.3 else (draw.random() * 9, draw.random() * 9)
    ids = [*extract.nodes, 404, 2**50]
    for _ in range(draw.randint(0, 8)):
        extract.ways.append((odd_refs(draw, ids), odd_tags(draw)))
    for node in draw.sample(ids, draw.randint(0, 3)):
        extract.node_tags[node] = {"barrier": draw.choice(("bollard", "gate", *ODD_VALUES)), **odd_tags(draw)}
    for _ in range(draw.randint(0, 5)):
        extract.relations.append((odd_members(draw, ids), odd_relation_tags(draw)))
    if draw.random() < 0.05:
        extract.nodes[77] = draw.choice(WILD_PLACES)
    if draw.random() < 0.05:
        extract.way((1, 3), highway="service", name=TOO_LONG)
    if draw.random() < 0.2:
        del extract.nodes[draw.choice(list(extract.nodes))]
    return extract


def odd_refs(draw: random.Random, ids: list[int]) -> list[int]:
    """No node, one, one repeated, a loop, or any."""
    some = draw.choices(ids, k=draw.randint(2, 7))
    return draw.choice(([], some[:1], some[:1] * 4, [*some, some[0]], [some[0], some[0], *some], some))


def odd_tags(draw: random.Random) -> dict[str, str]:
    values = {draw.choice(KEYS): draw.choice(ODD_VALUES) for _ in range(draw.randint(0, 5))}
    return {**values, **draw.choice(KINDS)} if draw.random() < 0.8 else values


def odd_members(draw: random.Random, ids: list[int]) -> list[tuple[str, int, str]]:
    """Members missing, of the wrong kind, relations of one another and of themselves."""
    roles = ("from", "via", "to", "", "stop", "from", "via", "to", "đi")
    kinds = ("way", "node", "relation", "way")
    return [
        (draw.choice(kinds), draw.choice((1, 2, 3, *ids)), draw.choice(roles)) for _ in range(draw.choice((0, 1, 3, 9)))
    ]


def odd_relation_tags(draw: random.Random) -> dict[str, str]:
    kind = draw.choice(("restriction", "route", "multipolygon", "restriction:motorcycle"))
    turn = draw.choice(("no_left_turn", "only_straight_on", "no_u_turn", *ODD_VALUES))
    return {**odd_tags(draw), "type": kind, "restriction": turn, "route": draw.choice(("ferry", "bus"))}


def flip(draw: random.Random, data: bytes) -> bytes:
    """Change some bytes anywhere."""
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 5, 40))):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def flip_bit(draw: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def cut_off(draw: random.Random, data: bytes) -> bytes:
    return data[: draw.randrange(len(data))]


def behead(draw: random.Random, data: bytes) -> bytes:
    return data[draw.randrange(len(data)) :]


def delete_block(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data))
    return data[:start] + data[start + draw.choice((1, 4, 100, 5_000)) :]


def repeat_block(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data))
    block = data[start : start + draw.choice((1, 4, 100, 5_000))]
    return data[:start] + block * draw.choice((2, 3, 50)) + data[start + len(block) :]


def swap_blocks(draw: random.Random, data: bytes) -> bytes:
    first, second = sorted(draw.randrange(len(data)) for _ in range(2))
    return data[second:] + data[first:second] + data[:first]


def insert_noise(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data))
    return data[:start] + draw.randbytes(draw.choice((1, 8, 300))) + data[start:]


def break_words(draw: random.Random, data: bytes) -> bytes:
    """Bytes that are no UTF-8 in the middle of a word."""
    for word in draw.sample((b"residential", b"highway", b"no", b"ferry", b"way"), 2):
        data = data.replace(word, draw.choice((b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\x00", word[:1] + b"\x80")), 1)
    return data


MUTATIONS: tuple[Mutation, ...] = (
    flip_bit, flip, flip_bit, flip, flip_bit, flip, repeat_block, delete_block, break_words,
    cut_off, behead, swap_blocks, insert_noise,
)  # fmt: skip
"""Small ones more often: they get further into a reader."""


def mutated(draw: random.Random, data: bytes) -> bytes:
    """Data after one to three mutations; never empty of them."""
    for mutation in draw.choices(MUTATIONS, k=draw.choice((1, 1, 1, 2, 3))):
        data = mutation(draw, data) if data else data
    return data


def unpacked_pbf(source: Path, target: Path) -> bytes:
    """
    Write an extract anew as `.osm.pbf` without compression, so that damage reaches what osmium decodes.

    Raises
    ------
    RuntimeError, ValueError, osmium.InvalidLocationError
        When osmium cannot read or write it.
    """
    with osmium.SimpleWriter(osmium.io.File(str(target), "pbf,pbf_compression=none"), overwrite=True) as writer:
        for thing in osmium.FileProcessor(str(source)):
            writer.add(thing)
    return target.read_bytes()
