/** Keeps what a language model said and what it cost in ClickHouse, so that a restart neither asks nor pays twice. */
import { randomUUID } from 'node:crypto'
import type { ClickHouse } from '@turret/clickhouse'
import type { Ledger } from '../label/budget.ts'
import type { LabelCache } from '../label/label-cache.ts'
import { toTime } from './publish.ts'

interface AnswerRow {
  readonly Key: string
  readonly Topic: string
  readonly Size: number
  readonly Label: string
  readonly Description: string
}

/** One for all projects and all collectors of a database. @param model its name, as the rows show it */
export function createStoredLedger(db: ClickHouse, model: string): Ledger {
  return {
    async spentIn(month) {
      const [row] = await db.query<{ Usd: number; Calls: number }>(
        'SELECT sum(Cost) AS Usd, count() AS Calls FROM label_calls WHERE toYYYYMM(At) = {month: UInt32}',
        { params: { month: Number(month.replace('-', '')) } },
      )
      return { usd: row?.Usd ?? 0, calls: row?.Calls ?? 0 }
    },
    async write({ at, tokens, usd }) {
      const row = { At: toTime(at), Model: model, InputTokens: tokens.input, OutputTokens: tokens.output, Cost: usd }
      await db.insertRows('label_calls', [row], { token: randomUUID() })
    },
  }
}

/** Answers about the topics of all projects: a topic's id is unlike every other project's. */
export function createStoredLabelCache(db: ClickHouse): LabelCache {
  return {
    async read(questions) {
      const rows = await db.query<AnswerRow>(
        `SELECT toString(Question) AS Key, TopicId AS Topic, TopicSize AS Size, Label, Description FROM label_answers FINAL
         WHERE Question IN {keys: Array(String)} OR TopicId IN {topics: Array(String)} ORDER BY At`,
        { params: { keys: questions.map(({ key }) => key), topics: questions.map(({ topicId }) => topicId) } },
      )
      const toLabel = ({ Label, Description }: AnswerRow) => (Label === '' ? 'refused' : { label: Label, description: Description })
      return {
        labels: new Map(rows.map((row) => [row.Key, toLabel(row)])),
        sizes: new Map(rows.map((row) => [row.Topic, row.Size])), // the newest comes last and wins
      }
    },
    async write(answers) {
      const at = toTime(new Date())
      const rows = answers.map(({ key, topicId, size, label }) => ({
        Question: key,
        TopicId: topicId,
        TopicSize: size,
        Label: label === 'refused' ? '' : label.label,
        Description: label === 'refused' ? '' : label.description,
        At: at,
      }))
      await db.insertRows('label_answers', rows, { token: randomUUID() })
    },
  }
}
