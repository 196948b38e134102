/** What the log records of one span say of a user's turn: two official instrumentations put the texts only there. */
import { hashText } from '../../embed/text-hash.ts'
import { type AttributeValue, type Attributes, toText } from '../../wire/value.ts'
import type { CandidateLog } from '../candidate.ts'
import { groupBy } from '../group-by.ts'
import { type TurnPart, createPart } from '../turn-part.ts'
import { answerOf, toAnswer } from './answer.ts'
import { evaluationEventName, partOfEvaluations } from './evaluation.ts'
import { unnamed } from './genai-span.ts'
import { type IdentityAttributes, firstNamed, metadataFields } from './identity.ts'
import { type Message, isRecord, messagesOf, toMessages } from './messages.ts'
import { turnId } from './turn-id.ts'
import { firstText, modelAttributes, nameAttributes, usageOf } from './usage.ts'
import { lastUserTurn } from './user-text.ts'

/** The record that holds a whole call in its attributes, as a span does. */
const detailsEventName = 'gen_ai.client.inference.operation.details'

/** Records that hold one message each, in their body; the role of the message. */
const messageEventNames: ReadonlyMap<string, string> = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
  ['gen_ai.choice', 'choice'],
])

export function isGenAiLog({ eventName }: CandidateLog): boolean {
  return eventName === detailsEventName || eventName === evaluationEventName || messageEventNames.has(eventName)
}

/** One part for each span that the records belong to; scores of it are one more. Records without a trace id and a session say nothing that could be placed. */
export function partsOfGenAiLogs(records: readonly CandidateLog[], identity: IdentityAttributes): TurnPart[] {
  const bySpan = groupBy(
    records,
    ({ traceId, spanId, eventName }) => `${traceId}\n${spanId}\n${messageEventNames.has(eventName) ? '' : eventName}`,
  )
  return [...bySpan.values()].flatMap((group) => {
    const context = contextOf(group, identity)
    if (context.sessionId === '') return []
    const [first] = group
    if (first!.eventName === evaluationEventName) return [partOfEvaluations(group, context)]
    return [first!.eventName === detailsEventName ? partOfDetails(first!, context) : partOfMessages(group, context)]
  })
}

function contextOf(group: readonly CandidateLog[], names: IdentityAttributes): TurnPart {
  const attributes = Object.assign({}, ...group.map((record) => record.attributes)) as Attributes
  const part = createPart('log', group[0]!, group[0]!.timeUnixNano)
  const session = firstNamed(attributes, names.session)
  if (session !== undefined) {
    part.sessionId = session.value
    part.sessionSource = session.source
  }
  part.userId = firstNamed(attributes, names.user)?.value ?? ''
  part.name = firstText(attributes, nameAttributes) || unnamed
  part.fields = metadataFields(attributes)
  return part
}

function partOfDetails({ attributes, spanId }: CandidateLog, context: TurnPart): TurnPart {
  const answer = answerOf(attributes)
  const counted = { model: firstText(attributes, modelAttributes), ...usageOf(attributes), spanIds: [spanId] }
  return placed(messagesOf(attributes['gen_ai.input.messages']), { ...context, ...counted, answer: answer.text, tools: answer.tools })
}

function partOfMessages(group: readonly CandidateLog[], context: TurnPart): TurnPart {
  const history = group.flatMap((record) => historyMessage(record))
  const answer = toAnswer(group.filter(({ eventName }) => eventName === 'gen_ai.choice').flatMap(({ body }) => choice(body)))
  const lastUser = group.findLast(({ eventName }) => eventName === 'gen_ai.user.message')
  const timeUnixNano = lastUser?.timeUnixNano ?? context.timeUnixNano
  return placed(history, { ...context, timeUnixNano, answer: answer.text, tools: answer.tools })
}

/** As a call's span: a new message of the user, the same turn going on, or an answer alone. */
function placed(history: readonly Message[], part: TurnPart): TurnPart {
  const turn = lastUserTurn(history)
  if (turn === undefined) return part
  const eventId = turnId(part.traceId || part.sessionId, turn.ordinal, turn.text)
  return turn.isContinued
    ? { ...part, role: 'step', eventId, textHash: hashText(turn.text) }
    : { ...part, role: 'log', eventId, dimension: 'prompt', text: turn.text }
}

function historyMessage({ eventName, body }: CandidateLog): Message[] {
  const role = messageEventNames.get(eventName)
  if (role === undefined || role === 'choice') return []
  const message = typeof body === 'string' ? { content: body } : isRecord(body) ? body : { content: toText(body) }
  return toMessages([{ ...message, role }])
}

/** A choice is `{index, finish_reason, message: {content, tool_calls}}`. */
function choice(body: AttributeValue): Message[] {
  if (!isRecord(body)) return []
  const message = isRecord(body['message']) ? body['message'] : { content: body['message'] }
  return toMessages([{ tool_calls: body['tool_calls'], ...message, role: 'assistant' }])
}
