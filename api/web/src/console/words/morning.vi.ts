/** Words before a day is planned: the day that is offered, what earlier days left over, the rows that went in. */
export const morning = {
  nextDay: {
    too_late: (at: string, day: string) =>
      `Ca cuối của hôm nay đã bắt đầu lúc ${at}: ngày được chọn sẵn là ngày làm việc kế tiếp, ${day}.`,
    day_off: (day: string) => `Hôm nay nghỉ: ngày được chọn sẵn là ngày làm việc kế tiếp, ${day}.`,
    today: (at: string) => `Kế hoạch hôm nay còn lập được đến ${at}, khi ca cuối bắt đầu.`,
  },
  leftOvers: {
    title: (count: string) => `Còn lại từ hôm trước: ${count} bưu gửi`,
    hint: 'Được xếp trước; phần đến hạn sớm nhất đứng đầu.',
    loading: 'Đang tải danh sách…',
    first: (count: string, all: string) => `Hiện ${count} trên ${all} bưu gửi; phần còn lại cũng được xếp.`,
    code: 'Mã bưu gửi',
    from: 'Từ',
    to: 'Đến',
    ready: 'Sẵn sàng',
    due: 'Hạn',
    why: 'Vì sao còn lại',
    late: 'quá hạn',
    attempted: (reason: string, day: string) => `Đã thử ngày ${day}, không thành: ${reason}`,
    attemptedBare: (day: string) => `Đã thử ngày ${day}, không thành`,
    noRoom: (detail: string, day: string) => `Kế hoạch ngày ${day} không xếp được: ${detail}`,
    notDone: (courier: string, day: string) => `Đã xếp cho ${courier} ngày ${day}, chưa làm`,
    notPlanned: 'Chưa có trong kế hoạch nào đã ban hành',
  },
  taken: {
    rows: (count: string) => `Xem ${count} dòng đúng`,
    first: (count: string) => `Hiện ${count} dòng đầu.`,
    outcome: { new: 'mới', changed: 'thay đổi', same: 'không đổi' },
    became: 'Kết quả',
  },
}
