/** Events for the query benchmark, made by ClickHouse itself from a hash: the same every time. */
import type { ClickHouse } from '@turret/clickhouse'

export const project = 'bench' // of its own: what arrives meanwhile goes to another one, and stays out of the figures
const turnsPerSession = 8
const anchors = 6000
const chunk = 500_000 // rows per INSERT

/** Two months of sessions of eight turns that stay with a topic for two turns on average; 240 subtopics in 60 topics in 8 themes. */
export async function generate(db: ClickHouse, events: number): Promise<void> {
  await db.command(`
    INSERT INTO anchor_topics SELECT '${project}', number + 1, 1000000 + intDiv(number, 25), 2000000 + intDiv(number, 100), 3000000 + intDiv(number, 800), 1
    FROM numbers(${anchors})`)
  await db.command(`
    INSERT INTO topics (Project, Level, TopicId, ParentId, State, Label, Version)
    SELECT '${project}', 'topic', TopicId, any(ThemeId), 'active', concat('topic ', toString(TopicId)), 1 FROM anchor_topics GROUP BY TopicId`)
  await db.command(`
    INSERT INTO maps SELECT '${project}', 'builtin', groupArray(number + 1), groupArray(sqrt(number) * cos(number)), groupArray(sqrt(number) * sin(number)), 1
    FROM numbers(${anchors})`)
  await db.command(`SYSTEM RELOAD DICTIONARY ${db.database}.anchor_topics_now`)
  for (let from = 0; from < events; from += chunk) await db.command(insert(from, Math.min(chunk, events - from), events))
}

/** @param all how many events there will be: they spread evenly over 60 days */
function insert(from: number, count: number, all: number): string {
  const sessionSeconds = (60 * 86_400 * turnsPerSession) / all
  return `
    INSERT INTO events (Project, EventId, SessionId, SessionSource, UserId, Name, Dimension, DimensionRank, Text, TextHash, AnchorId, Similarity,
        Sentiment, Fields, Model, InputTokens, OutputTokens, Cost, LatencyMs, IsError, TraceId, SpanId, Timestamp, ReceivedAt, Version)
    SELECT '${project}', lower(hex(sipHash64(n, 1))), lower(hex(sipHash128(session))), 'session.id', concat('user-', toString(sipHash64(session, 2) % 200000)),
        'chat', 'prompt', 0, concat('how do I change my plan number ', toString(anchor), ' in the app please help'), 0, anchor, .9, .1, -- without a text hash, or the topics thread would learn these texts first
        map('plan', ['free', 'pro', 'team', 'enterprise'][1 + sipHash64(session, 3) % 4], 'country', ['de', 'us', 'fr', 'es', 'it'][1 + sipHash64(session, 4) % 5],
            'app_version', concat('1.', toString(sipHash64(session, 5) % 30)), 'request_id', lower(hex(sipHash64(n, 9)))),
        'a-model', 100 + n % 400, 50 + n % 300, .001, 300 + n % 2000, n % 47 = 0, lower(hex(sipHash128(session))), lower(hex(sipHash64(n, 1))), at, at, 1
    FROM
    (
        SELECT number + ${from} AS n, intDiv(n, ${turnsPerSession}) AS session,
            -- a topic for every two turns, an anchor of it for every turn
            toUInt64(1 + 100 * intDiv(${anchors} * pow(sipHash64(session, intDiv(n + session, 2)) % 1000000 / 1000000., 2), 100) + sipHash64(n, 7) % 100) AS anchor,
            now64(9) - toIntervalSecond(3600) - toIntervalSecond(toInt64(session * ${sessionSeconds})) + toIntervalSecond(n % ${turnsPerSession} * 40) AS at
        FROM numbers(${count})
    )`
}
