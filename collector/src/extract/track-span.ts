/** Events from track spans: the spans that `track()` of the exporter package and `POST /track` make. */
import { EVENT_NAME, METADATA_PREFIX, SESSION_ID, USER_ID } from '@turret/exporter/attributes'
import { type Attributes, toText } from '../wire/value.ts'
import type { CandidateSpan } from './candidate.ts'
import { type TurnPart, createPart } from './turn-part.ts'

/** Which metadata keys hold user texts, when their names do not say it. */
export interface TextFields {
  /** Keys that are texts whatever they hold, most important first. */
  readonly textKeys: readonly string[]
  /** The kind that the project's `fields` table gives a key; undefined while unknown. */
  readonly kindOf: (key: string) => 'text' | 'enum' | 'number' | undefined
}

/** Is this a span that `track()` made? */
export function isTrackSpan(span: CandidateSpan): boolean {
  return typeof span.attributes[EVENT_NAME] === 'string'
}

/** The parts of one track span: one for each text among its metadata, the main text first; none when no value is a text. */
export function partsOfTrackSpan(span: CandidateSpan, texts: TextFields): TurnPart[] {
  const fields = metadataOf(span.attributes)
  const dimensions = textDimensions(fields, texts)
  const sessionId = textAttribute(span.attributes, SESSION_ID)
  return dimensions.map((dimension, rank) => {
    const part = createPart('track', span, span.startTimeUnixNano)
    part.eventId = span.spanId
    if (sessionId !== '') {
      part.sessionId = sessionId
      part.sessionSource = SESSION_ID
    }
    part.userId = textAttribute(span.attributes, USER_ID)
    part.name = textAttribute(span.attributes, EVENT_NAME)
    part.dimension = dimension
    part.dimensionRank = rank
    part.text = fields[dimension]!
    part.fields = fields
    part.latencyMs = Math.max(0, Number(span.endTimeUnixNano - span.startTimeUnixNano) / 1e6)
    part.isError = span.isError
    part.statusMessage = span.statusMessage
    return part
  })
}

/**
 * The metadata keys whose values are user texts, main text first. Until a key's kind is known it counts as text when it is
 * one of `textKeys` or holds several words; when nothing does, the longest string is the text: every event has one.
 */
export function textDimensions(fields: Readonly<Record<string, string>>, { textKeys, kindOf }: TextFields): string[] {
  const keys = Object.keys(fields).filter((key) => fields[key]!.trim() !== '')
  const named = textKeys.filter((key) => keys.includes(key))
  const others = keys
    .filter((key) => !named.includes(key) && isText(fields[key]!, kindOf(key)))
    .sort((a, b) => fields[b]!.length - fields[a]!.length || (a < b ? -1 : 1))
  if (named.length + others.length > 0) return [...named, ...others]
  const strings = keys.filter((key) => kindOf(key) !== 'number' && Number.isNaN(Number(fields[key])))
  return strings.sort((a, b) => fields[b]!.length - fields[a]!.length || (a < b ? -1 : 1)).slice(0, 1)
}

const minWordsOfText = 4 // "new york city" or "Mozilla Firefox 128" are values; four words and more are mostly sentences

function isText(value: string, kind: 'text' | 'enum' | 'number' | undefined): boolean {
  return kind === undefined ? value.trim().split(/\s+/u, minWordsOfText).length >= minWordsOfText : kind === 'text'
}

function metadataOf(attributes: Attributes): Record<string, string> {
  const fields = Object.create(null) as Record<string, string>
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith(METADATA_PREFIX)) fields[key.slice(METADATA_PREFIX.length)] = toText(value)
  }
  return fields
}

function textAttribute(attributes: Attributes, key: string): string {
  const value = attributes[key]
  return value === undefined ? '' : toText(value)
}
