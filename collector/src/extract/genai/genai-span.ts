/** What one span of a GenAI instrumentation says of a user's turn. */
import { hashText } from '../../embed/text-hash.ts'
import type { CandidateSpan } from '../candidate.ts'
import { type PartDraft, type TurnPart, createPart } from '../turn-part.ts'
import { answerOf } from './answer.ts'
import { evaluationEventName, evaluationFields } from './evaluation.ts'
import { type IdentityAttributes, firstNamed, metadataFields } from './identity.ts'
import { roleOf } from './span-role.ts'
import { turnId } from './turn-id.ts'
import { firstText, modelAttributes, nameAttributes, toolAttributes, usageOf } from './usage.ts'
import { userTurnOf } from './user-text.ts'

/** Name of a turn whose application gave it none. */
export const unnamed = 'chat'

/** The part that a span plays, or undefined when it says nothing of a turn, a session or a user. */
export function partOfGenAiSpan(span: CandidateSpan, identity: IdentityAttributes): TurnPart | undefined {
  const part = contextOf(span, identity)
  const role = roleOf(span)
  if (role === 'call') {
    readTurn(span, part)
    readCall(span, part)
    return part
  }
  if (role === 'agent') {
    readTurn(span, part)
    if (part.role === 'call') {
      part.role = 'agent'
      readCall(span, part)
    } else clearTurn(part)
  }
  if (role === 'tool') {
    const tool = firstText(span.attributes, toolAttributes)
    if (tool !== '') {
      part.role = 'tool'
      part.tools = [tool]
    }
  }
  const tells = part.role !== 'context' || part.sessionSource !== 'trace' || part.userId !== '' || part.name !== unnamed
  return tells ? part : undefined
}

/** Whose trace it is: any span of a trace may say so. */
function contextOf(span: CandidateSpan, names: IdentityAttributes): PartDraft {
  const { attributes } = span
  const part = createPart('context', span, span.startTimeUnixNano)
  const session = firstNamed(attributes, names.session)
  if (session !== undefined) {
    part.sessionId = session.value
    part.sessionSource = session.source
  }
  part.userId = firstNamed(attributes, names.user)?.value ?? ''
  part.name = firstText(attributes, nameAttributes) || unnamed
  const evaluations = span.events.filter(({ name }) => name === evaluationEventName)
  part.fields = metadataFields(attributes)
  if (evaluations.length > 0) part.fields = { ...part.fields, ...evaluationFields(evaluations.map((event) => event.attributes)) }
  part.latencyMs = Math.max(0, Number(span.endTimeUnixNano - span.startTimeUnixNano) / 1e6)
  return part
}

/** A call opens a turn, goes on with one, or leaves the text to log records. */
function readTurn(span: CandidateSpan, part: PartDraft): void {
  const turn = userTurnOf(span)
  part.role = turn === undefined ? 'detail' : turn.isContinued ? 'step' : 'call'
  if (turn === undefined) return
  part.eventId = turnId(span.traceId, turn.ordinal, turn.text)
  if (turn.isContinued) {
    part.textHash = hashText(turn.text)
    return
  }
  part.dimension = 'prompt'
  part.text = turn.text
}

/** A span around calls that brings no new message. */
function clearTurn(part: PartDraft): void {
  part.role = 'context'
  part.eventId = ''
  part.textHash = 0n
}

function readCall({ attributes, isError, statusMessage, spanId }: CandidateSpan, part: PartDraft): void {
  const answer = answerOf(attributes)
  const usage = usageOf(attributes)
  part.answer = answer.text
  part.tools = answer.tools
  part.model = firstText(attributes, modelAttributes)
  part.inputTokens = usage.inputTokens
  part.outputTokens = usage.outputTokens
  part.cost = usage.cost
  part.isError = isError
  part.statusMessage = statusMessage
  part.spanIds = [spanId]
}
