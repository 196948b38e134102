/** A Model Context Protocol server over the query API: read-only tools, with topics by label beside their ids. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { Client } from '../query/client.ts'
import { level, timeInput, topicId, unclusteredId } from '../query/contract/common.ts'
import { sessionSort } from '../query/contract/sessions.ts'

const filters = {
  from: timeInput.default('now-7d').describe('Start of the time range: RFC 3339 or relative, such as now-7d'),
  to: timeInput.optional().describe('End of the time range; default now'),
  level: level.default('topic').describe('subtopic is finer, theme is coarser than topic'),
  segments: z.record(z.string(), z.array(z.string())).optional().describe('Values of metadata fields, such as {"plan": ["pro"]}'),
  user_id: z.array(z.string()).optional().describe('Only events of these users'),
}
const limit = z.number().int().min(1).max(100).default(20).describe('Rows per list')
const side = z.object({ from: filters.from, to: filters.to, segments: filters.segments, user_id: filters.user_id })
const readOnly = { readOnlyHint: true, idempotentHint: true, openWorldHint: false }

/** @param client with a key of the scope `read`; nothing that it can do changes anything */
export function createMcpServer(client: Client, version: string): McpServer {
  const server = new McpServer({ name: 'turret', version })

  server.registerTool(
    'topics',
    {
      description: 'What users of the AI application talk about: topics with counts, share, trend and examples',
      inputSchema: { ...filters, limit, search: z.string().max(200).optional() },
      annotations: readOnly,
    },
    async (query) => {
      const { topics, other, unclustered, total } = await client.topics(query)
      return toResult({ topics, other, unclustered, total })
    },
  )

  server.registerTool(
    'topic_examples',
    {
      description: 'Messages of users in one topic, newest first',
      inputSchema: { ...filters, topic_id: topicId, limit },
      annotations: readOnly,
    },
    async ({ topic_id, ...query }) => {
      const { events, total } = await client.topicEvents(topic_id, query)
      const messages = events.map(({ event_id, session_id, timestamp, text, answer, error, fields }) => ({
        event_id,
        session_id,
        timestamp,
        text,
        answer,
        error,
        fields,
      }))
      return toResult({ messages, total })
    },
  )

  server.registerTool(
    'journeys',
    {
      description: 'How conversations flow: starting topics, follow-ups, drop-offs, back-and-forth and cycles',
      inputSchema: { ...filters, limit },
      annotations: readOnly,
    },
    async (query) => {
      const { flow: _, ...answer } = await client.journeys({ ...query, depth: 2, top: 1 })
      return toResult({ ...answer, labels: await readLabels(client, query.level) })
    },
  )

  server.registerTool(
    'sessions',
    {
      description: 'Conversations with their path of topics',
      inputSchema: { ...filters, topic_id: topicId.optional(), sort: sessionSort.default('last_activity'), limit },
      annotations: readOnly,
    },
    async ({ topic_id, ...query }) => {
      const { sessions, total } = await client.sessions({ ...query, ...(topic_id !== undefined && { topic_id: [topic_id] }) })
      return toResult({ sessions, total, labels: await readLabels(client, query.level) })
    },
  )

  server.registerTool(
    'session',
    {
      description: 'One conversation, turn by turn, with the topic of each turn and why',
      inputSchema: { session_id: z.string().min(1).max(500) },
      annotations: readOnly,
    },
    async ({ session_id }) => toResult({ ...(await client.session(session_id)), labels: await readLabels(client, 'topic') }),
  )

  server.registerTool(
    'compare',
    {
      description: 'Two filters or periods side by side; only differences marked significant are more than chance',
      inputSchema: { a: side, b: side, level: filters.level, limit },
      annotations: readOnly,
    },
    async (query) => toResult({ ...(await client.compare(query)), labels: await readLabels(client, query.level) }),
  )

  return server
}

function toResult(answer: object) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(answer) }] }
}

/** Labels by id: an answer speaks of topics by id, a language model better by name. */
async function readLabels(client: Client, of: z.infer<typeof level>): Promise<Record<string, string>> {
  const { topics } = await client.topics({ level: of, hidden: 'true', limit: 5000 })
  return { ...Object.fromEntries(topics.map(({ id, label }) => [id, label])), [unclusteredId]: 'Unclustered' }
}
