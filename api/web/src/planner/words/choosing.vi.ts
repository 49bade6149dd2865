/** Words of choosing places, and of scenarios. */

import type { FigureKey } from '../model/year'

export const choosing = {
  frontier: 'Mở k điểm: bao nhiêu người trong mốc thời gian?',
  which: 'Cách đi và mốc',
  one: (means: string, minutes: number) => `${minutes} phút, ${means}`,
  k: 'Số điểm mở thêm (k)',
  people: (minutes: number) => `Người trong ${minutes} phút`,
  exact: 'tối ưu',
  greedy: 'tham lam',
  behind: (count: string) => `tham lam kém ${count} người`,
  even: 'tham lam cũng tốt như vậy',
  unproved: 'chưa chứng minh được là tốt nhất: hết giờ tính',
  chosenK: 'Xem k =',
  stepAt: (k: number, exact: string, greedy: string) => `k = ${k}: tối ưu ${exact}, tham lam ${greedy} người`,
  places: 'Nơi mở thêm',
  time: (seconds: string) => `Tính trong ${seconds} giây.`,
  efficient: 'Tiền và người: các phương án hiệu quả',
  efficientHint:
    'Mỗi chấm là cách rẻ nhất tìm được để có chừng ấy người trong mốc chính; ± một độ lệch chuẩn, do ngẫu nhiên của phép tính.',
  counts: (days: number) =>
    `Tính là tới được: có người nhận hồ sơ từ ${days} ngày mỗi tuần. Một lượt lưu động hay thu gom tại nhà cũng tính như một điểm mở cả tuần: hãy xem giờ mỗi tuần.`,
  hoursOf: (hours: string) => `${hours} giờ/tuần`,
  atHome: 'tại nhà',
  enough: (places: number) => `${places} nơi đã đủ, mở thêm không thêm người nào trong mốc`,
  dong: 'Chi thêm (triệu đ/năm)',
  step: 'Phương án',
  stepOf: (dong: string, people: string, places: number) => `${dong}, ${people} người, ${places} nơi`,
  postageLess: (dong: string) => `cước bớt ${dong}`,
  postageMore: (dong: string) => `cước thêm ${dong}`,
  postage: (change: string) =>
    `Cước người dân trả: ${change} mỗi năm so với hiện nay, không tính trong chi thêm.`,
  chosenStep: 'Xem phương án',
  nothing: 'giữ nguyên',
  none: 'Nghiên cứu này không có đường giới hạn nào: không nơi nào thiếu điểm.',
}

export const scenarios = {
  none: 'Nghiên cứu này không có kịch bản',
  noneHint: 'Chọn kịch bản khi bắt đầu một nghiên cứu mới.',
  choose: 'Kịch bản',
  changes: 'Thay đổi',
  figure: 'Chỉ tiêu',
  before: 'Hiện nay',
  after: 'Sau',
  change: 'Chênh lệch',
  band: (few: boolean): string => (few ? 'Từ thấp nhất đến cao nhất' : 'Dải 5–95%'),
  to: 'đến',
  bandNote: (draws: number, few: boolean) =>
    `Dòng nhỏ: ${few ? 'từ thấp nhất đến cao nhất' : 'dải 5–95%'} của nhu cầu của nghiên cứu và ${draws} nhu cầu rút ngẫu nhiên, mỗi nhu cầu tính cả hiện nay lẫn sau thay đổi, nằm quanh con số của nghiên cứu.`,
  costNote:
    'Chi phí là của các chuyến bưu tá, cộng phần cố định mà điểm và quầy tốn thêm so với hiện nay; không gồm xe tuyến và chi phí của các điểm đang có.',
  floors: 'Tiêu chuẩn phục vụ, hiện nay → sau',
  missed: (fails: string, checked: string) => `${fails} trên ${checked} không đạt`,
  better: 'tốt hơn',
  worse: 'kém hơn',
  agencies: 'Tỷ lệ qua bưu chính so với chỉ tiêu',
  agency: 'Cơ quan',
  quarter: 'Quý',
  share: 'Tỷ lệ',
  target: 'Chỉ tiêu',
  reached: 'Người dân sau thay đổi',
  chance: (share: string) => `Chi phí chênh dưới ${share}%: có thể chỉ là ngẫu nhiên của phép tính.`,
}

export const year = {
  total_dong: 'Chi phí các chuyến bưu tá và cố định thêm (triệu đ)',
  dong: '– các chuyến bưu tá (triệu đ)',
  fixed_dong: '– cố định thêm (triệu đ)',
  postage_dong: 'Cước người dân trả (triệu đ)',
  km: 'Quãng đường (km)',
  courier_days: 'Ngày công bưu tá',
  hours: 'Giờ công bưu tá',
  most_couriers: 'Bưu tá nhiều nhất một ngày',
  dossiers: 'Hồ sơ nhận',
  results: 'Kết quả trả',
  early: 'Trước hạn (%)',
  on_the_day: 'Đúng ngày (%)',
  late: 'Trễ hạn (%)',
  unserved: 'Đến hạn mà chưa xong khi hết tuần mẫu',
} satisfies Record<FigureKey, string> as Record<string, string>
