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

const sortedBy = 4 // Times, EventKeys, Versions and Deleted come first in the tuples that put turns in order

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
  const read = [...new Set([...kept, ...elements.map(([, array]) => array)])]
  const isFiltered = conditions.length > 0
  const toKept = (array: StoredArray): string => (isFiltered ? `arrayFilter((x, isChosen) -> isChosen, ${array}, IsChosen)` : array)
  return {
    turns: '{{turns_stored}}',
    sessionWhere,
    read: read.join(', '),
    inOrder: read.map((array, i) => `tupleElement(Newest, ${sortedBy + 1 + i}) AS ${array}`).join(', '),
    chosen: isFiltered ? `, ${toChosen(conditions, elements)} AS IsChosen` : '',
    hasTurns: isFiltered ? 'has(IsChosen, 1)' : '1',
    kept: [...kept].map((array) => `,\n    ${toKept(array)} AS ${turnNames[array]}`).join(''),
    topics: topic === undefined ? '' : `, arrayMap((AnchorId, ArrivalTopicId) -> ${topic}, TurnAnchors, TurnArrivals) AS TurnTopics`,
    visited,
  }
}

function toChosen(conditions: readonly TurnCondition[], elements: readonly (readonly [name: string, array: StoredArray])[]): string {
  const [names, arrays] = [elements.map(([name]) => name), elements.map(([, array]) => array)]
  return `arrayMap((${names.join(', ')}) -> ${conditions.map(({ sql }) => `(${sql})`).join(' AND ')}, ${arrays.join(', ')})`
}
