/** Folds the parts of one trace into turns: whatever the order and the requests they came in, the result is the same. */
import { unnamed } from './genai/genai-span.ts'
import { groupBy } from './group-by.ts'
import { type TurnPart, isOpening } from './turn-part.ts'

/** A turn: the part that opens it, and that part with everything that the others know filled in. */
export interface Turn<P extends TurnPart> {
  readonly opening: P
  readonly merged: P
}

/**
 * @param parts of one trace; parts that were merged before (rows of `events`) may be among them
 * One turn for each distinct message of the user; parts that fit no turn are left out.
 */
export function foldTrace<P extends TurnPart>(parts: readonly P[]): Turn<P>[] {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return isOpening(only) ? [{ opening: only, merged: only }] : []
  const sorted = [...parts].sort(byTime)
  const groups = groupByTurn(sorted)
  const openings = new Map([...groups].flatMap(([eventId, group]) => openingOf(eventId, group)))
  const turns = [...openings].map(([eventId, opening]) => {
    const rest = groups.get(eventId)!.filter((part) => part !== opening)
    return { opening, merged: rest.reduce(createMerge(opening), opening) }
  })
  return withContext(withEvaluations(withTools(turns, sorted), sorted), sorted)
}

function openingOf<P extends TurnPart>(eventId: string, group: readonly P[]): [string, P][] {
  const opening = group.find((part) => isOpening(part) && part.eventId === eventId)
  return opening === undefined ? [] : [[eventId, opening]]
}

/** Which parts tell of the same turn, by event id, in time order. */
function groupByTurn<P extends TurnPart>(sorted: readonly P[]): Map<string, P[]> {
  const calls = sorted.filter((part) => (part.role === 'call' || part.role === 'log') && part.text !== '')
  const turnOfSpan = new Map<string, string>()
  // Of one span's log records only the last message counts: its history may have come in an earlier request.
  for (const { role, spanId, eventId } of sorted) if ((role === 'log' || role === 'step') && eventId !== '') turnOfSpan.set(spanId, eventId)
  for (const { role, spanId, eventId } of calls) if (role === 'call') turnOfSpan.set(spanId, eventId)

  const agents = calls.length > 0 ? new Map<P, string>() : outermost(sorted.filter((part) => part.role === 'agent' && part.text !== ''))
  const turnOf = (part: P): string => {
    if (part.role === 'log' || part.role === 'detail') return turnOfSpan.get(part.spanId) ?? ''
    if (part.role === 'agent') return agents.get(part) ?? ''
    return part.role === 'call' || part.role === 'step' ? part.eventId : ''
  }
  const groups = groupBy(sorted, turnOf)
  groups.delete('')
  return groups
}

/** A span around others tells their turn, whatever they were given. */
function outermost<P extends TurnPart>(agents: readonly P[]): Map<P, string> {
  const turns = new Map<P, string>()
  const roots: P[] = []
  for (const agent of agents) {
    const root = roots.find((candidate) => contains(candidate, agent))
    if (root === undefined) roots.push(agent)
    turns.set(agent, (root ?? agent).eventId)
  }
  return turns
}

/** Adds one part after the other to the opening. */
function createMerge<P extends TurnPart>(opening: P): (turn: P, part: P) => P {
  const counted: TurnPart[] = opening.spanIds.length === 1 ? [opening] : []
  return (turn, part) => {
    const isNew = part.spanIds.some((spanId) => !turn.spanIds.includes(spanId))
    // A call inside a call of the same turn is that call, seen by a second instrumentation.
    const isInner = part.role === 'agent' || counted.some((outer) => contains(outer, part))
    const adds = isNew && !isInner ? part : undefined
    if (isNew) counted.push(part)
    const isLater = endOf(part) >= endOf(turn)
    return {
      ...turn,
      sessionId: turn.sessionSource === 'trace' ? part.sessionId : turn.sessionId,
      sessionSource: turn.sessionSource === 'trace' ? part.sessionSource : turn.sessionSource,
      userId: turn.userId || part.userId,
      name: turn.name === unnamed ? part.name || unnamed : turn.name,
      fields: { ...part.fields, ...turn.fields },
      answer: isLater && part.answer !== '' ? part.answer : turn.answer || part.answer,
      tools: union(turn.tools, part.tools),
      model: turn.model || part.model,
      inputTokens: turn.inputTokens + (adds?.inputTokens ?? 0),
      outputTokens: turn.outputTokens + (adds?.outputTokens ?? 0),
      cost: turn.cost + (adds?.cost ?? 0),
      isError: isLater ? part.isError : turn.isError,
      statusMessage: isLater ? part.statusMessage : turn.statusMessage,
      latencyMs: Math.max(turn.latencyMs, Number(endOf(part) - turn.timeUnixNano) / 1e6),
      spanIds: union(turn.spanIds, part.spanIds),
    }
  }
}

/** A tool's run belongs to the turn that was under way. */
function withTools<P extends TurnPart>(turns: readonly Turn<P>[], sorted: readonly P[]): Turn<P>[] {
  const runs = sorted.filter((part) => part.role === 'tool')
  if (runs.length === 0) return [...turns]
  return turns.map((turn) => {
    const own = runs.filter((run) => turns.findLast(({ opening }) => opening.timeUnixNano <= run.timeUnixNano) === turn)
    const tools = own.flatMap((run) => run.tools)
    return { ...turn, merged: { ...turn.merged, tools: union(turn.merged.tools, tools) } }
  })
}

/** A score belongs to the turn whose span it was given to; one for another span of the trace, to the turn before it. */
function withEvaluations<P extends TurnPart>(turns: readonly Turn<P>[], sorted: readonly P[]): Turn<P>[] {
  const evaluations = sorted.filter((part) => part.role === 'evaluation')
  if (evaluations.length === 0) return [...turns]
  return turns.map((turn) => {
    const own = evaluations.filter((part) => {
      const evaluated = turns.find((candidate) => isOf(part, candidate))
      return turn === (evaluated ?? turns.findLast(({ opening }) => opening.timeUnixNano <= part.timeUnixNano))
    })
    return { ...turn, merged: { ...turn.merged, fields: Object.assign({}, turn.merged.fields, ...own.map(({ fields }) => fields)) } }
  })
}

/** Was the part told of a span of this turn? */
export function isOf<P extends TurnPart>({ spanId }: TurnPart, { opening, merged }: Turn<P>): boolean {
  return spanId !== '' && (opening.spanId === spanId || merged.spanIds.includes(spanId))
}

/** Session, user, name and metadata may stand on any span of the trace; a turn's own come first. */
function withContext<P extends TurnPart>(turns: readonly Turn<P>[], sorted: readonly P[]): Turn<P>[] {
  const session = sorted.find((part) => part.sessionSource !== 'trace')
  const userId = sorted.find((part) => part.userId !== '')?.userId ?? ''
  const contexts = sorted.filter(({ role }) => role === 'context' || role === 'agent' || role === 'tool')
  const name = [...contexts, ...sorted].find((part) => part.name !== unnamed && part.name !== '')?.name ?? unnamed
  const fields = Object.assign({}, ...contexts.map((part) => part.fields).reverse()) as Record<string, string>
  return turns.map(({ opening, merged }) => {
    const isHomeless = merged.sessionSource === 'trace' && session !== undefined
    return {
      opening,
      merged: {
        ...merged,
        ...(isHomeless && { sessionId: session.sessionId, sessionSource: session.sessionSource }),
        userId: merged.userId || userId,
        name: merged.name === unnamed ? name : merged.name,
        fields: { ...fields, ...merged.fields },
      },
    }
  })
}

function byTime(a: TurnPart, b: TurnPart): number {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano < b.timeUnixNano ? -1 : 1
  const [endA, endB] = [endOf(a), endOf(b)]
  if (endA !== endB) return endA > endB ? -1 : 1 // the outer span first
  return a.spanId < b.spanId ? -1 : a.spanId > b.spanId ? 1 : 0
}

function endOf({ timeUnixNano, latencyMs }: TurnPart): bigint {
  return timeUnixNano + BigInt(Math.round(latencyMs * 1e6))
}

function contains(outer: TurnPart, inner: TurnPart): boolean {
  return outer.timeUnixNano <= inner.timeUnixNano && endOf(inner) <= endOf(outer) && outer.latencyMs > 0
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const added = b.filter((item) => !a.includes(item))
  return added.length === 0 ? a : [...a, ...added]
}
