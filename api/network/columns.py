"""
The tables of the network folder, each described once.

A new column is one `Column` here and one field of the same name in `api.network.rows`; the reader, `duongthu
template`, the workbook's comments and `docs/network-folder.md` follow (`python -m api.network.reference` rewrites the
page; a test says when it is due).
"""

from __future__ import annotations

from typing import Any

from api.network.rows import (
    Area,
    CalendarDay,
    Courier,
    DayKind,
    Level,
    LineStop,
    Procedure,
    RecipientPolicy,
    Settlement,
    Site,
    SiteKind,
    Tariff,
    Vehicle,
)
from api.tables.columns import By, Column, Table
from api.tables.kinds import (
    COMMUNE,
    COMMUNES,
    KEY_TEXT,
    KEYS,
    LATITUDE,
    LONGITUDE,
    MINUTES,
    TEXT,
    YES_NO,
    choice,
    whole,
)
from api.tables.moments import DATE, DAYS, NEAR_DATE, RESTS, SPAN, TIME

OFFICE_HOURS = "Mo-Fr 07:00-11:30,13:30-17:00; PH off"

DATED = (
    Column("valid_from", DATE, "Ngày đầu có hiệu lực; trống = từ trước", "First day in force; empty = always was"),
    Column("valid_to", DATE, "Ngày cuối có hiệu lực; trống = chưa hết", "Last day in force; empty = no end"),
)

SITES = Table(
    "sites",
    Site,
    (
        Column("site_id", KEY_TEXT, "Mã điểm", "Code of the site", "BC-LX", required=True),
        Column("name", TEXT, "Tên điểm", "Name", "Bưu cục Long Xuyên", required=True),
        Column("kind", choice(SiteKind), "Loại điểm", "Kind", "post_office", required=True),
        Column("commune_code", COMMUNE, "Xã, phường nơi có điểm", "Commune it lies in", "30307", required=True),
        Column("lon", LONGITUDE, "Kinh độ", "Longitude", "105.43", required=True),
        Column("lat", LATITUDE, "Vĩ độ", "Latitude", "10.38", required=True),
        Column(
            "opening_hours",
            TEXT,
            "Giờ mở cửa theo cú pháp OSM opening_hours; nghỉ lễ ghi `PH off` ở cuối",
            "Opening hours in OSM syntax; closed on public holidays: `PH off` at the end",
            OFFICE_HOURS,
            default=OFFICE_HOURS,
        ),
        Column(
            "setup_minutes",
            MINUTES,
            "Phút chuẩn bị mỗi lần ghé; trống = theo loại điểm trong settings.toml",
            "Minutes lost on each visit; empty = by kind, from settings.toml",
            "5",
        ),
        Column(
            "item_seconds",
            whole(0, 86_400),
            "Giây cho mỗi bưu gửi; trống = theo loại điểm trong settings.toml",
            "Seconds for each shipment; empty = by kind, from settings.toml",
            "15",
        ),
        *DATED,
    ),
    "Các điểm: bưu cục, bưu điện văn hóa xã, bộ phận một cửa, cơ quan",
    "Sites: post offices, culture posts, one-stop shops, agencies",
    required=True,
)

AREAS = Table(
    "areas",
    Area,
    (
        Column("commune_code", COMMUNE, "Xã, phường được phục vụ", "Commune that is served", "30307", required=True),
        Column(
            "base_id", KEY_TEXT, "Mã điểm có bưu tá phục vụ", "Site whose couriers serve it", "BC-LX", required=True
        ),
        *DATED,
    ),
    "Địa bàn: mỗi xã, phường do bưu tá của bưu cục nào phục vụ",
    "Areas: which base's couriers serve a commune, its sites and its addresses",
    required=True,
)

COURIERS = Table(
    "couriers",
    Courier,
    (
        Column("courier_id", KEY_TEXT, "Mã bưu tá", "Code of the courier", "BT-01", required=True),
        Column("name", TEXT, "Tên gọi trên phiếu", "Name on the sheets", "Bưu tá 1"),
        Column(
            "base_id",
            KEY_TEXT,
            "Bưu cục phát: nơi đi và về",
            "Base: where the day starts and ends",
            "BC-LX",
            required=True,
        ),
        Column("vehicle", choice(Vehicle), "Phương tiện", "Vehicle", "motorbike", default="motorbike"),
        Column(
            "pieces",
            whole(),
            "Số bưu gửi mang được một lượt",
            "Most shipments aboard",
            "150",
            default=By("vehicle", {"motorbike": "150", "van": "1000", "walk": "40"}),
        ),
        Column(
            "grams",
            whole(),
            "Khối lượng mang được, gam",
            "Most weight aboard, grams",
            "60000",
            default=By("vehicle", {"motorbike": "60000", "van": "800000", "walk": "15000"}),
        ),
        Column(
            "cash_dong",
            whole(),
            "Tiền mặt được giữ, đồng",
            "Most cash carried, đồng",
            "50000000",
            default="50000000",
        ),
        Column("shift", SPAN, "Ca làm việc", "Shift", "07:00-17:30", default="07:00-17:30"),
        Column("break", RESTS, "Giờ nghỉ", "Breaks", "60@11:00-13:30", default="60@11:00-13:30", field="breaks"),
        Column("skills", KEYS, "Kỹ năng", "Skills", "id_check"),
        Column(
            "fixed_dong",
            whole(),
            "Chi phí cố định một ngày có đi, đồng",
            "Cost of a day with a round, đồng",
            "0",
            default="0",
        ),
        Column(
            "dong_per_km",
            whole(),
            "Chi phí mỗi km, đồng",
            "Cost of a kilometre, đồng",
            "1500",
            default=By("vehicle", {"motorbike": "1500", "van": "5000", "walk": "0"}),
        ),
        Column("dong_per_hour", whole(), "Tiền công mỗi giờ, đồng", "Cost of an hour, đồng", "35000", default="35000"),
        Column(
            "overtime_dong_per_hour",
            whole(),
            "Trả thêm cho mỗi giờ làm sau ca, ngoài tiền công giờ, đồng",
            "Paid on top for each hour after the shift, đồng",
            "17500",
            default="17500",
        ),
        Column(
            "max_overtime_minutes",
            whole(0, 720),
            "Số phút được làm thêm",
            "Longest overtime, minutes",
            "60",
            default="60",
        ),
        Column("max_trips", whole(1, 20), "Số lượt trong ngày", "Most trips a day", "2", default="2"),
        Column(
            "reserve",
            YES_NO,
            "Chỉ gọi khi thiếu người",
            "Called only when the others are not enough",
            "no",
            default="no",
        ),
        Column(
            "communes",
            COMMUNES,
            "Các xã, phường quen đường; trống = mọi nơi",
            "Communes they know; empty = all",
            "30307",
        ),
        *DATED,
    ),
    "Bưu tá",
    "Couriers",
    required=True,
)

LINES = Table(
    "lines",
    LineStop,
    (
        Column("line_id", KEY_TEXT, "Mã đường thư", "Code of the line", "DT2-01", required=True),
        Column("run_id", KEY_TEXT, "Mã chuyến trong ngày", "Code of the run", "S1", required=True),
        Column(
            "level",
            whole(1, 2),
            "Cấp: 1 liên tỉnh, 2 nội tỉnh",
            "1 = between provinces, 2 = inside one",
            "2",
            default="2",
        ),
        Column("stop_no", whole(1, 999), "Thứ tự điểm dừng", "Number of the stop", "1", required=True),
        Column("site_id", KEY_TEXT, "Điểm dừng", "Site", "BC-LX", required=True),
        Column("arrive", TIME, "Giờ đến; trống ở điểm đầu", "Arrival; empty at the first stop", ""),
        Column("depart", TIME, "Giờ đi; trống ở điểm cuối", "Departure; empty at the last stop", "06:30"),
        Column("cut_off", TIME, "Giờ chốt nhận; trống = giờ đi", "Latest hand-in; empty = departure", "06:15"),
        Column("days", DAYS, "Các ngày chạy", "Days it runs", "Mo-Sa", default="Mo-Sa"),
        Column("vehicle", choice(Vehicle), "Phương tiện", "Vehicle", "van", default="van"),
        *DATED,
    ),
    "Đường thư: mỗi dòng là một điểm dừng của một chuyến; chuyến không qua nửa đêm",
    "Lines: a row is one stop of one run; a run does not pass midnight",
)

PROCEDURES = Table(
    "procedures",
    Procedure,
    (
        Column("procedure_code", KEY_TEXT, "Mã thủ tục", "Code of the procedure", "1.012753", required=True),
        Column("title", TEXT, "Tên thủ tục", "Title", "Đăng ký đất đai lần đầu", required=True),
        Column(
            "level",
            choice(Level),
            "Cấp giải quyết; trống = chưa rõ",
            "Level that decides; empty = not known",
            "province",
        ),
        Column("agency_kind", TEXT, "Loại cơ quan giải quyết", "Kind of agency", "land_registry"),
        Column("postal", YES_NO, "Được gửi qua bưu chính", "May go by post", "yes", required=True),
        Column("decision_no", TEXT, "Số quyết định công bố", "Number of the decision", "1234/QĐ-UBND"),
        Column("processing_days", whole(0, 2000), "Số ngày làm việc giải quyết", "Working days it takes", "20"),
        Column(
            "digital_enough",
            YES_NO,
            "Bản điện tử là đủ, không cần bản giấy",
            "Scans suffice: no paper needed",
            "no",
            default="no",
        ),
        Column(
            "recipient_policy",
            choice(RecipientPolicy),
            "Ai được nhận kết quả",
            "Who may be handed the result",
            "self",
            default="self",
        ),
        *DATED,
    ),
    "Thủ tục hành chính",
    "Administrative procedures",
)

TARIFFS = Table(
    "tariffs",
    Tariff,
    (
        Column("level", choice(Level), "Cấp giải quyết; trống = mọi cấp", "Level; empty = any", "province"),
        Column(
            "commune_code",
            COMMUNE,
            "Xã, phường của người dân; trống = mọi nơi",
            "The citizen's commune; empty = any",
            "",
        ),
        Column("procedure_code", KEY_TEXT, "Thủ tục; trống = mọi thủ tục", "Procedure; empty = any", ""),
        Column("postage_dong", whole(), "Cước, đồng; 0 = miễn phí", "Postage, đồng; 0 = free", "30000", required=True),
        *DATED,
    ),
    "Cước: dòng cụ thể nhất được dùng (thủ tục, rồi xã, rồi cấp)",
    "Tariffs: the most specific row wins (procedure, then commune, then level)",
)

CALENDAR = Table(
    "calendar",
    CalendarDay,
    (
        Column("date", NEAR_DATE, "Ngày", "Day", "2026-08-22", required=True),
        Column("kind", choice(DayKind), "Nghỉ hay làm việc", "Off or working", "working", required=True),
        Column("name", TEXT, "Lý do", "Why", "Làm bù ngày 31/8/2026"),
    ),
    "Lịch: ngày nghỉ, ngày làm bù; thắng lịch nghỉ lễ có sẵn",
    "Calendar: days off and made-up working days; wins over the built-in public holidays",
)

SETTLEMENTS = Table(
    "settlements",
    Settlement,
    (
        Column("settlement_id", KEY_TEXT, "Mã điểm dân cư", "Code of the settlement", "DC-30292-1", required=True),
        Column("name", TEXT, "Tên ấp, khóm, xã cũ", "Name of the village or old commune", "Xã Mỹ Khánh", required=True),
        Column("commune_code", COMMUNE, "Xã, phường", "Commune it belongs to", "30292", required=True),
        Column("lon", LONGITUDE, "Kinh độ", "Longitude", "105.38", required=True),
        Column("lat", LATITUDE, "Vĩ độ", "Latitude", "10.42", required=True),
        Column("people", whole(), "Số dân", "People who live there", "9800", required=True),
        Column(
            "people_estimated",
            YES_NO,
            "Số dân là ước lượng, không phải số thống kê",
            "The number is an estimate, not a count",
            "yes",
            default="no",
        ),
        *DATED,
    ),
    "Điểm dân cư: để tính ai ở xa điểm bưu chính; lập chuyến phát không cần",
    "Settlements: who lives far from the post; planning rounds does without",
    later=True,
)

TABLES: tuple[Table[Any], ...] = (SITES, AREAS, COURIERS, LINES, PROCEDURES, TARIFFS, CALENDAR, SETTLEMENTS)
