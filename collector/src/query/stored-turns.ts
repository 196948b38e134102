/** The pieces of `fragment_turns_stored.sql`: turns of sessions read from `session_turns`, with no more arrays than a query needs. */
import type { Pieces } from './sql.ts'

/** A condition on one turn: `sql` speaks of the elements, by name, of arrays of `session_turns`. */
export interface TurnCondition {
  readonly sql: string
  readonly elements: Readonly<Record<string, StoredArray>>
}

/** Arrays of `session_turns` that queries use, and what they are called once they are in order. */
const turnNames = {
  Times: 'TurnTimes',
  AnchorIds: 'TurnAnchors',
  ArrivalTopicIds: 'TurnArrivals',
  TextHashes: 'TurnTexts',
  Users: 'TurnUsers',
  Names: 'TurnNames',
  FieldHashes: 'TurnFields',
  Errors: 'TurnErrors',
  LatenciesMs: 'TurnLatencies',
  InputTokens: 'TurnInputTokens',
  OutputTokens: 'TurnOutputTokens',
  Costs: 'TurnCosts',
  Sentiments: 'TurnSentiments',
} as const

export type StoredArray = keyof typeof turnNames

const always = ['Times', 'EventKeys', 'Deleted'] // by them, and by Versions, turns are put in order and the newest version is found

/**
 * @param query.arrays what the query reads of a turn
 * @param query.topic the topic of an anchor, where the query wants it
 * @param query.visited true for a session that counts
 */
export function storedTurns(query: {
  readonly sessionWhere: string
  readonly conditions: readonly TurnCondition[]
  readonly arrays: readonly StoredArray[]
  readonly topic: string | undefined
  readonly visited: string
}): Pieces {
  const { sessionWhere, conditions, arrays, topic, visited } = query
  const elements = Object.entries(Object.assign({}, ...conditions.map((condition) => condition.elements)) as TurnCondition['elements'])
  const kept = new Set<StoredArray>(['Times', ...arrays, ...(topic === undefined ? [] : (['AnchorIds', 'ArrivalTopicIds'] as const))])
  const isFiltered = conditions.length > 0
  const ordered = new Set([...always, ...(isFiltered ? [...kept, ...elements.map(([, array]) => array)] : [])])
  const stored = [...new Set([...always, 'Versions', ...kept, ...elements.map(([, array]) => array)])]
  return {
    turns: '{{turns_stored}}',
    sessionWhere,
    stored: stored.join(', '),
    gathered: stored.map((array) => `groupArrayArray(${array})`).join(', '),
    ordered: [...ordered].map((array) => `,\n    if(IsOrdered, ${array}, ${inOrder(array)}) AS Ordered${array}`).join(''),
    kept: [...kept]
      .map((array) => `,\n    ${isFiltered ? toFiltered(`Ordered${array}`) : toNewest(array)} AS ${turnNames[array]}`)
      .join(''),
    chosen: isFiltered ? toChosen(conditions, elements) : 'IsNewest',
    hasTurns: isFiltered ? 'has(IsChosen, 1)' : '1',
    topics: topic === undefined ? '' : `, arrayMap((AnchorId, ArrivalTopicId) -> ${topic}, TurnAnchors, TurnArrivals) AS TurnTopics`,
    visited,
  }
}

function inOrder(array: string): string {
  return `arraySort((x, time, key, version) -> (time, key, version), ${array}, Times, EventKeys, Versions)`
}

function toFiltered(array: string): string {
  return `arrayFilter((x, isChosen) -> isChosen, ${array}, IsChosen)`
}

/** Most sessions are in order and count whole: their arrays are passed on, which costs less than a copy. */
function toNewest(array: string): string {
  return `if(IsOrdered, ${array}, ${toFiltered(inOrder(array))})`
}

/** IsNewest is empty for a session whose events are all the newest of their kind. */
function toChosen(conditions: readonly TurnCondition[], elements: readonly (readonly [name: string, array: StoredArray])[]): string {
  const names = ['isNewest', ...elements.map(([name]) => name)].join(', ')
  const arrays = [
    'if(IsOrdered, arrayWithConstant(length(OrderedTimes), toUInt8(1)), IsNewest)',
    ...elements.map(([, array]) => `Ordered${array}`),
  ].join(', ')
  return `arrayMap((${names}) -> isNewest AND ${conditions.map(({ sql }) => `(${sql})`).join(' AND ')}, ${arrays})`
}
