"""On what the report stands: every assumption, what was routed, what was noticed; and who signs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from api.coverage.document import Assumption, CoverageStudy, Means
from api.coverage.exports.blocks import Block, Bullets, Column, Grid, Heading, Prose, Signatures
from api.coverage.exports.wording import Wording
from api.network.settings import Settings


def assumptions(study: CoverageStudy, w: Wording) -> Iterator[Block]:
    """All of them, with their sources."""
    yield Heading(w.text("Giả định và nguồn", "Assumptions and sources"))
    yield Prose(
        w.text(
            "Mọi điều nghiên cứu đặt thêm ngoài mạng lưới đều ở đây. Số “ước lượng” là của phần mềm: tỉnh nên thay bằng số "
            "của mình. Giá công và km, phút dừng, thời hạn cam kết, cước là của mạng lưới.",
            "All that the study adds to the network stands here. “Estimated” ones are the program’s: a province should put "
            "its own in their place. Prices of work and kilometres, minutes at stops, promised days and postage are the "
            "network’s.",
        )
    )
    columns = (
        Column(w.text("Ý nghĩa", "Meaning"), 3.4), Column(w.text("Giá trị", "Value"), 1.2, number=True),
        Column(w.text("Đơn vị", "Unit"), 1.6), Column(w.text("Nguồn", "Source"), 3.4),
        Column(w.text("Loại", "Kind"), 1.1),
    )  # fmt: skip
    rows = tuple(
        (
            w.of(one.meaning), said_value(one, w), w.of(one.unit), w.of(one.source),
            w.text("ước lượng", "estimated") if one.estimated else w.text("có nguồn", "sourced"),
        )
        for one in study.assumptions
    )  # fmt: skip
    yield Grid(w.text("Giả định", "Assumptions"), columns, rows)
    yield Heading(w.text("Cách tính", "How it was computed"), 2)
    yield Bullets(tuple(_method(study, w)))
    if study.warnings:
        yield Heading(w.text("Lưu ý", "To be noticed"), 2)
        yield Bullets(tuple(w.of(one) for one in study.warnings))


def said_value(one: Assumption, w: Wording) -> str:
    if isinstance(one.value, bool):
        return w.text("có", "yes") if one.value else w.text("không", "no")
    if isinstance(one.value, int):
        return w.number(one.value)
    if isinstance(one.value, float):
        return w.number(one.value, 0 if one.value == round(one.value) else 2)
    if one.key == "main_means":
        return w.means(Means(one.value))
    return re.sub(r"(?<=\d)\.(?=\d)", ",", one.value) if w.language == "vi" else one.value


def _method(study: CoverageStudy, w: Wording) -> Iterator[str]:
    network = study.network
    kind = (
        w.text("tổng hợp, không phải đường thật", "synthetic, not real")
        if network.roads.synthetic
        else w.text("thật", "real")
    )
    yield w.text(f"Mạng lưới: {network.name}, có hiệu lực ngày {w.day(network.valid_on)} (mã {network.sha256[:12]}).",
                 f"Network: {network.name}, in force on {w.day(network.valid_on)} (hash {network.sha256[:12]}).")  # fmt: skip
    source = w.text("phần mềm dựng", network.roads.source) if network.roads.synthetic else network.roads.source
    code = network.roads.sha256[:12]
    yield w.text(f"Mạng đường: {source} ({kind}; mã {code}).", f"Roads: {source} ({kind}; hash {code}).")
    sample = study.sample
    weeks = ", ".join(f"{w.day(week.first)} – {w.day(week.last)}" for week in sample.weeks)
    yield w.text(
        f"Được xếp chuyến thật: {weeks}, {w.number(sample.counted_days)} ngày làm việc, nhân "
        f"{w.number(sample.factor, 2)} thành một năm {w.number(sample.working_days)} ngày; mỗi nhóm tuyến tìm "
        f"{w.number(sample.iterations)} bước, {w.number(sample.draws)} nhu cầu được rút.",
        f"Routed: {weeks}, {w.number(sample.counted_days)} working days, times {w.number(sample.factor, 2)} for a year "
        f"of {w.number(sample.working_days)}; {w.number(sample.iterations)} steps of search a group, "
        f"{w.number(sample.draws)} demands drawn.",
    )
    when = study.created_at.astimezone(Settings().zone)
    yield w.text(f"Phần mềm: {study.software}, số khởi tạo ngẫu nhiên {study.seed}, tính lúc {when:%d/%m/%Y %H:%M}.",
                 f"Program: {study.software}, seed {study.seed}, computed on {when:%d/%m/%Y %H:%M}.")  # fmt: skip


def signing(w: Wording) -> Iterator[Block]:
    """Place for date and signatures."""
    yield Signatures(
        w.text("…………, ngày …… tháng …… năm ………", "…………, (date) …… / …… / ………"),
        (w.text("Người lập", "Prepared by"), w.text("Trưởng phòng kế hoạch", "Head of planning"),
         w.text("Giám đốc", "Director")),
        w.text("(ký, ghi rõ họ tên)", "(signature, full name)"),
    )  # fmt: skip
