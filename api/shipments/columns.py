"""The columns of the shipments file, described once; see `api.network.columns` for how to add one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from api.errors import RowRef
from api.shipments.model import ShipmentKind
from api.tables.columns import Column, Table
from api.tables.kinds import COMMUNE, KEY_TEXT, LATITUDE, LONGITUDE, PHONE, TEXT, YES_NO, choice, whole
from api.tables.moments import NEAR_DATE, SPANS, instant
from api.tables.spans import Span


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    """A row as written, before the network fills what it leaves open."""

    code: str
    kind: ShipmentKind
    procedure_code: str | None
    origin_site: str | None
    origin_lon: float | None
    origin_lat: float | None
    origin_address: str
    origin_commune: str | None
    dest_site: str | None
    dest_lon: float | None
    dest_lat: float | None
    dest_address: str
    dest_commune: str | None
    at_site: str | None
    ready_at: datetime
    appointment_on: date | None
    due_on: date | None
    pieces: int
    grams: int
    fee_dong: int
    postage_dong: int | None
    windows: tuple[Span, ...]
    id_check: bool
    contact_name: str
    contact_phone: str
    priority: int
    note: str
    source: RowRef


def _end(name: str, vi: str, en: str, site: str, point: tuple[str, str, str, str]) -> tuple[Column, ...]:
    lon, lat, address, commune = point
    return (
        Column(f"{name}_site", KEY_TEXT, f"Điểm {vi}; trống = một địa chỉ", f"Site it {en}; empty = an address", site),
        Column(f"{name}_lon", LONGITUDE, f"Kinh độ nơi {vi}", f"Longitude of where it {en}", lon),
        Column(f"{name}_lat", LATITUDE, f"Vĩ độ nơi {vi}", f"Latitude of where it {en}", lat),
        Column(f"{name}_address", TEXT, f"Địa chỉ nơi {vi}", f"Address of where it {en}", address),
        Column(f"{name}_commune", COMMUNE, f"Xã, phường nơi {vi}", f"Commune of where it {en}", commune),
    )


@cache
def shipments_table(zone: ZoneInfo) -> Table[ShipmentRow]:
    """
    Describe the shipments file.

    Parameters
    ----------
    zone
        Of moments that name none.
    """
    home = ("105.431", "10.384", "12 Trần Hưng Đạo", "30307")
    return Table(
        "shipments",
        ShipmentRow,
        (
            Column(
                "code",
                KEY_TEXT,
                "Mã bưu gửi: mã S10 hoặc mã riêng",
                "Code: S10, or your own",
                "RR123456785VN",
                required=True,
            ),
            Column("kind", choice(ShipmentKind), "Loại bưu gửi", "Kind", "result", required=True),
            Column(
                "procedure_code",
                KEY_TEXT,
                "Mã thủ tục; trống = bưu gửi khác",
                "Procedure; empty = other mail",
                "1.012753",
            ),
            *_end("origin", "đi", "comes from", "BC-LX", ("", "", "", "")),
            *_end("dest", "đến", "goes to", "", home),
            Column(
                "at_site",
                KEY_TEXT,
                "Đang nằm ở điểm nào; trống = ở nơi đi",
                "Where it lies now; empty = at its origin",
                "BC-LX",
            ),
            Column(
                "ready_at",
                instant(zone),
                "Sẵn sàng từ lúc nào",
                "Ready since",
                "2026-11-20T08:30:00+07:00",
                required=True,
            ),
            Column("appointment_on", NEAR_DATE, "Ngày hẹn trả của cơ quan", "The agency's legal date", "2026-11-20"),
            Column(
                "due_on",
                NEAR_DATE,
                "Hạn phát; trống = ngày sẵn sàng + số ngày làm việc cam kết",
                "Due date; empty = ready day + promised working days",
                "2026-11-25",
            ),
            Column("pieces", whole(1), "Số kiện", "Pieces", "1", default="1"),
            Column("grams", whole(), "Khối lượng, gam", "Weight, grams", "100", default="100"),
            Column(
                "fee_dong",
                whole(),
                "Lệ phí thu hộ Nhà nước, đồng",
                "Fee to collect for the State, đồng",
                "0",
                default="0",
            ),
            Column(
                "postage_dong",
                whole(),
                "Cước phải thu, đồng; trống = theo bảng tariffs",
                "Postage to collect, đồng; empty = from tariffs",
                "30000",
            ),
            Column(
                "windows", SPANS, "Khung giờ người dân có nhà", "When the citizen is there", "08:00-10:00;14:00-16:00"
            ),
            Column("id_check", YES_NO, "Phải kiểm tra giấy tờ", "Identity is checked", "yes", default="no"),
            Column("contact_name", TEXT, "Tên người dân", "The citizen's name", "Nguyễn Văn A"),
            Column("contact_phone", PHONE, "Điện thoại người dân", "The citizen's telephone", "0900000000"),
            Column(
                "priority", whole(0, 9), "Ưu tiên 0-9, số lớn đi trước", "Priority 0-9, higher first", "0", default="0"
            ),
            Column("note", TEXT, "Ghi chú cho bưu tá", "Note for the courier", "Nhà sau chợ"),
        ),
        "Bưu gửi của một ngày",
        "The shipments of a day",
        required=True,
    )
