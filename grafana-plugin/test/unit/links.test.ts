// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { links } from '../../src/extensions/links.ts'

const app = '/a/turret-topics-app'

/** Where a link leads from a place of Grafana; undefined = it is not offered there. */
function lead(title: string, context: object): string | undefined {
  const link = links.find((one) => one.title === title)!
  return link.configure?.(context)?.path
}

describe('links from Grafana’s own pages', () => {
  it('lead from a trace to its conversation, in both forms that Grafana names a trace', () => {
    expect(lead('Open conversation', { traceId: 'ab/1' })).toBe(`${app}/sessions/ab%2F1`)
    expect(lead('Open conversation', { trace: { traceID: 'c2' } })).toBe(`${app}/sessions/c2`)
    expect(lead('Open conversation', {})).toBeUndefined()
  })

  it('lead from an alert that names a topic to the topic', () => {
    expect(lead('Open topic', { instance: { labels: { topic_id: '00ff' } } })).toBe(`${app}/topics/00ff?from=now-24h&to=now`)
    expect(lead('Open topic', { instance: { labels: { service: 'other' } } })).toBeUndefined()
  })

  it('lead from the command palette to pages of the app', () => {
    const commands = links.filter(({ targets }) => targets === 'grafana/commandpalette/action')

    expect(commands.map(({ path }) => path)).toEqual(['topics', 'journeys', 'sessions'].map((page) => `${app}/${page}`))
  })
})
