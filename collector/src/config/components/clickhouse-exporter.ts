/** `exporters.clickhouse`: stores everything, in the embedded ClickHouse or on a server. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { defaultSection, duration, secret, section, size } from '../schema.ts'

/** Where ClickHouse is: in a directory of ours, or at a URL (without credentials). */
type ClickHouseTarget = { readonly kind: 'embedded'; readonly directory: string } | { readonly kind: 'server'; readonly url: string }

interface Credentials {
  readonly database: string
  readonly username: string
  readonly password: string
}

const databaseName = /^[A-Za-z_][A-Za-z0-9_]*$/

const endpoint = z.string().transform((text, context) => {
  const parsed = parseTarget(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: 'expected "chdb:<directory>" or "http(s)://user:password@host:8123/database"' })
  return z.NEVER
})

const leastMemoryBytes = 320 * 1024 * 1024 // below it inserts of whole segments fail

const schema = section({
  endpoint: endpoint
    .prefault('chdb:./data')
    .describe('`chdb:<directory>` runs ClickHouse inside the collector; `http(s)://user:password@host:8123/database` uses a server.'),
  database: z
    .string()
    .regex(databaseName, 'expected a database name of letters, digits and _')
    .default('turret')
    .describe('Database that holds the tables. One in the URL wins.'),
  username: z.string().default('default').describe('User of the server. One in the URL wins.'),
  password: secret().default('').describe('Password of that user. One in the URL wins.'),
  ttl: duration('72h') // three days of raw telemetry: long enough to debug, small enough for a laptop
    .describe('How long raw spans and logs are kept. `0s`: for ever. Events, topics and journeys are not affected.'),
  create_schema: z.boolean().default(true).describe('Create and migrate the tables at start.'),
  cluster_name: z.string().default('').describe('ClickHouse cluster to create the tables on. Empty: no cluster.'),
  store_spans: z
    .boolean()
    .default(true)
    .describe('Keep raw spans and logs in `otel_traces` and `otel_logs`. Topics and journeys do without.'),
  memory_limit: size('400MiB').describe(
    'Most memory of the embedded ClickHouse, not below 320MiB; one query gets half of it. More lets queries over many millions of events finish.',
  ),
  spool: defaultSection({
    directory: z
      .string()
      .min(1)
      .default('./data')
      .describe('With a server: where `spool/` and `dead-letter/` are kept. The embedded ClickHouse keeps them in its own directory.'),
    max_size: size('1GiB').describe('Most bytes that wait on disk for ClickHouse. Above it clients get 503 and `Retry-After`.'),
    segment_size: size('64MiB').describe('Size at which a segment is closed and stored.'), // an INSERT of 100,000 spans costs half as much as ten of 10,000
    segment_age: duration('500ms').describe(
      'Age at which a segment is closed and stored, if `processors.batch` says nothing shorter; half a second more while the database is busy storing.',
    ),
  }),
})
  .superRefine(({ memoryLimitBytes }, context) => {
    if (memoryLimitBytes < leastMemoryBytes)
      context.addIssue({ code: 'custom', path: ['memory_limit'], message: 'expected a size from 320MiB' })
  })
  .transform(({ endpoint: { target, ...fromUrl }, database, username, password, ...rest }) => ({
    ...rest,
    target,
    database: fromUrl.database || database,
    username: fromUrl.username || username,
    password: fromUrl.password || password,
  }))

export type ClickHouseExporterConfig = z.output<typeof schema>

export const clickhouseExporter: ComponentDefinition<ClickHouseExporterConfig> = {
  kind: 'exporters',
  type: 'clickhouse',
  signals: ['traces', 'logs'],
  schema,
}

function parseTarget(text: string): (Partial<Credentials> & { readonly target: ClickHouseTarget }) | undefined {
  if (/^chdb:./.test(text)) return { target: { kind: 'embedded', directory: text.slice('chdb:'.length) } }
  if (!/^https?:\/\/./.test(text) || !URL.canParse(text)) return undefined

  const url = new URL(text)
  const database = url.pathname.slice(1)
  if (url.search || url.hash || (database && !databaseName.test(database))) return undefined
  try {
    const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
    return { target: { kind: 'server', url: url.origin }, database, username, password }
  } catch {
    return undefined // a lone % in the user or the password
  }
}
