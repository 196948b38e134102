// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { readFilters, readLevel, toApiQuery, toApiTime, toSideQuery } from '../../src/state/filters.ts'
import { drillDownLink, linkTo } from '../../src/state/links.ts'
import { orderRows } from '../../src/components/order-rows.ts'
import { readSegments } from '../../src/datasource/read-segments.ts'

const params = (text: string) => new URLSearchParams(text)

describe('filters in the URL', () => {
  it('reach the API under their own names, repeated values as a list', () => {
    const query = toApiQuery(params('segment.plan=pro&segment.plan=free&user_id=u1&range.rating=3..&dimension=prompt&page=2'))

    expect(query).toEqual({
      from: 'now-7d',
      to: 'now',
      level: 'topic',
      'segment.plan': ['pro', 'free'],
      user_id: ['u1'],
      'range.rating': '3..',
      dimension: 'prompt',
    })
  })

  it('fall back to seven days and topics when the URL says something unknown', () => {
    expect(readLevel(params('level=galaxy'))).toBe('topic')
    expect(toApiTime('yesterday-ish', 'start')).toBe('now-7d')
  })

  it('turn Grafana’s times into what the API takes', () => {
    expect(toApiTime('now-30m', 'start')).toBe('now-30m')
    expect(toApiTime('1700000000000', 'start')).toBe('2023-11-14T22:13:20.000Z')
    expect(toApiTime('now-1d/d', 'start')).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  it('keep the two sides of a comparison apart', () => {
    const url = params('from=now-14d&segment.plan=pro&b.segment.plan=free&b.from=now-2d')

    expect(readFilters(url).map(({ value }) => value)).toEqual(['pro'])
    expect(toSideQuery(url, 'b')).toEqual({ from: 'now-2d', to: 'now', 'segment.plan': ['free'] })
  })
})

describe('links', () => {
  it('carry time, level and filters from page to page and drop what belongs to one page', () => {
    expect(linkTo('topics/abc', params('from=now-1h&level=theme&segment.plan=pro&sort=-users&page=3&panel=segments'))).toBe(
      '/a/turret-topics-app/topics/abc?from=now-1h&level=theme&segment.plan=pro',
    )
  })

  it('name exactly the sessions behind a number', () => {
    expect(drillDownLink({ journey: 'flow', step: 2, at: 'other', next: 'b' }, params('from=now-1h&top=12'))).toBe(
      '/a/turret-topics-app/sessions?from=now-1h&journey=flow&at=other&next=b&step=2&top=12',
    )
  })

  it('put a hostile value into the URL as a value', () => {
    expect(linkTo('topics', params(''), { search: '<img src=x>&a=b' })).toBe('/a/turret-topics-app/topics?search=%3Cimg+src%3Dx%3E%26a%3Db')
  })
})

describe('orderRows', () => {
  const columns = [{ id: 'n', order: (row: { n: number }) => row.n }, { id: 'fixed' }]
  const rows = [{ n: 2 }, { n: 3 }, { n: 1 }]

  it('orders by a column in both directions and leaves rows alone otherwise', () => {
    expect(orderRows(rows, columns, '-n').map(({ n }) => n)).toEqual([3, 2, 1])
    expect(orderRows(rows, columns, 'n').map(({ n }) => n)).toEqual([1, 2, 3])
    expect(orderRows(rows, columns, 'fixed')).toBe(rows)
  })
})

describe('the data source’s segments', () => {
  it('read as the API’s filters', () => {
    expect(readSegments('plan=pro,free&country=DE')).toEqual({ 'segment.plan': ['pro', 'free'], 'segment.country': ['DE'] })
  })
})
