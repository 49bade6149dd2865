/** Words of the map, of forms that were begun and of what was signed for; `road.en.ts` has the same keys. */
export const road = {
  settled: {
    title: 'Điều phối viên ký nhận tiền',
    of: (day: string) => `Ngày ${day}`,
    unknown: 'Chưa hỏi được máy chủ.',
    nothing: 'Bảy ngày qua máy chủ chưa ghi bạn thu tiền.',
    heard: (when: string) => `Theo máy chủ lúc ${when}`,
    open: (amount: string) => `Chưa ai ký nhận. Phải nộp ${amount}.`,
    signed: (name: string, when: string) => `${name} đã ký nhận lúc ${when}`,
    again: (number: string) => `Lần ký thứ ${number}, thay cho các lần trước.`,
    due: 'Phải nộp',
    handed: 'Đã nộp',
    less: (amount: string) => `Nộp thiếu ${amount}`,
    more: (amount: string) => `Nộp thừa ${amount}`,
    because: (note: string) => `Lý do: ${note}`,
    changed: (signed: string, now: string) =>
      `Sau khi ký có thêm việc: lúc ký phải nộp ${signed}, nay là ${now}. Hãy nhờ điều phối viên ký lại.`,
    differs: (mine: string, theirs: string) =>
      `Số không khớp: máy này tính ${mine}, máy chủ tính ${theirs}. Hãy đối chiếu với điều phối viên.`,
  },
  map: {
    title: 'Bản đồ chuyến',
    open: 'Bản đồ',
    list: 'Xem danh sách điểm dừng',
    tools: 'Phóng to, thu nhỏ; phím mũi tên để di chuyển',
    closer: 'Phóng to',
    wider: 'Thu nhỏ',
    fit: 'Cả chuyến',
    follow: 'Theo tôi',
    away: (distance: string) => `cách ${distance} đường chim bay`,
    told: (stops: string, done: string, next: string) =>
      `Bản đồ chuyến: ${stops} điểm dừng, ${done} đã xong.${next ? ` Tiếp theo: ${next}.` : ''} Danh sách điểm dừng có cùng nội dung.`,
  },
  begun: {
    at: (time: string) => `Phần đang ghi dở lúc ${time}`,
    resume: 'Ghi tiếp',
    drop: 'Bỏ',
    dropAll: 'Bỏ phần ghi dở',
    sure: 'Bỏ hẳn? Chữ ký, ảnh và chữ đã gõ sẽ mất.',
    yes: 'Bỏ hẳn',
    no: 'Giữ lại',
  },
}
