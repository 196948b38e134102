/** Deletes rows for good: by mutations, which write the parts of a table anew without them. */
import type { ClickHouse } from '@turret/clickhouse'
import { sessionAttributes, userAttributes } from '../extract/genai/identity.ts'
import { eraseSessionTurns } from './session-turns.ts'
import type { Subject, Traces } from './subject.ts'

/** Rows that are gone, by what they were. */
export interface ErasedRows {
  readonly turn_parts: number
  readonly spans: number
  readonly logs: number
}

const valuesPerStatement = 20_000 // of up to 40 bytes each: a statement of under a megabyte
const settings = { mutations_sync: 2, max_query_size: 10_000_000 }

/** Events go last: an erasure that was interrupted finds by them what is left, and a second try ends it. */
export async function eraseRows(db: ClickHouse, project: string, subject: Subject, traces: Traces): Promise<ErasedRows> {
  const { traceIds, eventIds } = traces
  const inProject = `Project = ${literal(project)}`
  const spans = await eraseIn(db, 'otel_traces', inProject, 'TraceId', traceIds)
  const namedSpans = await erase(db, 'otel_traces', `${inProject} AND ${namesSubject('SpanAttributes', subject)}`)
  const logs = await eraseIn(db, 'otel_logs', inProject, 'TraceId', traceIds)
  const namedLogs = await erase(db, 'otel_logs', `${inProject} AND ${namesSubject('LogAttributes', subject)}`)
  await eraseIn(db, 'otel_traces_trace_id_ts', '1', 'TraceId', traceIds)
  const parts = await eraseIn(db, 'turn_parts', inProject, 'TraceId', traceIds)
  const namedParts = await erase(
    db,
    'turn_parts',
    `${inProject} AND ${subject.kind === 'user' ? 'UserId' : 'SessionId'} IN (${list(subject.ids)})`,
  )
  await eraseSessionTurns(db, project, subject, traces.sessionIds)
  await eraseIn(db, 'events', inProject, 'EventId', eventIds)
  return { turn_parts: parts + namedParts, spans: spans + namedSpans, logs: logs + namedLogs }
}

/** Takes texts out of topics' examples, whichever version or state of a topic has them. @returns texts that were taken out */
export async function eraseExamples(db: ClickHouse, project: string, texts: readonly string[]): Promise<number> {
  let erased = 0
  for (const chunk of chunks(texts)) {
    const where = `Project = ${literal(project)} AND hasAny(Examples, [${list(chunk)}])`
    const [found] = await db.query<{ Texts: number }>(
      `SELECT uniqExactArray(arrayFilter(example -> has([${list(chunk)}], example), Examples)) AS Texts FROM topics WHERE ${where}`,
      { settings: { max_query_size: settings.max_query_size } },
    )
    if ((found?.Texts ?? 0) === 0) continue
    erased += found!.Texts
    // The words of a topic that is gone may be theirs, too; those of a living one have been put anew.
    const isGone = `State = 'retired' AND LabelSource != 'user'`
    await db.command(
      `ALTER TABLE topics UPDATE Examples = arrayFilter(example -> NOT has([${list(chunk)}], example), Examples),
         Label = if(${isGone}, 'Topic', Label), Description = if(${isGone}, '', Description), Keyphrases = if(${isGone}, [], Keyphrases)
       WHERE ${where}`,
      { settings },
    )
  }
  return erased
}

/** Deletes what topics and the clusterer said before they forgot. */
export async function erasePast(db: ClickHouse, project: string, topicIds: readonly bigint[], version: number): Promise<void> {
  const before = `Project = ${literal(project)} AND Version < ${version}`
  for (const chunk of chunks(topicIds.map(String))) await erase(db, 'topics', `${before} AND TopicId IN (${chunk.join(',')})`)
  await erase(db, 'clusterer_states', before)
  // Older states were hidden, not removed.
  await db.command('ALTER TABLE clusterer_states APPLY DELETED MASK', { settings })
}

async function eraseIn(db: ClickHouse, table: string, where: string, column: string, values: readonly string[]): Promise<number> {
  let erased = 0
  for (const chunk of chunks(values)) erased += await erase(db, table, `${where} AND ${column} IN (${list(chunk)})`)
  return erased
}

/** @returns rows deleted */
async function erase(db: ClickHouse, table: string, where: string): Promise<number> {
  const query = { settings: { max_query_size: settings.max_query_size } }
  const [found] = await db.query<{ Rows: number }>(`SELECT count() AS Rows FROM ${table} WHERE ${where}`, query)
  if ((found?.Rows ?? 0) === 0) return 0
  await db.command(`ALTER TABLE ${table} DELETE WHERE ${where}`, { settings })
  return found!.Rows
}

/** Spans and records that name the subject and brought no event. */
function namesSubject(map: 'SpanAttributes' | 'LogAttributes', { kind, ids }: Subject): string {
  const names = kind === 'user' ? userAttributes : sessionAttributes
  return `arrayExists((key, value) -> has([${list(names)}], key) AND has([${list(ids)}], value), mapKeys(${map}), mapValues(${map}))`
}

function list(values: readonly string[]): string {
  return values.map(literal).join(',')
}

/** A string in SQL. */
function literal(value: string): string {
  return `'${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}

function* chunks(values: readonly string[]): Generator<string[]> {
  for (let start = 0; start < values.length; start += valuesPerStatement) yield values.slice(start, start + valuesPerStatement)
}
