/** What one span of a GenAI instrumentation says of a user's turn. */
import type { CandidateSpan } from '../candidate.ts'
import { type TurnPart, emptyPart } from '../turn-part.ts'
import { answerOf } from './answer.ts'
import { type IdentityAttributes, firstNamed, metadataFields } from './identity.ts'
import { roleOf } from './span-role.ts'
import { turnId } from './turn-id.ts'
import { firstText, modelAttributes, nameAttributes, toolAttributes, usageOf } from './usage.ts'
import { userTurnOf } from './user-text.ts'

/** Name of a turn whose application gave it none. */
export const unnamed = 'chat'

/** The part that a span plays, or undefined when it says nothing of a turn, a session or a user. */
export function partOfGenAiSpan(span: CandidateSpan, identity: IdentityAttributes): TurnPart | undefined {
  const context = contextOf(span, identity)
  const role = roleOf(span)
  if (role === 'call') return { ...context, ...callOf(span) }
  if (role === 'agent') return agentOf(span, context) ?? onlyIfTelling(context)
  const tool = role === 'tool' ? firstText(span.attributes, toolAttributes) : ''
  return tool === '' ? onlyIfTelling(context) : { ...context, role: 'tool', tools: [tool] }
}

/** Whose trace it is: any span of a trace may say so. */
function contextOf(
  { attributes, traceId, spanId, startTimeUnixNano, endTimeUnixNano }: CandidateSpan,
  names: IdentityAttributes,
): TurnPart {
  const session = firstNamed(attributes, names.session)
  return {
    ...emptyPart,
    role: 'context',
    sessionId: session?.value ?? traceId,
    sessionSource: session?.source ?? 'trace',
    userId: firstNamed(attributes, names.user)?.value ?? '',
    name: firstText(attributes, nameAttributes) || unnamed,
    fields: metadataFields(attributes),
    traceId,
    spanId,
    timeUnixNano: startTimeUnixNano,
    latencyMs: Math.max(0, Number(endTimeUnixNano - startTimeUnixNano) / 1e6),
  }
}

function onlyIfTelling(context: TurnPart): TurnPart | undefined {
  const tells = context.sessionSource !== 'trace' || context.userId !== '' || context.name !== unnamed
  return tells ? context : undefined
}

type Said = Partial<TurnPart> & Pick<TurnPart, 'role'>

/** A call opens a turn, goes on with one, or leaves the text to log records. */
function callOf(span: CandidateSpan): Said {
  const turn = userTurnOf(span)
  const said = saidBy(span)
  if (turn === undefined) return { ...said, role: 'detail' }
  const eventId = turnId(span.traceId, turn.ordinal, turn.text)
  return turn.isContinued ? { ...said, role: 'step', eventId } : { ...said, role: 'call', eventId, dimension: 'prompt', text: turn.text }
}

/** Undefined when the span around the calls brings no new message. */
function agentOf(span: CandidateSpan, context: TurnPart): TurnPart | undefined {
  const turn = userTurnOf(span)
  if (turn === undefined || turn.isContinued) return undefined
  const eventId = turnId(span.traceId, turn.ordinal, turn.text)
  return { ...context, ...saidBy(span), role: 'agent', eventId, dimension: 'prompt', text: turn.text }
}

function saidBy({ attributes, isError, statusMessage, spanId }: CandidateSpan): Partial<TurnPart> {
  const answer = answerOf(attributes)
  return {
    answer: answer.text,
    tools: answer.tools,
    model: firstText(attributes, modelAttributes),
    ...usageOf(attributes),
    isError,
    statusMessage,
    spanIds: [spanId],
  }
}
