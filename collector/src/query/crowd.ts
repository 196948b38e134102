/** What a key with k-anonymity may see: the topics that enough users share. Everything else is Other. */
import { type Level, unclusteredId } from './contract/common.ts'
import { QueryError } from './query-error.ts'
import type { TopicIndex, TopicRow } from './topic-index.ts'

/** The id of Other: the topics of too few users, together. No topic has it: ids are hashes, and this would be one in 2^64. */
export const otherId = 'fffffffffffffffe'

export interface Crowd {
  /** Ids by level, Other and perhaps Unclustered included. */
  readonly shown: Readonly<Record<Level, ReadonlySet<string>>>
}

/** A row of `crowd.sql`: who is behind a topic. */
export interface CrowdRow {
  readonly Level: Level
  readonly Id: string
  readonly Events: number
  /** Distinct users; as many as are enough, at most. */
  readonly People: readonly string[]
}

const levels = ['topic', 'subtopic', 'theme'] as const
const mostPhraseWords = 4 // a label of more words was not made of phrases that several users share

/**
 * @param selections who is behind each topic, in every selection that the answer sets side by side: usually one
 * @throws QueryError TOO_FEW_USERS when a selection is of fewer than `minUsers` users
 */
export function toCrowd(selections: readonly (readonly CrowdRow[])[], minUsers: number): Crowd {
  const shownAt = (level: Level): ReadonlySet<string> => {
    const shown = chooseShown(
      selections.map((rows) => rows.filter((row) => row.Level === level)),
      minUsers,
    )
    if (shown === undefined) throw tooFewUsers(minUsers)
    return shown
  }
  const [topic, subtopic, theme] = levels.map(shownAt) as [ReadonlySet<string>, ReadonlySet<string>, ReadonlySet<string>]
  return { shown: { topic, subtopic, theme } }
}

export function tooFewUsers(minUsers: number): QueryError {
  const message = `fewer than ${minUsers} users are in this selection, or in what a filter leaves out: widen the time range or the filters. Events without a user id are nobody's`
  return new QueryError('TOO_FEW_USERS', message)
}

/** The topics as such a key may know them: no words of single users, and none of the topics that it does not see. */
export function maskTopics(index: TopicIndex, { shown }: Crowd): TopicIndex {
  const mask = (row: TopicRow): TopicRow => ({
    ...row,
    Parent: levels.some((level) => shown[level].has(row.Parent)) ? row.Parent : unclusteredId,
    Label: isOwnWords(row) ? 'Untitled topic' : row.Label,
    Description: row.LabelSource === 'user' ? row.Description : '',
    Examples: [],
  })
  return {
    get: (id) => {
      if (id === otherId) return other
      const row = index.get(id)
      return row !== undefined && shown[row.Level].has(id) ? mask(row) : undefined
    },
    resolve: (id) => index.resolve(id),
    redirects: index.redirects,
    ofLevel: (level) =>
      index
        .ofLevel(level)
        .filter((row) => shown[level].has(row.Id))
        .map(mask),
  }
}

/**
 * A topic is shown if enough users are behind it in every selection in which it has events. What is left over must be of enough users, too:
 * if it is not, the smallest topic joins it.
 * @returns undefined where even all topics together are of too few
 */
function chooseShown(selections: readonly (readonly CrowdRow[])[], minUsers: number): Set<string> | undefined {
  const isCrowd = ({ People }: CrowdRow): boolean => People.length >= minUsers
  const small = new Set(selections.flatMap((rows) => rows.filter((row) => !isCrowd(row)).map((row) => row.Id)))
  const shown = new Map(
    selections
      .flat()
      .filter((row) => !small.has(row.Id))
      .map((row) => [row.Id, row.Events]),
  )
  const isLeftOverEnough = (rows: readonly CrowdRow[]): boolean => {
    const folded = rows.filter((row) => !shown.has(row.Id))
    return folded.length === 0 || new Set(folded.flatMap((row) => row.People)).size >= minUsers
  }
  while (!selections.every(isLeftOverEnough)) {
    const [smallest] = [...shown].sort(([, a], [, b]) => a - b)
    if (smallest === undefined) return undefined
    shown.delete(smallest[0])
  }
  if (selections.some((rows) => rows.length === 0)) return undefined
  return new Set([...shown.keys(), otherId])
}

/** Where users share no phrase, or the label is no phrase, a topic is named by the start of one message. */
function isOwnWords({ LabelSource, Label, Description, Keyphrases }: TopicRow): boolean {
  if (LabelSource !== 'phrase') return false
  const isLong = Label.split(' ').length > mostPhraseWords
  return Keyphrases.length === 0 || (isLong && Description.toLowerCase().startsWith(Label.toLowerCase()))
}

const other: TopicRow = {
  Id: otherId,
  Level: 'topic',
  Parent: unclusteredId,
  RedirectTo: unclusteredId,
  IsActive: true,
  Label: 'Other',
  Description: 'Topics of too few users, together',
  LabelSource: 'user',
  Keyphrases: [],
  Examples: [],
  Hidden: false,
  Pinned: false,
  Mass: 0,
  BornAt: 0,
}
