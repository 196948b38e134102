import { describe, expect, it } from 'vitest'
import { readFlow, touching, type Flow } from '../../src/charts/sankey/flow.ts'
import { layOutFlow } from '../../src/charts/sankey/layout.ts'
import { answerJourneys } from '../fixture/journeys.ts'
import { generateEvents } from '../fixture/generate.ts'
import { FixtureState } from '../fixture/state.ts'

const size = { width: 1000, height: 500 }
const flow: Flow = {
  steps: [
    { step: 1, nodes: [{ topic_id: 'a', sessions: 10, drop_offs: 4, active: 0 }] },
    {
      step: 2,
      nodes: [
        { topic_id: 'b', sessions: 5, drop_offs: 5, active: 0 },
        { topic_id: null, sessions: 1, drop_offs: 0, active: 1 },
      ],
    },
  ],
  links: [
    { step: 1, from: 'a', to: 'b', sessions: 5 },
    { step: 1, from: 'a', to: null, sessions: 1 },
  ],
}

describe('layOutFlow', () => {
  it('makes a node as tall as its sessions, also those that end there', () => {
    const { nodes, bands } = layOutFlow(readFlow(flow), size)
    const [a, b] = [nodes.get('1/a'), nodes.get('2/b')]

    expect(a!.height / b!.height).toBeCloseTo(2)
    expect(bands.get('1/a 2/b')!.width / a!.height).toBeCloseTo(0.5)
    expect(a!.exit.height / a!.height).toBeCloseTo(0.4)
  })

  it('stands going back and forth beside each other instead of in a circle', () => {
    const there = {
      steps: [1, 2, 3].map((step) => ({ step, nodes: [{ topic_id: step === 2 ? 'b' : 'a', sessions: 3, drop_offs: 0, active: 0 }] })),
      links: [
        { step: 1, from: 'a', to: 'b', sessions: 3 },
        { step: 2, from: 'b', to: 'a', sessions: 3 },
      ],
    }

    const { nodes } = layOutFlow(readFlow(there), size)

    expect(new Set([...nodes.values()].map(({ x }) => x)).size).toBe(3)
  })

  it('puts “Other” below the topics of its step', () => {
    const { nodes } = layOutFlow(readFlow(flow), size)

    expect(nodes.get('2/other')!.y).toBeGreaterThan(nodes.get('2/b')!.y)
  })

  it('leaves out bands to nodes that the flow does not list, and draws nothing of an empty flow', () => {
    const broken = { ...flow, links: [...flow.links, { step: 2, from: 'b', to: 'gone', sessions: 2 }] }

    expect(layOutFlow(readFlow(broken), size).bands.size).toBe(2)
    expect(layOutFlow(readFlow({ steps: [], links: [] }), size)).toEqual({ nodes: new Map(), bands: new Map(), columns: [] })
  })

  it('places a flow of more than 200 bands in at most 50 ms', () => {
    const state = new FixtureState(generateEvents(), () => Date.now())
    const large = readFlow(answerJourneys(state, new URLSearchParams({ from: 'now-30d', depth: '5', top: '12' })).flow)
    layOutFlow(large, size)
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now()
      layOutFlow(large, size)
      return performance.now() - start
    })

    console.log(`sankey layout: ${large.links.length} bands in ${Math.min(...times).toFixed(1)} ms`)
    expect(large.links.length).toBeGreaterThan(200)
    expect(Math.min(...times)).toBeLessThan(50)
  })
})

describe('touching', () => {
  it('names what belongs to a node and to a band, and nothing for what is not there', () => {
    const parts = readFlow(flow)

    expect([...touching(parts, '2/b')!].sort()).toEqual(['1/a', '1/a 2/b', '2/b'])
    expect([...touching(parts, '1/a 2/other')!].sort()).toEqual(['1/a', '1/a 2/other', '2/other'])
    expect(touching(parts, '7/gone')).toBeUndefined()
  })
})
