/** Every page, in both themes: it shows its data, axe finds nothing serious, a picture is kept. */
import { beforeAll, describe, expect, it } from 'vitest'
import { fixtureTopics } from '../fixture/generate.ts'
import { findFaults } from './axe.ts'
import { artifacts, findTooWide, fixture, heading, load, realCollector, settled } from './stage.ts'

interface Known {
  readonly topic: string
  readonly session: string
}

interface Shown {
  readonly path: (known: Known) => string
  /** Selector of what must be there. */
  readonly shows: string
  readonly height: number
  /** The part of the page that axe has not seen on another one. */
  readonly fresh?: string
}

const pages: Record<string, Shown> = {
  topics: { path: () => 'topics', shows: 'table[aria-label="All topics"] tbody tr', height: 1250 },
  'topics-segments': { path: () => 'topics?panel=segments', shows: 'aside fieldset', height: 1250, fresh: 'aside' },
  topic: { path: ({ topic }) => `topics/${topic}`, shows: 'section[aria-label="Before and after"]', height: 1500 },
  journeys: { path: () => 'journeys', shows: 'svg[role=group] text', height: 2900 },
  'journeys-segments': { path: () => 'journeys?panel=segments', shows: 'aside fieldset', height: 1250, fresh: 'aside' },
  'journeys-around': {
    path: ({ topic }) => `journeys?around=${topic}&depth=3`,
    shows: 'svg[role=group] text',
    height: 1100,
    fresh: 'section[aria-label^="Before and after"]',
  },
  'journeys-table': {
    path: () => 'journeys?flow=table',
    shows: 'table[aria-label="Flow by step"] tbody tr',
    height: 1500,
    fresh: 'section[aria-label="Flow by step"]',
  },
  'journeys-compare': {
    path: () => 'journeys?compare=1&b.from=now-2d',
    shows: 'table[aria-label="What follows what"] tbody tr',
    height: 1500,
    fresh: 'section[aria-label="Where sessions end"]',
  },
  sessions: { path: () => 'sessions?sort=turns', shows: 'table[aria-label="Sessions"] tbody tr', height: 1100 },
  session: { path: ({ session }) => `sessions/${session}`, shows: 'ol[aria-label="Conversation"] li', height: 1100 },
  compare: { path: () => 'topics?compare=1&b.from=now-2d', shows: 'table[aria-label="Topics"] tbody tr', height: 1100 },
  map: { path: () => 'map', shows: '[role=application] canvas', height: 1000 },
  setup: { path: () => 'setup', shows: 'pre', height: 900 },
  keys: { path: () => 'keys', shows: 'section[aria-label="New key"]', height: 760 },
  configuration: { path: () => '/plugins/turret-topics-app?page=configuration', shows: '#api-url', height: 800 },
  panel: { path: () => '/panel?kind=flow', shows: 'svg[role=group] text', height: 800 },
  'panel-matrix': { path: () => '/panel?kind=transitions&view=matrix', shows: 'table a', height: 800 },
}

const narrow = 1024 // px: a window beside another one

describe('every page', () => {
  let known: Known
  beforeAll(async () => {
    known = realCollector ? await readKnown(realCollector) : fixtureKnown()
  })

  it.each(Object.entries(pages))(
    '%s shows its data and nothing that axe finds serious, in both themes, also in a narrow window',
    async (name, { path, shows, height, fresh = 'main' }) => {
      const page = await load(path(known), { height })
      await page.locator(shows).first().waitFor()
      expect(await heading(page).textContent()).not.toBe('')

      await page.screenshot({ path: `${artifacts}/${name}-dark.png` })
      expect(await findFaults(page, fresh, 'all')).toEqual([])

      await page.getByRole('button', { name: 'Change theme' }).click()
      await settled(page)
      await page.screenshot({ path: `${artifacts}/${name}-light.png` })
      expect(await findFaults(page, fresh, 'colors')).toEqual([])

      await page.setViewportSize({ width: narrow, height })
      await settled(page)
      expect(await findTooWide(page)).toEqual([])
    },
  )
})

function fixtureKnown(): Known {
  const turns = new Map<string, number>()
  for (const { session_id } of fixture.state.events) {
    turns.set(session_id, (turns.get(session_id) ?? 0) + 1)
  }
  const [longest] = [...turns].sort((a, b) => b[1] - a[1])
  return { topic: fixtureTopics.find(({ level }) => level === 'topic')!.id, session: longest![0] }
}

async function readKnown({ apiUrl, apiKey }: { apiUrl: string; apiKey: string }): Promise<Known> {
  const read = async (path: string) => (await fetch(`${apiUrl}/api/v1${path}`, { headers: { 'x-api-key': apiKey } })).json()
  const [{ topics }, { sessions }] = await Promise.all([read('/topics?limit=1'), read('/sessions?sort=turns&limit=1')])
  return { topic: topics[0].id, session: sessions[0].session_id }
}
