/** From the candidates of one request to turn parts: what fits together within the request is folded here, the rest later. */
import type { CandidateLog, CandidateSpan } from './candidate.ts'
import { type Turn, foldTrace, isOf } from './fold.ts'
import { partsOfGenAiLogs } from './genai/genai-log.ts'
import { partOfGenAiSpan, unnamed } from './genai/genai-span.ts'
import { type IdentityAttributes, sessionAttributes, userAttributes } from './genai/identity.ts'
import { hasCutHistory } from './genai/user-text.ts'
import { groupBy } from './group-by.ts'
import { type SpanRules, createSpanFilter } from './span-rules.ts'
import type { TextFields } from './text-fields.ts'
import { isTrackSpan, partsOfTrackSpan } from './track-span.ts'
import type { TurnPart } from './turn-part.ts'

export interface ExtractOptions {
  readonly rules: SpanRules
  /** Attributes that name the session before all known ones. */
  readonly sessionAttributes: readonly string[]
  /** Attributes that name the user before all known ones. */
  readonly userAttributes: readonly string[]
  /** false: answers, status messages and metadata texts are left out; the user's text goes no further than to its topic. */
  readonly storeContent: boolean
}

export const defaultExtractOptions: ExtractOptions = {
  rules: { include: [], exclude: [] },
  sessionAttributes: [],
  userAttributes: [],
  storeContent: true,
}

export interface Extraction {
  readonly parts: readonly TurnPart[]
  /** Candidates whose text was there and could not be read, or was cut to its limit. */
  readonly faults: number
}

export interface Extractor {
  spans(spans: readonly CandidateSpan[], texts: TextFields): Extraction
  logs(records: readonly CandidateLog[]): Extraction
}

export const maxTextLength = 131_072 // characters; a longer text is a document, not a message: its beginning tells the topic

export function createExtractor(options: ExtractOptions = defaultExtractOptions): Extractor {
  const brings = createSpanFilter(options.rules)
  const identity: IdentityAttributes = {
    session: [...options.sessionAttributes, ...sessionAttributes],
    user: [...options.userAttributes, ...userAttributes],
  }
  const finish = (parts: readonly TurnPart[], cut: number): Extraction => ({
    parts: (options.storeContent ? parts : withoutContent(parts)).map(limited),
    faults: cut + parts.filter(isTooLong).length,
  })

  return {
    spans(spans, texts) {
      const tracked: TurnPart[] = []
      const told: TurnPart[] = []
      let cut = 0
      for (const span of spans) {
        if (isTrackSpan(span)) {
          tracked.push(...partsOfTrackSpan(span, texts))
          continue
        }
        const part = partOfGenAiSpan(brings(span) ? span : withoutTurn(span), identity)
        if (part !== undefined) told.push(part)
        if ((part === undefined || part.eventId === '') && hasCutHistory(span)) cut++
      }
      return finish([...tracked, ...foldRequest(told)], cut)
    },
    logs(records) {
      return finish(
        foldRequest(
          partsOfGenAiLogs(
            records.filter((record) => brings({ ...record, name: '' })),
            identity,
          ),
        ),
        0,
      )
    },
  }
}

/** An excluded span may still say whose trace it is. */
function withoutTurn(span: CandidateSpan): CandidateSpan {
  return { ...span, attributes: { ...span.attributes, 'gen_ai.operation.name': 'excluded' }, events: [] }
}

/** Folds each trace; what found no turn in this request stays beside the turns. */
function foldRequest(parts: readonly TurnPart[]): TurnPart[] {
  return [...groupBy(parts, (part) => part.traceId).values()].flatMap((trace) => {
    const turns = foldTrace(trace)
    return [...turns.map(({ merged }) => merged), ...trace.filter((part) => isLeft(part, turns)), ...contextFor(trace, turns)]
  })
}

function isLeft(part: TurnPart, turns: readonly Turn<TurnPart>[]): boolean {
  if (part.role === 'context' || part.role === 'agent') return false
  if (part.role === 'evaluation') return !turns.some((turn) => isOf(part, turn))
  if (part.role === 'tool') return !turns.some(({ merged }) => part.tools.every((tool) => merged.tools.includes(tool)))
  if (turns.some(({ opening }) => opening === part)) return false
  // A message from the logs waits for its span: tokens and error are there.
  return part.spanIds.length === 0 || !turns.some(({ merged }) => part.spanIds.every((id) => merged.spanIds.includes(id)))
}

/** One part that tells later requests whose trace it is; not needed where a turn of the trace says it already. */
function contextFor(trace: readonly TurnPart[], turns: readonly Turn<TurnPart>[]): TurnPart[] {
  const contexts = trace.filter(({ role }) => role === 'context' || role === 'agent')
  if (turns.length > 0 || contexts.length === 0) return []
  const session = contexts.find(({ sessionSource }) => sessionSource !== 'trace') ?? contexts[0]!
  return [
    {
      ...session,
      role: 'context',
      eventId: '',
      text: '',
      userId: contexts.find(({ userId }) => userId !== '')?.userId ?? '',
      name: contexts.find(({ name }) => name !== unnamed)?.name ?? unnamed,
      fields: Object.assign({}, ...contexts.map(({ fields }) => fields).reverse()) as Record<string, string>,
    },
  ]
}

function isTooLong({ text, answer }: TurnPart): boolean {
  return text.length > maxTextLength || answer.length > maxTextLength
}

function limited(part: TurnPart): TurnPart {
  if (!isTooLong(part)) return part
  const fields = Object.fromEntries(Object.entries(part.fields).map(([key, value]) => [key, value.slice(0, maxTextLength)]))
  return { ...part, fields, text: part.text.slice(0, maxTextLength), answer: part.answer.slice(0, maxTextLength) }
}

/** Metadata that is a text is left out as well, whichever event of the request it is the text of. */
function withoutContent(parts: readonly TurnPart[]): TurnPart[] {
  const texts = new Set(parts.map(({ dimension }) => dimension))
  return parts.map((part) => ({
    ...part,
    fields: Object.fromEntries(Object.entries(part.fields).filter(([key, value]) => !texts.has(key) && value !== part.text)),
    answer: '',
    statusMessage: '',
  }))
}
