// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { FieldType, toDataFrame } from '@grafana/data'
import { readFrame } from '../../src/panels/journey/read-frame.ts'
import { toFlowFrame } from '../../src/datasource/frames.ts'
import { generateEvents, fixtureTopics } from '../fixture/generate.ts'
import { answerJourneys } from '../fixture/journeys.ts'
import { FixtureState } from '../fixture/state.ts'

describe('readFrame', () => {
  it('gets back the flow that the data source wrote into a frame', () => {
    const state = new FixtureState(generateEvents({ sessions: 200 }), () => Date.now())
    const journeys = answerJourneys(state, new URLSearchParams({ from: 'now-30d' }))
    const names = fixtureTopics.map(({ id, label }) => ({ id, label, born_at: '2026-01-01T00:00:00Z' }))

    const read = readFrame(toFlowFrame('A', journeys, names, { level: 'topic', top: 8 }))

    const sums = (flow: typeof journeys.flow) =>
      flow.steps.map(({ nodes }) => nodes.reduce((sum, node) => [sum[0]! + node.sessions, sum[1]! + node.drop_offs], [0, 0]))
    expect(sums(read!.flow)).toEqual(sums(journeys.flow))
    expect(read!.flow.links).toHaveLength(journeys.flow.links.length)
    expect(read!.flow.steps.map(({ nodes }) => nodes.filter((node) => node.topic_id === null).length)).toEqual(
      journeys.flow.steps.map(({ nodes }) => nodes.filter((node) => node.topic_id === null).length),
    )
    expect(read!.ids.get(names.find(({ id }) => journeys.starts[0]!.topic_id === id)!.label)).toBe(journeys.starts[0]!.topic_id)
  })

  it('draws transitions of any SQL query with From, To and a number', () => {
    const read = readFrame(
      toDataFrame({
        fields: [
          { name: 'from', type: FieldType.string, values: ['a', 'a'] },
          { name: 'to', type: FieldType.string, values: ['b', 'c'] },
          { name: 'count', type: FieldType.number, values: [3, 1] },
        ],
      }),
    )

    expect(read!.flow.steps.map(({ nodes }) => nodes.map(({ topic_id, sessions }) => [topic_id, sessions]))).toEqual([
      [['a', 4]],
      [
        ['b', 3],
        ['c', 1],
      ],
    ])
    expect(read!.pairs.follow_ups.map(({ share }) => share)).toEqual([0.75, 0.25])
  })

  it('takes shares as the data source worked them out: a frame may hold only the most frequent pairs', () => {
    const frame = toDataFrame({
      fields: [
        { name: 'From', type: FieldType.string, values: ['a'] },
        { name: 'To', type: FieldType.string, values: ['b'] },
        { name: 'Count', type: FieldType.number, values: [3] },
        { name: 'Share', type: FieldType.number, values: [0.2] },
      ],
    })

    expect(readFrame(frame)!.pairs.follow_ups.map(({ share }) => share)).toEqual([0.2])
  })

  it('says that a frame without these columns is not for it', () => {
    expect(readFrame(toDataFrame({ fields: [{ name: 'x', type: FieldType.number, values: [1] }] }))).toBeUndefined()
  })
})
