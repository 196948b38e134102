/** GET /map: messages as points on a plane, where like texts lie together. */
import type { z } from 'zod'
import { type Level, unclusteredId } from './contract/common.ts'
import type { MapAnswer, MapPoint, mapQuery } from './contract/map.ts'
import { type QueryContext, ask } from './context.ts'
import { topicsOfEvent } from './event-rows.ts'
import { eventPieces, toConditions, turnPieces } from './filters.ts'
import { toTime } from './time.ts'
import type { TopicIndex } from './topic-index.ts'
import { withAll } from './topics.ts'

interface PlacesRow {
  readonly Anchors: string[]
  readonly Xs: number[]
  readonly Ys: number[]
  /** Unix ms. */
  readonly DrawnAt: number
}

interface MessagesRow {
  readonly Topic: string
  readonly Anchor: string
  readonly TopicId: string
  readonly SubtopicId: string
  readonly ThemeId: string
  readonly Messages: number
}

const exampleLength = 200 // characters: a glance
const noAnchor = '0'
const idOf = { subtopic: 'subtopic_id', topic: 'topic_id', theme: 'theme_id' } as const

export async function queryMap(context: QueryContext, query: z.output<typeof mapQuery>): Promise<MapAnswer> {
  const conditions = toConditions(query, query.level, context)
  const { params } = conditions
  const ofEvent = topicsOfEvent(context)
  const turns = turnPieces(conditions, { topicsPick: 'turns', arrays: ['AnchorIds', 'ArrivalTopicIds'] })
  const [[map], rows, examples] = await Promise.all([
    ask<PlacesRow>(context, 'map_places'),
    ask<MessagesRow>(context, 'map', { ...turns, ...ofEvent.pieces }, { ...ofEvent.params, ...params }),
    ask<{ Anchor: string; Text: string }>(
      context,
      'map_examples',
      { where: eventPieces(conditions).where },
      { ...params, textLength: exampleLength },
    ),
  ])
  const placed = map === undefined ? [] : toPoints(rows, map, new Map(examples.map(({ Anchor, Text }) => [Anchor, Text])))
  const idAt = (point: MapPoint): string => point[idOf[query.level]]
  const topics = await withAll(
    placed.map(idAt).filter((id) => id !== unclusteredId),
    context,
  )
  const visible = placed.filter((point) => query.hidden || !topics.get(idAt(point))?.Hidden)
  const points = visible.sort((a, b) => b.messages - a.messages).slice(0, query.limit)
  const messages = rows.reduce((sum, row) => sum + row.Messages, 0)
  return {
    points,
    topics: toMiddles(points, query.level, topics),
    other: { points: placed.length - points.length, messages: messages - sumOf(points) },
    total: { points: placed.length, messages },
    drawn_at: map === undefined ? null : toTime(map.DrawnAt),
  }
}

/** Every topic's messages are shared out among its landmarks, in whole numbers that add up to exactly them. */
function toPoints(rows: readonly MessagesRow[], map: PlacesRow, examples: ReadonlyMap<string, string>): MapPoint[] {
  const slots = new Map(map.Anchors.map((anchor, slot) => [anchor, slot]))
  const byTopic = new Map<string, { messages: number; own: number; landmarks: MessagesRow[] }>()
  for (const row of rows) {
    const topic = byTopic.get(row.Topic) ?? { messages: 0, own: 0, landmarks: [] }
    byTopic.set(row.Topic, topic)
    topic.messages += row.Messages
    if (row.Anchor === noAnchor) continue
    topic.own += row.Messages
    topic.landmarks.push(row)
  }
  return [...byTopic.values()].flatMap(({ messages, own, landmarks }) => {
    let [soFar, given] = [0, 0]
    return landmarks.flatMap((row) => {
      soFar += row.Messages
      const share = Math.round((messages * soFar) / own) - given
      given += share
      const slot = slots.get(row.Anchor)
      return slot === undefined ? [] : [toPoint(row, share, { x: map.Xs[slot]!, y: map.Ys[slot]! }, examples.get(row.Anchor))]
    })
  })
}

function toPoint(row: MessagesRow, messages: number, { x, y }: { x: number; y: number }, example: string | undefined): MapPoint {
  return {
    x: toThousandth(x),
    y: toThousandth(y),
    topic_id: row.TopicId,
    subtopic_id: row.SubtopicId,
    theme_id: row.ThemeId,
    messages,
    ...(example !== undefined && { example }),
  }
}

/** Medians, which stay inside the topic's crowd whatever its strays do. */
function toMiddles(points: readonly MapPoint[], level: Level, topics: TopicIndex): MapAnswer['topics'] {
  return [...groupPoints(points, level)]
    .map(([id, own]) => ({
      topic_id: id,
      label: topics.get(id)?.Label ?? '',
      messages: sumOf(own),
      x: medianOf(own, 'x'),
      y: medianOf(own, 'y'),
    }))
    .sort((a, b) => b.messages - a.messages)
}

function groupPoints(points: readonly MapPoint[], level: Level): Map<string, MapPoint[]> {
  const groups = new Map<string, MapPoint[]>()
  for (const point of points) {
    const id = point[idOf[level]]
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [point])
    else group.push(point)
  }
  return groups
}

/** Each point weighs as much as it has messages. */
function medianOf(points: readonly MapPoint[], axis: 'x' | 'y'): number {
  const sorted = [...points].sort((a, b) => a[axis] - b[axis])
  let left = sumOf(points) / 2
  return sorted.find(({ messages }) => (left -= messages) <= 0)?.[axis] ?? 0
}

function sumOf(points: readonly MapPoint[]): number {
  return points.reduce((sum, { messages }) => sum + messages, 0)
}

function toThousandth(value: number): number {
  return Math.round(value * 1000) / 1000
}
