"""What is an event, and what is malformed."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from api.custody.events import DATA, read_event
from api.custody.vocabulary import EventType
from tests.api.custody.made import signed_event


def test_every_type_has_its_data() -> None:
    assert set(DATA) == set(EventType)


@pytest.mark.parametrize("kind", sorted(EventType))
def test_an_event_without_any_piece_is_an_event(kind: str) -> None:
    assert read_event(signed_event(1, kind)).type is EventType(kind)


def test_what_nobody_knows_in_data_is_kept() -> None:
    found = read_event(signed_event(1, "DELIVER", data={"weather": {"rain": True}}))
    assert found.data.model_dump(exclude_none=True) == {"weather": {"rain": True}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"event_id": "01890a5d-ac96-474b-bcce-000000000001"},  # version 4
        {"event_id": "01890a5d-ac96-774b-ccce-000000000001"},  # another variant
        {"event_id": "01890A5D-AC96-774B-BCCE-000000000001"},
        {"type": "LOSE"},
        {"shipments": []},
        {"shipments": ["S1", "S1"]},
        {"shipments": [f"S{number}" for number in range(501)]},
        {"shipments": ["S 1"]},
        {"shipments": "S1"},
        {"at": "2026-12-07T08:00:00"},  # without a zone
        {"at": 1_796_605_200},
        {"at": "1796605200"},  # seconds
        {"at": "20261207"},  # read as seconds, it would lie in 1970
        {"at": "9999-12-31T23:59:59Z"},  # a clock's offset could not be added
        {"at": "0001-01-01T00:00:00+14:00"},
        {"counter": -1},
        {"counter": 2**53},
        {"counter": True},
        {"counter": "1"},
        {"device_id": ""},
        {"offline": "no"},
        {"evidence": ["AA" * 32]},
        {"follows": "that one"},
        {"place": {"lon": 105.0, "lat": 91.0, "accuracy": 1, "age": 0}},
        {"place": {"lon": 105.0, "lat": 10.0}},
        {"signature": "a+b="},
        {"data": None},
        {"data": {"fee_dong": -1}},
        {"data": {"fee_dong": 1.5}},
        {"data": {"id_digits": "012345678901"}},  # the least of it only
        {"data": {"courier_id": "Nguyễn Văn A"}},  # a public field holds codes
        {"unknown": 1},
    ],
    ids=lambda wrong: f"{next(iter(wrong))}-{str(next(iter(wrong.values())))[:24]}",
)
def test_malformed_events_are_not_read(wrong: dict[str, Any]) -> None:
    good = signed_event(1, "DELIVER")
    read_event(good)
    with pytest.raises(ValidationError):
        read_event({**good, **wrong})


@pytest.mark.parametrize("name", ["signature_theirs", "signature_ours"])
@pytest.mark.parametrize("value", ["Nguyễn Văn A", ["ab" * 32], 7])
def test_a_signature_of_a_hand_in_names_a_file(name: str, value: object) -> None:
    read_event(signed_event(1, "ARRIVE", data={name: "ab" * 32}))
    with pytest.raises(ValidationError):
        read_event(signed_event(1, "ARRIVE", data={name: value}))


@pytest.mark.parametrize("missing", ["event_id", "type", "shipments", "at", "counter", "device_id", "data"])
def test_an_event_lacks_nothing(missing: str) -> None:
    good = signed_event(1, "DELIVER")
    with pytest.raises(ValidationError):
        read_event({name: value for name, value in good.items() if name != missing})


def test_a_phone_that_lives_in_1970_is_heard() -> None:
    assert read_event(signed_event(1, "OUT", at="1970-01-01T00:00:07+07:00")).at.year == 1970


def test_five_hundred_shipments_are_one_event() -> None:
    assert len(read_event(signed_event(1, "DEPART", shipments=[f"S{n}" for n in range(500)])).shipments) == 500


@pytest.mark.parametrize("day", ["912384000", "0912384000", "2026-12-20T00:00:00", "20/12/2026"])
def test_a_day_that_stands_in_the_chain_is_a_day(day: str) -> None:
    read_event(signed_event(1, "HAND_AGENCY", data={"appointment_on": "2026-12-20"}))
    with pytest.raises(ValidationError):
        read_event(signed_event(1, "HAND_AGENCY", data={"appointment_on": day}))
