/** Scores that users or judges gave to an answer. Source: OpenTelemetry semantic conventions, the event `gen_ai.evaluation.result`. */
import { type Attributes, toText } from '../../wire/value.ts'
import type { CandidateLog } from '../candidate.ts'
import { type TurnPart, createPart } from '../turn-part.ts'

/** A log record, or an event on the evaluated span. */
export const evaluationEventName = 'gen_ai.evaluation.result'

/**
 * Evaluations as metadata fields: `evaluation.<name>` is the score, or the label where there is no score.
 * @param results attributes of events, oldest first; one without a name, a score and a label says nothing
 */
export function evaluationFields(results: readonly Attributes[]): Record<string, string> {
  return Object.fromEntries(
    results.flatMap((attributes) => {
      const [name, score, label] = ['name', 'score.value', 'score.label'].map((key) => toText(attributes[`gen_ai.evaluation.${key}`] ?? ''))
      const value = score || label
      return name && value ? [[`evaluation.${name}`, value]] : []
    }),
  )
}

/** @param records of one span */
export function partOfEvaluations(records: readonly CandidateLog[], { sessionId, sessionSource, userId }: TurnPart): TurnPart {
  const [first] = records as readonly [CandidateLog]
  const fields = evaluationFields(records.map(({ attributes }) => attributes))
  return { ...createPart('evaluation', first, first.timeUnixNano), sessionId, sessionSource, userId, fields }
}
