/** What the collector knows of a project's metadata keys: which hold texts, which values, which numbers. */
import type { ClickHouse } from '@turret/clickhouse'
import { groupBy } from '../extract/group-by.ts'
import type { TextFields } from '../extract/text-fields.ts'

type Kind = 'text' | 'enum' | 'number'

const refreshMs = 5_000

/** Reads the table `fields` every few seconds, so that the extract stage never waits for it. */
export class KnownFields {
  private readonly db: ClickHouse
  private readonly textKeys: readonly string[]
  private readonly onError: (error: unknown) => void
  private kinds = new Map<string, Map<string, Kind>>()
  private timer: NodeJS.Timeout | undefined

  constructor(options: { db: ClickHouse; textKeys: readonly string[]; onError: (error: unknown) => void }) {
    this.db = options.db
    this.textKeys = options.textKeys
    this.onError = options.onError
  }

  async start(): Promise<void> {
    await this.refresh()
    this.timer = setInterval(() => void this.refresh().catch(this.onError), refreshMs).unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  of(project: string): TextFields {
    const kinds = this.kinds.get(project)
    return { textKeys: this.textKeys, kindOf: (key) => kinds?.get(key) }
  }

  private async refresh(): Promise<void> {
    // Ids are text by kind and yet nothing a user said: a text has words.
    const sql = `SELECT Project, Field, multiIf(Override != '', Override, Kind = 'text' AND JSONExtractFloat(Evidence, 'mean_words') < 1.5, 'enum', Kind) AS Kind
      FROM fields FINAL`
    const rows = await this.db.query<{ Project: string; Field: string; Kind: Kind }>(sql)
    const byProject = groupBy(rows, (row) => row.Project)
    this.kinds = new Map([...byProject].map(([project, fields]) => [project, new Map(fields.map(({ Field, Kind }) => [Field, Kind]))]))
  }
}
