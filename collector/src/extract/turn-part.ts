/** A turn part: what one span, or the log records of one span, say of one turn of a user. */

/**
 * What a part is to its turn.
 * With a text, so that it can become an event:
 * `track` = a span that `track()` made · `call` = a model's call that brings a new message of the user · `log` = the same, told
 * by log records (without a text: an answer alone) · `agent` = a span around calls, which speaks only when no call of its trace has a text.
 * Without one: `step` = a call that goes on with a turn (tool loop) · `detail` = a call whose text travels in log records ·
 * `tool` = a tool's run · `evaluation` = scores of an answer · `context` = a span that names the session, the user or the application's name of the trace.
 */
export type PartRole = 'track' | 'call' | 'log' | 'agent' | 'step' | 'detail' | 'tool' | 'evaluation' | 'context'

/** Parts that become events are rows of `events`, the others rows of `turn_parts`. */
export interface TurnPart {
  readonly role: PartRole
  /** Hex; the span id of a track span, otherwise a hash that all spans of the same turn share; '' when the turn is unknown. */
  readonly eventId: string
  /** The trace id when nothing names a session. */
  readonly sessionId: string
  /** The attribute that named the session; 'trace' when none did. */
  readonly sessionSource: string
  readonly userId: string
  readonly name: string
  /** The metadata key the text stood under. */
  readonly dimension: string
  /** 0 marks the event's main text. */
  readonly dimensionRank: number
  readonly text: string
  /** Of a step: the TextHash of the message it goes on with, which another trace of the session may have brought; else 0. */
  readonly textHash: bigint
  readonly fields: Readonly<Record<string, string>>
  readonly answer: string
  readonly tools: readonly string[]
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  /** US dollars. */
  readonly cost: number
  readonly latencyMs: number
  readonly isError: boolean
  readonly statusMessage: string
  readonly traceId: string
  readonly spanId: string
  /** Spans whose tokens and cost are in the numbers above: none is counted twice. */
  readonly spanIds: readonly string[]
  readonly timeUnixNano: bigint
}

/** A part under construction. */
export type PartDraft = { -readonly [K in keyof TurnPart]: TurnPart[K] }

/** A part that says nothing but where it comes from. One literal for all, so that engines give all parts one shape. */
export function createPart(role: PartRole, { traceId, spanId }: Pick<TurnPart, 'traceId' | 'spanId'>, timeUnixNano: bigint): PartDraft {
  return {
    role,
    eventId: '',
    sessionId: traceId,
    sessionSource: 'trace',
    userId: '',
    name: '',
    dimension: '',
    dimensionRank: 0,
    text: '',
    textHash: 0n,
    fields: noFields,
    answer: '',
    tools: none,
    model: '',
    inputTokens: 0,
    outputTokens: 0,
    cost: 0,
    latencyMs: 0,
    isError: false,
    statusMessage: '',
    traceId,
    spanId,
    spanIds: none,
    timeUnixNano,
  }
}

const none: readonly string[] = []
const noFields: Readonly<Record<string, string>> = {}

const openingRoles: ReadonlySet<PartRole> = new Set(['track', 'call', 'log', 'agent'])

/** May this part become an event? */
export function isOpening(part: { readonly role: string; readonly text: string }): boolean {
  return openingRoles.has(part.role as PartRole) && part.text !== ''
}
