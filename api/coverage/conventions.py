"""What a study takes for granted and no file of the province changes, told beside the assumptions that one may set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.coverage.document import Assumption, Means
from api.coverage.reach import WIDTH_M
from api.coverage.situation import RADIUS_M, Situation
from api.coverage.terms import AS_GOOD, LEAST_DAYS
from api.coverage.writing import (
    AFTERNOON,
    BEFORE_CLOSING,
    CALLED_IN_THE_MORNING,
    GRAMS,
    HAS_WINDOW,
    MORNING,
    WINDOWS,
)
from api.plans.roads import speeds_of
from api.plans.schemas import Words
from geo.coverage.demand import CLOSURE_SHAPE, LONG_CLOSURE, MONTH_SHAPE, WEEKDAY_SHAPE
from geo.coverage.homes import FROM_ROAD_M
from geo.profiles import ROAD_CLASSES, SpeedTable

SAMPLE = "sample_network"
"""Key of what a study says where the network itself is made up."""

_SHARE, _FACTOR = Words(vi="tỷ lệ", en="share"), Words(vi="hệ số", en="factor")
_KPH, _GRAMS = (
    Words(vi="km/h, từ loại đường chậm nhất đến nhanh nhất", en="km/h, slowest to fastest class of road"),
    Words(vi="gam", en="grams"),
)
_METRES, _HOURS = Words(vi="mét", en="metres"), Words(vi="giờ", en="hours")
_MINUTES = Words(vi="phút", en="minutes")
_DAYS, _YES = Words(vi="ngày/tuần", en="days/week"), Words(vi="có/không", en="yes/no")
_OURS = Words(
    vi="Ước lượng của phần mềm, không đặt được trong coverage.toml",
    en="The software's estimate; coverage.toml cannot change it",
)
_SPEEDS = Words(
    vi="Ước lượng của phần mềm; tỉnh đặt số của mình ở mục speeds trong settings.toml",
    en="The software's estimate; a province puts its own under speeds in settings.toml",
)
_OWN_SPEEDS = Words(vi="Có số do tỉnh đặt trong settings.toml", en="Some set by the province in settings.toml")
_SAMPLE = Words(vi="Mạng lưới mẫu (sample trong settings.toml)", en="A sample network (sample in settings.toml)")


def conventions(situation: Situation) -> tuple[Assumption, ...]:
    """All of them, as a study tells them."""
    return (
        *_of_network(situation),
        *_of_speeds(situation),
        *_of_places(),
        *_of_demand(),
        *_of_rounds(),
    )


def _of_network(situation: Situation) -> Iterator[Assumption]:
    if situation.network.settings.sample:
        count = len(situation.without_post)
        yield _told(
            SAMPLE,
            True,
            _YES,
            f"Điểm bưu chính, bưu tá và tuyến của mạng lưới này là dựng mẫu: {count} nơi nào chưa có điểm là giả định",
            f"Posts, couriers and lines of this network are made up: which {count} places have no post is assumed",
            _SAMPLE,
        )


def _of_speeds(situation: Situation) -> Iterator[Assumption]:
    own = {vehicle.value for vehicle in situation.network.settings.speeds}
    table = speeds_of(situation.network)
    for means, vi, en in (
        (Means.WALK, "Vận tốc đi bộ; phà", "Speed on foot; of ferries"),
        (
            Means.MOTORBIKE,
            "Vận tốc xe máy, của người dân và bưu tá; phà",
            "Speed by motorbike, of people and couriers; of ferries",
        ),
    ):
        source = _OWN_SPEEDS if means.value in own else _SPEEDS
        yield _told(f"{means.value}_kph", _speeds(table, means), _KPH, vi, en, source)


def _of_demand() -> Iterator[Assumption]:
    yield _told("weekday_shape", _row(WEEKDAY_SHAPE), _FACTOR,
                "Nhu cầu theo thứ, từ thứ Hai đến Chủ nhật", "Demand by weekday, Monday to Sunday")  # fmt: skip
    yield _told("month_shape", _row(MONTH_SHAPE), _FACTOR,
                "Nhu cầu theo tháng, từ tháng 1 đến tháng 12", "Demand by month, January to December")  # fmt: skip
    yield _told(
        "closure_shape", _row(CLOSURE_SHAPE), _FACTOR,
        f"Nhu cầu của ngày làm việc thứ nhất, nhì, ba trước và sau kỳ nghỉ từ {LONG_CLOSURE} ngày",
        f"Demand of the first, second, third working day before and after a closure of {LONG_CLOSURE} days or more",
    )  # fmt: skip
    yield _told(
        "even_agencies", True, _YES,
        "Hồ sơ trên cấp xã chia đều cho các cơ quan, mọi thủ tục gửi được bưu chính như nhau",
        "Dossiers above the commune are spread evenly over agencies, and over all procedures that may go by post",
    )  # fmt: skip
    yield _told("as_good", AS_GOOD, _SHARE,
                "Điểm hút được ít nhất chừng ấy so với điểm hút nhất được chọn ngang nhau",
                "Points that draw at least so much of what the best one draws are chosen alike")  # fmt: skip
    yield _told("waiting_days", LEAST_DAYS, _DAYS,
                "Kết quả chỉ chờ người nhận ở điểm mở ít nhất chừng ấy ngày mỗi tuần",
                "Results wait only at a point that is open on so many days a week")  # fmt: skip


def _of_rounds() -> Iterator[Assumption]:
    low, high = GRAMS
    yield _told("grams", f"{low}–{high}", _GRAMS, "Trọng lượng một hồ sơ", "Weight of a dossier")
    yield _told("called_in_the_morning", CALLED_IN_THE_MORNING, _SHARE,
                "Yêu cầu thu gom đến vào buổi sáng, còn lại buổi chiều",
                "Calls for a pickup that come in the morning, the others in the afternoon")  # fmt: skip
    yield _told("called_at", f"{_clock(MORNING)}; {_clock(AFTERNOON)}", _HOURS, "Giờ gọi thu gom, sáng và chiều",
                "Hours of calls for a pickup, morning and afternoon")  # fmt: skip
    yield _told("handed_in_before", BEFORE_CLOSING // 60, _MINUTES,
                "Hồ sơ nộp tại điểm muộn nhất chừng ấy phút trước giờ đóng cửa, không sau 16:00",
                "Dossiers are handed in so long before a point closes, not after 16:00")  # fmt: skip
    yield _told("windows", "; ".join(" + ".join(f"{_clock(span.start)}-{_clock(span.end)}" for span in each)
                                     for each in WINDOWS), _HOURS,
                "Các khung giờ được hẹn, mỗi khung như nhau", "Hours that are named, each as often")  # fmt: skip
    yield _told("has_window", HAS_WINDOW, _SHARE, "Người hẹn khung giờ thu gom, phát",
                "People who name hours for pickup or delivery")  # fmt: skip
    yield _told("one_piece", True, _YES, "Mỗi hồ sơ, kết quả là một bưu phẩm; bưu tá không thu phí, lệ phí nhà nước",
                "A dossier or result is one piece; couriers collect no State fee")  # fmt: skip
    yield _told(
        "rounds_alone", True, _YES,
        "Chi phí là của các chuyến bưu tá và phần cố định thêm: không gồm điểm, quầy đang có, xe tuyến, "
        "và bưu tá hôm ấy không đi chuyến nào",
        "Cost is that of couriers' rounds and what is fixed on top: without the posts and desks there are, "
        "line vans, and couriers who ride no round that day",
    )  # fmt: skip
    yield _told("calm", True, _YES, "Ngày mẫu không có sự cố: ai cũng có nhà, không ai nghỉ, không chậm đường",
                "The sampled days are calm: everybody is at home, no courier is absent, no road is slow")  # fmt: skip


def _of_places() -> Iterator[Assumption]:
    yield _told(
        "one_point", True, _YES,
        "Dân của một điểm dân cư đều đi từ một tọa độ: phút đi và người trong mốc tính từ đó",
        "The people of a settlement all set out from its one point: minutes and people within a limit go by it",
    )  # fmt: skip
    yield _told(
        "doors", round(FROM_ROAD_M), _METRES,
        "Nhà người gửi, người nhận được dựng ngẫu nhiên quanh điểm dân cư, trong hình tròn bằng phần diện tích "
        "xã của nó, cách đường không quá chừng ấy",
        "Doors of senders and recipients are made up around the settlement, in a circle as large as its share "
        "of the commune, so far from a road at most",
    )  # fmt: skip
    yield _told("post_of_place", True, _YES, "Một điểm bưu chính là của điểm dân cư gần nó nhất",
                "A post belongs to the settlement that is nearest to it")  # fmt: skip
    yield _told("own_committee", True, _YES, "Cơ quan gần bộ phận một cửa nhất là ủy ban của xã",
                "The agency nearest to a one-stop desk is the commune's own committee")  # fmt: skip
    yield _told("to_the_road", RADIUS_M, _METRES, "Điểm dân cư, điểm bưu chính cách đường xa hơn thế là không có đường",
                "A settlement or post further from any road has no way")  # fmt: skip
    yield _told("beside_the_road", round(WIDTH_M), _METRES, "Vùng phục vụ vẽ rộng chừng ấy mỗi bên đường",
                "Reached land is drawn so wide on either side of a road")  # fmt: skip


def _told(key: str, value: float | str | bool, unit: Words, vi: str, en: str, source: Words = _OURS) -> Assumption:
    return Assumption(key=key, value=value, unit=unit, meaning=Words(vi=vi, en=en), source=source, estimated=True)


def _row(values: Sequence[float]) -> str:
    return "; ".join(f"{value:g}" for value in values)


def _speeds(table: SpeedTable, means: Means) -> str:
    """The slowest and the fastest class of roads, and ferries."""
    by_class = {name: table.class_kph(means.value, name) for name in ROAD_CLASSES}
    on_roads = [kph for name, kph in by_class.items() if kph and name != "ferry"]
    return f"{min(on_roads):g}–{max(on_roads):g}; {by_class['ferry']:g}"


def _clock(seconds: int) -> str:
    """`07:30`."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
