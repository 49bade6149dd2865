/** What the page says, Vietnamese first. */

import type { Step } from './verify'

const SCANS_ONLY = 'ACCEPT of scans only'

const TYPES: Record<string, string> = {
  ACCEPT: 'Nhận hồ sơ / Accepted',
  [SCANS_ONLY]: 'Nhận bản quét, giấy tờ vẫn ở người dân / Scans accepted; the papers stay with the citizen',
  BAG: 'Đóng túi / Bagged',
  UNBAG: 'Mở túi / Unbagged',
  DEPART: 'Rời đi / Departed',
  ARRIVE: 'Đến nơi / Arrived',
  OUT: 'Bưu tá mang đi / Out with the courier',
  HAND_AGENCY: 'Giao cơ quan / Handed to the agency',
  COLLECT_RESULT: 'Nhận kết quả / Result collected',
  ATTEMPT: 'Phát không thành / Attempted',
  INVITE_1: 'Giấy mời lần 1 / First invitation',
  INVITE_2: 'Giấy mời lần 2 / Second invitation',
  HOLD: 'Lưu tại bưu cục / Held',
  DELIVER: 'Đã phát / Delivered',
  RETURN_START: 'Bắt đầu chuyển hoàn / Return begun',
  RETURN_DONE: 'Đã chuyển hoàn / Returned',
  EXCEPTION: 'Sự cố / Exception',
  CORRECT: 'Đính chính / Corrected',
}

const WHAT: Record<Step['kind'], string> = {
  log: 'Chữ ký của sổ cái / Signature of the ledger',
  witness: 'Chữ ký của bên chứng kiến / Signature of the witness',
  event: 'Sự kiện / Event',
  receipt: 'Biên nhận không đúng dạng / The receipt is malformed',
}

export const GOOD = '✓ Đúng / Proved'
export const HELD_BACK =
  '✓ Có trong sổ; nội dung theo lời bưu điện / In the ledger; its content as the post tells it'
export const BAD = '✗ SAI / NOT PROVED'
export const ALL_GOOD = '✓ Mọi bước đều khớp với khóa ghi dưới đây / Every step is proved under the key below'
export const NOT_ALL_GOOD = '✗ BIÊN NHẬN SAI, đừng tin / THIS RECEIPT IS WRONG, do not trust it'

/** What happened, by a record: that papers were accepted, or scans of them only. */
export function kindOf(record: { type?: string; data?: { scans_only?: unknown } }): string {
  return record.type === 'ACCEPT' && record.data?.scans_only === true ? SCANS_ONLY : (record.type ?? '')
}

export function typeName(type: string): string {
  return TYPES[type] ?? type
}

export function stepName(step: Step): string {
  const of = typeof step.of === 'number' ? `${step.of + 1}` : step.of
  const at = step.at === null ? '' : ` (${moment(new Date(step.at * 1000))})`
  return `${WHAT[step.kind]} ${of}${at}`
}

/** In Vietnam's time; what is no time is shown as it stands. */
export function moment(at: Date | string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return String(at)
  return date.toLocaleString('vi-VN', {
    timeZone: 'Asia/Ho_Chi_Minh',
    dateStyle: 'short',
    timeStyle: 'medium',
  })
}
