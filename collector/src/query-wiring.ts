/** Gives the query API what it needs of the other stages. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { ClickHouse } from '@turret/clickhouse'
import type { Erase } from './erase/erase.ts'
import type { ProjectRetention } from './erase/project-retention.ts'
import { CollectorError } from './errors.ts'
import { type KeyRow, type Keys, developmentProject } from './keys/keys.ts'
import { MonthlyBudget } from './label/budget.ts'
import type { Usage } from './limits/usage.ts'
import { createQueryApp } from './query/app.ts'
import { classifyFields } from './query/fields.ts'
import type { RefineFields } from './query/refine-fields.ts'
import type { KeyService, TopicService } from './query/services.ts'
import type { Settings } from './settings.ts'
import type { Logger } from './telemetry.ts'
import { createStoredLedger } from './topics/label-store.ts'
import type { Topics } from './topics/topics.ts'
import { version } from './version.ts'

export interface QueryWiring {
  readonly db: ClickHouse
  readonly keys: Keys
  readonly usage: Usage
  readonly erase: Erase
  readonly retention: ProjectRetention
  readonly topics: Topics | undefined
  readonly settings: Settings
  readonly logger: Logger
}

const classifyIntervalMs = 10_000
const defaultIdleMs = 30 * 60_000

/** The query API as a listener of node's HTTP server, and the loop that keeps the kinds of fields up to date. */
export function createQuery({ db, keys, usage, erase, retention, topics, settings, logger }: QueryWiring): {
  listener: (request: IncomingMessage, response: ServerResponse) => void
  stop(): void
} {
  const app = createQueryApp({
    db,
    now: () => new Date(),
    idleMs: settings.topics?.sessions.idleMs ?? defaultIdleMs,
    limits: {
      timeoutMs: settings.queryApi?.maxExecutionTimeMs ?? 30_000,
      maxMemoryBytes: settings.queryApi?.maxMemoryBytes ?? 1024 * 1024 * 1024,
    },
    authenticate: (headers, scope) => keys.authenticate(headers, scope),
    version,
    topics: topics ?? noTopics,
    keys: keyService(keys, usage),
    erase,
    retention,
    onError: (error) => logger.error('a query failed', { error: describe(error) }),
  })
  const listener = getRequestListener(app.fetch)
  const refine = createRefiner(db, settings, logger)
  const classified = new Map<string, string>()
  let classifying: Promise<void> | undefined
  const timer = setInterval(() => {
    classifying ??= refine.then((refining) => classifyAll(db, logger, refining, classified)).finally(() => (classifying = undefined))
  }, classifyIntervalMs).unref()
  return { listener: (request, response) => void listener(request, response), stop: () => clearInterval(timer) }
}

/** The model that words labels also judges fields, from the same budget; undefined where none is configured. */
async function createRefiner(db: ClickHouse, { topics }: Settings, logger: Logger): Promise<RefineFields | undefined> {
  const llm = topics?.labels.llm
  if (llm === undefined || llm === 'off') return undefined
  // A tenth of a second that few need.
  const [{ createCompletionClient }, { createFieldRefiner }] = await Promise.all([
    import('./label/completions.ts'),
    import('./query/refine-fields.ts'),
  ])
  const { baseUrl, apiKey, model, timeoutMs, monthlyBudgetUsd, inputUsdPerMillion, outputUsdPerMillion } = llm
  return createFieldRefiner({
    client: createCompletionClient({ ...(baseUrl !== '' && { baseURL: baseUrl }), apiKey, model, timeoutMs }),
    budget: new MonthlyBudget({
      limitUsd: monthlyBudgetUsd,
      pricing: { inputUsdPerMillion, outputUsdPerMillion },
      now: () => new Date(),
      ledger: createStoredLedger(db, model),
    }),
    logger,
  })
}

/** @param classified by project: when its newest event came that has been looked at */
async function classifyAll(
  db: ClickHouse,
  logger: Logger,
  refine: RefineFields | undefined,
  classified: Map<string, string>,
): Promise<void> {
  try {
    const projects = await db.query<{ Project: string; Newest: string }>(
      'SELECT Project, toString(max(ReceivedAt)) AS Newest FROM events GROUP BY Project',
    )
    for (const { Project, Newest } of projects) {
      if (classified.get(Project) === Newest) continue
      await classifyFields(db, Project, refine && { refine })
      classified.set(Project, Newest)
    }
  } catch (error) {
    logger.warn('classifying fields failed, trying again', { error: describe(error) })
  }
}

const unavailable = (): never => {
  throw new CollectorError('INVALID_REQUEST', 'this collector runs without connectors::topics, so there are no topics to change')
}

const noTopics: TopicService = {
  embeddingId: 'off',
  progressOf: () => ({ seen: 0, until: 0 }),
  edit: async () => unavailable(),
  undo: async () => unavailable(),
  explain: async () => [],
}

function keyService(keys: Keys, usage: Usage): KeyService {
  return {
    list: async (project) => (await keys.list(project)).map((row) => toApiKey(row, usage)),
    create: async (project, request) => {
      if (request.project !== project && project !== developmentProject) {
        throw new CollectorError(
          'FORBIDDEN',
          `keys of the project ${project} make keys of that project; those of ${developmentProject} of any`,
        )
      }
      const { key, row } = await keys.create({
        project: request.project,
        name: request.name,
        scopes: request.scopes,
        monthlyQuota: request.monthly_quota,
        kAnonymity: request.k_anonymity,
        expiresAt: request.expires_at === undefined ? undefined : new Date(request.expires_at),
      })
      return { ...toApiKey(row, usage), key }
    },
    revoke: (project, keyId) => keys.revoke(project, keyId),
  }
}

function toApiKey(row: KeyRow, usage: Usage): Awaited<ReturnType<KeyService['list']>>[number] {
  const toTime = (text: string | null): string | null => (text === null ? null : `${text.replace(' ', 'T')}Z`)
  return {
    key_id: row.KeyId,
    project: row.Project,
    name: row.Name,
    scopes: [...row.Scopes],
    monthly_quota: row.MonthlyQuota,
    k_anonymity: row.KAnonymity,
    used_this_month: usage.of(row.KeyId),
    created_at: toTime(row.CreatedAt)!,
    expires_at: toTime(row.ExpiresAt),
    revoked_at: toTime(row.RevokedAt),
  }
}

function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${String(error)}${cause}`.split('\n', 1)[0]!.slice(0, 300)
}
