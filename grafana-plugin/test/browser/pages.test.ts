/** Every page, in both themes: it shows its data, axe finds nothing serious, a picture is kept. */
import { describe, expect, it } from 'vitest'
import { fixtureTopics } from '../fixture/generate.ts'
import { artifacts, findFaults, heading, realCollector, useStage } from './stage.ts'

const stage = useStage()

async function ids(): Promise<{ topic: string; session: string }> {
  if (realCollector === undefined) {
    const longest = [...countEach(stage.fixture.state.events.map(({ session_id }) => session_id))].sort((a, b) => b[1] - a[1])[0]
    return { topic: fixtureTopics.find(({ level }) => level === 'topic')!.id, session: longest![0] }
  }
  const { url, apiKey } = realCollector
  const read = async (path: string) => (await fetch(`${url}/api/v1${path}`, { headers: { 'x-api-key': apiKey } })).json()
  const [{ topics }, { sessions }] = await Promise.all([read('/topics?limit=1'), read('/sessions?sort=turns&limit=1')])
  return { topic: topics[0].id, session: sessions[0].session_id }
}

function countEach(list: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of list) {
    counts.set(item, (counts.get(item) ?? 0) + 1)
  }
  return counts
}

const pages: [name: string, path: (known: { topic: string; session: string }) => string, shows: string, height?: number][] = [
  ['topics', () => 'topics', 'table[aria-label="All topics"] tbody tr', 1250],
  ['topics-segments', () => 'topics?panel=segments', 'aside fieldset', 1250],
  ['topic', ({ topic }) => `topics/${topic}`, 'section[aria-label="Before and after"]', 1500],
  ['journeys', () => 'journeys', 'svg[role=group] text', 2900],
  ['journeys-around', ({ topic }) => `journeys?around=${topic}&depth=3`, 'svg[role=group] text', 1100],
  ['journeys-table', () => 'journeys?flow=table', 'table[aria-label="Flow by step"] tbody tr', 1500],
  ['sessions', () => 'sessions?sort=turns', 'table[aria-label="Sessions"] tbody tr', 1100],
  ['session', ({ session }) => `sessions/${session}`, 'ol[aria-label="Conversation"] li', 1100],
  ['compare', () => 'topics?compare=1&b.from=now-2d', 'table[aria-label="Topics"] tbody tr', 1100],
  ['map', () => 'map', 'svg[role=group] circle', 1050],
  ['setup', () => 'setup', 'pre', 900],
  ['keys', () => 'keys', 'section[aria-label="New key"]', 600],
  ['configuration', () => '/plugins/turret-topics-app?page=configuration', '#api-url', 800],
  ['panel', () => '/panel?kind=flow', 'svg[role=group] text', 800],
  ['panel-matrix', () => '/panel?kind=transitions&view=matrix', 'table a', 800],
]

describe.each(['dark', 'light'] as const)('in the %s theme', (theme) => {
  it.each(pages)('%s shows its data and nothing that axe finds serious', async (name, path, shows, height) => {
    const page = await stage.open(path(await ids()), { theme, ...(height !== undefined && { height }) })

    await page.locator(shows).first().waitFor()
    await page.screenshot({ path: `${artifacts}/${name}-${theme}.png` })

    expect(await heading(page).textContent()).not.toBe('')
    expect(await findFaults(page)).toEqual([])
    await page.close()
  })
})
