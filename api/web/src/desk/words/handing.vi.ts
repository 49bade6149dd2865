/** Words for what passes between an agency or a one-stop and a courier. */
export const handing = {
  titleOfAgency: 'Bộ phận một cửa',
  gaveBatch: (count: string, who: string) => `Đã giao ${count} bưu gửi cho ${who}.`,
  giveBatch: (count: string) => `Giao ${count} bưu gửi`,
  takesFrom: (who: string) => `Nhận từ ${who}`,
  givesTo: (who: string) => `Giao cho ${who}`,
  oneTells: 'Ghi ở đây thì bưu tá không ghi lại trên điện thoại: mỗi lần giao nhận chỉ ghi một bên.',
  deskSignatures: { signature_theirs: 'Chữ ký cán bộ một cửa', signature_ours: 'Chữ ký bưu tá' },
  sealBroken: 'Niêm phong phong bì bị thay đổi',
  envelopeNote: (who: string) => `Niêm phong phong bì bị thay đổi khi nhận từ ${who}.`,
  whoTakes: 'Bưu tá nhận',
  startGiving: 'Quét để giao',
  nothingToGive: 'Không có bưu gửi nào chờ bưu tá lấy.',
  comingHere: 'Đang trên đường tới',
  owedToday: 'Kết quả đến hạn trả',
  waitForCourier: 'Kết quả chờ bưu tá lấy',
  waitsAtAgency: 'chờ bưu tá lấy tại cơ quan',
  appointment: 'Hẹn trả',
  handedHere: 'Đã tới đây (14 ngày)',
  handedHereWhy: 'Nếu không thấy hoặc không đúng, hãy báo ngay: điều phối viên sẽ tìm.',
  dispute: 'Báo sai lệch',
  disputeWhy: 'Ghi điều không khớp: không thấy bưu gửi, thiếu tờ, niêm phong rách…',
  disputeGo: 'Gửi báo cáo',
}

export type Handing = typeof handing
