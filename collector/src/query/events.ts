/** GET /events and /topics/:id/events: the events that a filter selects, newest first. */
import type { z } from 'zod'
import type { EventsAnswer, eventsQuery } from './contract/sessions.ts'
import { type QueryContext, ask } from './context.ts'
import { parseCursor } from './cursor.ts'
import { type EventRow, toEvent, topicsOfEvent } from './event-rows.ts'
import { eventPieces, toConditions } from './filters.ts'
import { queryTotals } from './totals.ts'

const afterCursor = `(Timestamp, EventId, SessionId, Dimension) <
    (fromUnixTimestamp64Nano({cursorTime: Int64}), {cursorEvent: String}, {cursorSession: String}, {cursorDimension: String})`

export async function queryEvents(context: QueryContext, query: z.output<typeof eventsQuery>): Promise<EventsAnswer> {
  const conditions = toConditions(query, query.level, context)
  const { limit, cursor } = query
  const [cursorTime, cursorEvent, cursorSession, cursorDimension] = cursor === undefined ? [] : parseCursor(cursor, 4)
  const topics = topicsOfEvent(context)
  const pieces = { ...eventPieces(conditions), ...topics.pieces, after: cursor === undefined ? '1' : afterCursor }
  const params = {
    ...topics.params,
    ...conditions.params,
    limit,
    ...(cursor !== undefined && { cursorTime, cursorEvent, cursorSession, cursorDimension }),
  }
  const [rows, total] = await Promise.all([
    ask<EventRow & { Cursor: string }>(context, 'events', pieces, params),
    queryTotals(context, conditions),
  ])
  const last = rows.length < limit ? undefined : rows.at(-1)
  return { events: rows.map(toEvent), next_cursor: last === undefined ? null : Buffer.from(last.Cursor).toString('base64url'), total }
}
