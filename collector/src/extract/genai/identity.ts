/** Whose conversation a span belongs to: the attributes that name session and user, tried from top to bottom. */
import { type Attributes, toText } from '../../wire/value.ts'
import { isRecord, parseJson } from './messages.ts'

/** Attributes by which a span says whose it is, most trusted first. */
export interface IdentityAttributes {
  readonly session: readonly string[]
  readonly user: readonly string[]
}

/** Attributes that may name the session. Never `langsmith.trace.session_id`: that is LangSmith's project. */
export const sessionAttributes: readonly string[] = [
  'turret.session.id',
  'session.id',
  'gen_ai.conversation.id',
  'langfuse.session.id',
  ...['sessionId', 'session_id', 'threadId', 'chatId'].flatMap((key) => [`ai.telemetry.metadata.${key}`, `ai.settings.context.${key}`]),
  ...['session_id', 'conversation_id', 'thread_id', 'chat_id'].map((key) => `traceloop.association.properties.${key}`),
  'mlflow.trace.session',
  ...['session_id', 'thread_id', 'conversation_id'].map((key) => `langsmith.metadata.${key}`),
  'metadata.session_id',
  'metadata.thread_id',
  'metadata.conversation_id',
  'session_id',
  'thread_id',
]

/** Attributes that may name the user. */
export const userAttributes: readonly string[] = [
  'user.id',
  'enduser.id',
  'langfuse.user.id',
  'ai.telemetry.metadata.userId',
  'ai.settings.context.userId',
  'traceloop.association.properties.user_id',
  'mlflow.trace.user',
  'langsmith.metadata.user_id',
  'metadata.user_id',
  'user_id',
]

/** The first of `names` that has a value; `metadata.<key>` also reads the JSON object in the attribute `metadata`. */
export function firstNamed(attributes: Attributes, names: readonly string[]): { value: string; source: string } | undefined {
  let metadata: Record<string, unknown> | undefined
  for (const name of names) {
    const direct = attributes[name]
    if (direct !== undefined && direct !== null && toText(direct) !== '') return { value: toText(direct), source: name }
    if (!name.startsWith('metadata.') || typeof attributes['metadata'] !== 'string') continue
    metadata ??= parseObject(attributes['metadata'])
    const inner = metadata[name.slice('metadata.'.length)]
    if ((typeof inner === 'string' && inner !== '') || typeof inner === 'number') return { value: String(inner), source: name }
  }
  return undefined
}

/** Prefixes under which instrumentations keep the application's own metadata: what stands behind them is a field. */
const fieldPrefixes = [
  'turret.metadata.',
  'langfuse.trace.metadata.',
  'ai.telemetry.metadata.',
  'ai.settings.context.',
  'traceloop.association.properties.',
  'langsmith.metadata.',
  'metadata.',
]

/** Whose conversation it is stands in columns of its own. */
const identityKeys = new Set([
  'sessionId',
  'session_id',
  'threadId',
  'thread_id',
  'chatId',
  'chat_id',
  'conversation_id',
  'userId',
  'user_id',
])

/** The application's metadata on a span, as fields: session and user keys left out, values as text. */
export function metadataFields(attributes: Attributes): Record<string, string> {
  const fields = Object.create(null) as Record<string, string>
  if (typeof attributes['metadata'] === 'string') {
    for (const [key, value] of Object.entries(parseObject(attributes['metadata']))) {
      if (['string', 'number', 'boolean'].includes(typeof value) && !identityKeys.has(key)) fields[key] = String(value)
    }
  }
  for (const attribute in attributes) {
    for (const prefix of fieldPrefixes) {
      if (!attribute.startsWith(prefix)) continue
      const key = attribute.slice(prefix.length)
      if (!identityKeys.has(key)) fields[key] = toText(attributes[attribute]!)
      break
    }
  }
  const model = attributes['gen_ai.response.model'] ?? attributes['gen_ai.request.model'] ?? attributes['llm.model_name']
  if (typeof model === 'string') fields['model'] = model
  return fields
}

function parseObject(text: string): Record<string, unknown> {
  const value = parseJson(text)
  return isRecord(value) ? value : {}
}
