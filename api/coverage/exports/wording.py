"""How a study's figures and names are said, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.coverage.carlo import FEW_DRAWS
from api.coverage.document import Means, RemedyKind, RemedyPrice
from api.errors import Language
from api.plans.schemas import Words

KINDS = {
    RemedyKind.NEW_POINT: ("Điểm mới", "New point"),
    RemedyKind.BORROWED_DESK: ("Quầy mượn", "Borrowed desk"),
    RemedyKind.WEEKLY_VISIT: ("Lưu động mỗi tuần", "Weekly visit"),
    RemedyKind.DAILY_VISIT: ("Lưu động mỗi ngày", "Daily visit"),
    RemedyKind.HOME_PICKUP: ("Thu gom tại nhà", "Pickup at home"),
    RemedyKind.NOTHING: ("Giữ nguyên", "Nothing"),
}
MEANS = {Means.WALK: ("đi bộ", "on foot"), Means.MOTORBIKE: ("xe máy", "by motorbike")}
POINTS = {
    "hub": ("Bưu cục trung tâm", "Provincial centre"),
    "post_office": ("Bưu cục", "Post office"),
    "culture_post": ("Điểm bưu điện – văn hóa xã", "Culture post"),
    "borrowed_desk": ("Quầy mượn", "Borrowed desk"),
}
WEEKDAYS = (
    ("thứ Hai", "Monday"), ("thứ Ba", "Tuesday"), ("thứ Tư", "Wednesday"), ("thứ Năm", "Thursday"),
    ("thứ Sáu", "Friday"), ("thứ Bảy", "Saturday"), ("Chủ nhật", "Sunday"),
)  # fmt: skip
YEAR = {
    "total_dong": ("Chi phí chuyến và cố định thêm (đ/năm)", "Rounds and added fixed cost (đ/year)"),
    "dong": ("– của các chuyến (đ/năm)", "– of rounds (đ/year)"),
    "fixed_dong": ("– cố định thêm của điểm, quầy (đ/năm)", "– added fixed, of points and desks (đ/year)"),
    "postage_dong": ("Cước người dân trả (đ/năm)", "Postage that people pay (đ/year)"),
    "km": ("Quãng đường (km/năm)", "Distance (km/year)"),
    "courier_days": ("Ngày công bưu tá (/năm)", "Courier days (/year)"),
    "hours": ("Giờ công bưu tá (/năm)", "Couriers’ hours (/year)"),
    "most_couriers": ("Bưu tá nhiều nhất trong một ngày", "Most couriers on one day"),
    "dossiers": ("Hồ sơ nhận qua bưu chính (/năm)", "Dossiers taken in (/year)"),
    "results": ("Kết quả trả qua bưu chính (/năm)", "Results carried (/year)"),
    "early": ("Trước hạn (%)", "Early (%)"),
    "on_the_day": ("Đúng ngày hạn (%)", "On the day (%)"),
    "late": ("Trễ hạn (%)", "Late (%)"),
    "unserved": ("Đến hạn mà chưa xong khi hết tuần mẫu", "Due and not done when the sample ends"),
}
SHARES = frozenset({"early", "on_the_day", "late"})
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's mouth."""

    language: Language

    def text(self, vi: str, en: str) -> str:
        return vi if self.language == "vi" else en

    def of(self, words: Words) -> str:
        return self.text(words.vi, words.en)

    def number(self, value: float, decimals: int = 0) -> str:
        """`1.234,5` in Vietnamese, `1,234.5` in English; a true minus sign."""
        shown = round(value, decimals) + 0.0  # no zero has a sign
        text = f"{shown:,.{decimals}f}".replace("-", "−")
        return text.translate(str.maketrans(",.", ".,")) if self.language == "vi" else text

    def signed(self, value: float, decimals: int = 0) -> str:
        return f"+{self.number(value, decimals)}" if round(value, decimals) > 0 else self.number(value, decimals)

    def millions(self, dong: float, *, sign: bool = False) -> str:
        """Millions of đồng, one decimal."""
        return self.signed(dong / MILLION, 1) if sign else self.number(dong / MILLION, 1)

    def dong(self, dong: float) -> str:
        """`9,12 tỷ đồng`, `96,0 triệu đồng`."""
        if abs(dong) >= 1000 * MILLION:
            return self.text(f"{self.number(dong / MILLION / 1000, 2)} tỷ đồng",
                             f"{self.number(dong / MILLION / 1000, 2)} billion đồng")  # fmt: skip
        return self.text(f"{self.millions(dong)} triệu đồng", f"{self.millions(dong)} million đồng")

    def percent(self, share: float, decimals: int = 1) -> str:
        return f"{self.number(share * 100, decimals)}%"

    def minutes(self, value: float | None) -> str:
        return self.text("không có đường", "no way") if value is None else self.number(value)

    def day(self, day: date) -> str:
        return f"{day:%d/%m/%Y}" if self.language == "vi" else f"{day.day} {day:%B %Y}"

    def kind(self, kind: RemedyKind) -> str:
        return self.text(*KINDS[kind])

    def ends_of_bands(self, draws: int) -> tuple[str, str]:
        """Percentiles, or the ends of what was found where there are too few draws for them."""
        return (self.text("thấp nhất", "least"), self.text("cao nhất", "most")) if draws < FEW_DRAWS else ("5%", "95%")

    def service(self, price: RemedyPrice) -> str:
        """How often somebody takes papers in: `thứ Tư, 1,5 giờ/tuần`; pickup at home has no hours."""
        hours = self.text(
            f"{self.number(price.hours_a_week, 1)} giờ/tuần", f"{self.number(price.hours_a_week, 1)} h/week"
        )
        said = [self.weekday(price.weekday), hours if price.hours_a_week else ""]
        return ", ".join(word for word in said if word)

    def means(self, means: Means) -> str:
        return self.text(*MEANS[means])

    def point(self, kind: str) -> str:
        return self.text(*POINTS.get(kind, (kind, kind)))

    def weekday(self, number: int | None) -> str:
        return "" if number is None else self.text(*WEEKDAYS[number])

    def year(self, figure: str) -> str:
        return self.text(*YEAR[figure])
