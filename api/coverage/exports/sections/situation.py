"""What is asked, and how things are: people, posts, floors, places without a post."""

from __future__ import annotations

import math
from collections.abc import Iterator

from api.coverage.conventions import SAMPLE
from api.coverage.document import CoverageStudy, Floor, Means, Reached, Shortfall
from api.coverage.exports.blocks import Block, Bullets, Column, Facts, Figure, Grid, Heading, Notice, Prose
from api.coverage.exports.ground import Ground
from api.coverage.exports.maps import draw_map, situation
from api.coverage.exports.wording import Wording
from api.coverage.frames import minutes_of
from geo.coverage.floors import OF_ALL


def asked(study: CoverageStudy, w: Wording) -> Iterator[Block]:
    """The first page."""
    if study.network.roads.synthetic:
        yield Notice(synthetic(w))
    if any(one.key == SAMPLE for one in study.assumptions):
        yield Notice(sample(study, w))
    people = sum(place.people for place in study.places)
    lacking = [place for place in study.places if place.place_id in set(study.without_post)]
    within = study.reached.people[study.main_means].get(study.main_minutes, 0)
    share = within / people if people else 0
    failing = [floor for floor in study.floors if not floor.met]
    yield Facts(
        (
            (w.text("Điểm dân cư", "Settlements"), w.number(len(study.places))),
            (w.text("Dân số", "People"), w.number(people)),
            (w.text("Không có điểm", "Without a post"), w.number(len(lacking))),
            (w.text(f"Trong {study.main_minutes} phút", f"Within {study.main_minutes} min"), w.percent(share)),
            (w.text("Tiêu chuẩn không đạt", "Floors missed"), f"{len(failing)}/{len(study.floors)}"),
            (w.text("Chuyến bưu tá hiện nay", "Rounds today"), w.dong(study.base.total_dong)),
        )
    )
    yield Heading(w.text("Vấn đề cần quyết định", "What has to be decided"))
    yield Prose(
        w.text(
            f"Ngày {w.day(study.network.valid_on)}, {w.number(len(lacking))} trong {w.number(len(study.places))} điểm "
            f"dân cư của {study.network.name}, với {w.number(sum(p.people for p in lacking))} người, không có điểm phục "
            "vụ bưu chính của mình. Báo cáo này tính mỗi cách khắc phục tốn bao nhiêu khi bưu tá phải đi thật các chuyến "
            "thêm, phục vụ được bao nhiêu người, và nên làm ở đâu trước.",
            f"On {w.day(study.network.valid_on)}, {w.number(len(lacking))} of {w.number(len(study.places))} settlements "
            f"of {study.network.name}, with {w.number(sum(p.people for p in lacking))} people, have no post of their "
            "own. This report prices each remedy with the rounds that couriers would have to ride, says whom it reaches, "
            "and where to begin.",
        )
    )


def counts_as_reached(study: CoverageStudy, w: Wording) -> str:
    """What it takes to be within the main limit: little may be enough."""
    days = w.number(study.least_days)
    return w.text(
        f"Tính là tới được: nơi có người nhận hồ sơ từ {days} ngày mỗi tuần, nên một lượt lưu động hay nhận tại nhà cũng "
        "tính như một điểm mở cả tuần; hãy xem giờ mỗi tuần ở bên.",
        f"What counts as reached: somebody takes papers in on {days} day{'s' * (study.least_days > 1)} a week or more, so "
        "that a visit or pickup at home may count as much as a post that is open all week; mind the hours a week beside it.",
    )


def what_costs(w: Wording) -> str:
    """What sums of money hold and leave out."""
    return w.text(
        "Chi phí gồm các chuyến bưu tá và phần cố định thêm của điểm, quầy; không gồm điểm và quầy đang có, xe tuyến. Cước "
        "người dân trả đứng riêng.",
        "Costs are those of couriers’ rounds and what points and desks add to fixed cost; posts and desks that exist and "
        "line vans are not in them. Postage that people pay stands by itself.",
    )


def synthetic(w: Wording) -> str:
    return w.text(
        "MẠNG ĐƯỜNG TỔNG HỢP: đường sá trong báo cáo này do phần mềm dựng, không phải đường thật. Quãng đường, thời gian "
        "và chi phí chuyến là ước lượng; cần tính lại với dữ liệu đường thật trước khi quyết định.",
        "SYNTHETIC ROADS: the roads of this report are made up by the program, they are not real roads. Distances, times "
        "and costs of rounds are estimates; compute them again with real roads before deciding.",
    )


def sample(study: CoverageStudy, w: Wording) -> str:
    count = w.number(len(study.without_post))
    return w.text(
        f"MẠNG LƯỚI MẪU: điểm bưu chính, bưu tá và tuyến trong báo cáo này là dựng mẫu; {count} nơi nào chưa có điểm là giả "
        "định.",
        f"SAMPLE NETWORK: posts, couriers and lines of this report are made up; which {count} places have no post is "
        "assumed.",
    )


def under_map(study: CoverageStudy, w: Wording) -> str:
    """Stands under each map."""
    bounds = w.text("Ranh giới xã (nếu có) là ước lượng.", "Outlines of communes, where drawn, are estimated.")
    if not study.network.roads.synthetic:
        return bounds
    return w.text(f"Mạng đường tổng hợp, không phải đường thật. {bounds}", f"Synthetic roads, not real ones. {bounds}")


def as_it_is(study: CoverageStudy, ground: Ground, w: Wording) -> Iterator[Block]:
    """Whom the posts reach today, which floors fail, where there is none."""
    yield Heading(w.text("Hiện trạng", "How things are"))
    yield reached_grid(w.text("Người dân tới điểm phục vụ gần nhất", "People and their nearest post"), study.reached, w)
    yield Prose(
        w.text(
            "Dân của một điểm dân cư đều được tính từ một tọa độ: người ở rìa đi lâu hơn.",
            "All people of a settlement are taken to set out from its one point: who lives at its edge has it further.",
        )
    )
    how = w.means(study.main_means)
    yield _floors(study, w)
    for floor in study.floors:
        if floor.fails:
            yield Bullets((_failing(floor, w),))
    yield Figure(
        w.text(f"Hiện trạng: thời gian tới điểm phục vụ gần nhất, {how}", f"Today: the way to the nearest post, {how}"),
        w.text(
            f"Bản đồ {len(study.places)} điểm dân cư và {len(study.points)} điểm phục vụ; {len(study.without_post)} nơi "
            "không có điểm được ghi tên. Số liệu từng nơi ở bảng bên dưới.",
            f"Map of {len(study.places)} settlements and {len(study.points)} posts; the {len(study.without_post)} places "
            "without a post are named. The figures of each stand in the table below.",
        ),
        draw_map(study, situation(study), ground, w),
        under_map(study, w),
    )
    yield _lacking(study, w)


def reached_grid(caption: str, reached: Reached, w: Wording) -> Grid:
    """People within each limit, by means."""
    means = [one for one in Means if one in reached.people]
    limits = sorted({minutes for one in means for minutes in reached.people[one]})
    columns = (
        Column(w.text("Cách đi", "Means"), 2),
        *(Column(w.text(f"≤ {limit} phút", f"≤ {limit} min"), number=True) for limit in limits),
        Column(w.text("Bình quân (phút)", "Mean (min)"), number=True),
        Column(w.text("Không có đường", "No way"), number=True),
    )
    rows = tuple(
        (
            w.means(one).capitalize(),
            *(w.number(reached.people[one].get(limit, 0)) for limit in limits),
            w.number(reached.mean_minutes.get(one, 0), 1),
            w.number(reached.no_way.get(one, 0)),
        )
        for one in means
    )
    return Grid(caption, columns, rows)


def _floors(study: CoverageStudy, w: Wording) -> Grid:
    columns = (
        Column(w.text("Tiêu chuẩn", "Floor"), 4), Column(w.text("Mức", "Limit"), number=True),
        Column(w.text("Đo được", "Measured"), number=True), Column(w.text("Đơn vị", "Unit")),
        Column(w.text("Đã xét", "Checked"), number=True), Column(w.text("Không đạt", "Failing"), 1.3, number=True),
        Column(w.text("Kết quả", "Result"), 1.2),
    )  # fmt: skip
    rows = tuple(
        (
            w.of(one.meaning), _plain(one.limit, w), "–" if one.measured is None else w.number(one.measured, 2),
            w.of(one.unit), w.number(one.checked), _count_of_fails(one, w),
            w.text("Đạt", "Met") if one.met else w.text("KHÔNG ĐẠT", "MISSED"),
        )
        for one in study.floors
    )  # fmt: skip
    missed = frozenset(at for at, one in enumerate(study.floors) if not one.met)
    note = w.text("Nguồn của từng mức: bảng giả định.", "The source of each limit: the table of assumptions.")
    return Grid(w.text("Tiêu chuẩn phục vụ", "Service floors"), columns, rows, note, missed)


def _count_of_fails(floor: Floor, w: Wording) -> str:
    """A mean is kept or missed by all together: who is beyond it alone fails nothing."""
    count = w.number(len(floor.fails))
    return w.text(f"({count} vượt riêng)", f"({count} beyond)") if floor.key in OF_ALL and floor.fails else count


_MOST_NAMED = 20
"""Of those that fail a floor; the workbook has all."""


def _failing(floor: Floor, w: Wording) -> str:
    """Who fails, by name, the worst first."""
    fails = sorted(floor.fails, key=lambda one: _worse(floor, one), reverse=True)
    named = [
        one.name if one.measured is None else f"{one.name} ({_plain(one.measured, w)})" for one in fails[:_MOST_NAMED]
    ]
    others = len(fails) - len(named)
    more = w.text(
        f" và {w.number(others)} nơi khác (đủ trong tệp XLSX)", f" and {w.number(others)} more (all in the XLSX file)"
    )
    what = "" if floor.key in OF_ALL else w.text(", không đạt", ", missed by")  # of a mean the words say who is listed
    return f"{w.of(floor.meaning)}{what}: {', '.join(named)}{more if others else ''}."


def _worse(floor: Floor, one: Shortfall) -> float:
    return math.inf if one.measured is None else abs(one.measured - floor.limit)


def _plain(value: float, w: Wording) -> str:
    return w.number(value, 0 if value == round(value) else 1)


def _lacking(study: CoverageStudy, w: Wording) -> Grid:
    points = {point.point_id: point.name for point in study.points}
    lacking = set(study.without_post)
    columns = (
        Column(w.text("Nơi", "Place"), 2.2), Column(w.text("Xã/phường", "Commune"), 2.2),
        Column(w.text("Dân số", "People"), 1.1, number=True),
        *(Column(w.text(f"Phút, {w.means(one)}", f"Min, {w.means(one)}"), 1.2, number=True) for one in Means),
        Column(w.text("Điểm gần nhất", "Nearest post"), 3),
    )  # fmt: skip
    rows = tuple(
        (
            place.name, place.commune, w.number(place.people),
            *(w.minutes(minutes_of(place.access.get(one))) for one in Means),
            points.get(place.access[study.main_means].point_id or "", "–"),
        )
        for place in sorted(study.places, key=lambda one: -one.people)
        if place.place_id in lacking
    )  # fmt: skip
    estimated = any(place.people_estimated for place in study.places)
    note = w.text("Dân số từng nơi là ước lượng.", "People of each place are estimates.") if estimated else ""
    return Grid(w.text("Nơi không có điểm phục vụ", "Places without a post"), columns, rows, note)
