import { describe, expect, it } from 'vitest'
import { lookup } from '../src/console/model/lookup'
import { rounds } from '../src/console/model/rounds'
import { MOST_HITS, search, searchEntries } from '../src/console/model/search'
import { fold } from '../src/shared/fold'
import { places, plan, trip } from './sample'

const entries = searchEntries(places, rounds(plan([trip({})]), lookup(places)))
const found = (query: string): string[] => search(entries, query).map((hit) => hit.id)

describe('search', () => {
  it('folds Vietnamese letters, composed or not', () => {
    expect(fold('Đường Thư')).toBe('duong thu')
    expect(fold('Hòa'.normalize('NFD'))).toBe(fold('Hoà'))
  })

  it('finds with and without marks, in any case', () => {
    expect(found('dang thi anh')).toEqual(['C1'])
    expect(found('ĐẶNG')).toEqual(['C1'])
    expect(found('da phuoc')).toEqual(['2', 'A'])
  })

  it('leads from a shipment to the round that carries it', () => {
    expect(search(entries, 's1')[0]).toMatchObject({
      kind: 'shipment',
      roundId: 'C1',
      detail: 'Đặng Thị Ánh',
    })
    expect(search(entries, 's2')[0]).toMatchObject({ kind: 'shipment', roundId: null })
  })

  it('wants every word', () => {
    expect(found('chau khong')).toEqual([])
    expect(found('  ')).toEqual([])
  })

  it('puts beginnings before middles and keeps the list short', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      kind: 'site' as const,
      id: String(index),
      label: '',
      detail: '',
      roundId: null,
      folded: index === 20 ? 'hoa binh' : 'xa phu hoa',
    }))
    expect(search(many, 'hoa')).toHaveLength(MOST_HITS)
    expect(search(many, 'hoa')[0]?.id).toBe('20')
  })
})
