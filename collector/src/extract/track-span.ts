/** Events from track spans: the spans that `track()` of the exporter package and `POST /track` make. */
import { EVENT_NAME, METADATA_PREFIX, SESSION_ID, USER_ID } from '@turret/exporter/attributes'
import { type Attributes, toText } from '../wire/value.ts'
import type { CandidateSpan } from './candidate.ts'
import { type TextFields, textsAmong } from './text-fields.ts'
import { type TurnPart, createPart } from './turn-part.ts'

/** Is this a span that `track()` made? */
export function isTrackSpan(span: CandidateSpan): boolean {
  return typeof span.attributes[EVENT_NAME] === 'string'
}

/** The parts of one track span: one for each text among its metadata, the main text first; none when no value is a text. */
export function partsOfTrackSpan(span: CandidateSpan, texts: TextFields): TurnPart[] {
  const fields = metadataOf(span.attributes)
  const dimensions = textsAmong(
    Object.entries(fields).map(([key, text]) => ({ key, text, length: text.length, isBlank: text.trim() === '' })),
    texts,
  )
  const sessionId = textAttribute(span.attributes, SESSION_ID)
  return dimensions.map(({ key: dimension }, rank) => {
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
