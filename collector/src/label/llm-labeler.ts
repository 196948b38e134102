/** The labeler that asks a language model: nicer words where it can be trusted, the offline label wherever not. */
import type { Logger } from '../telemetry.ts'
import { type Ledger, type ModelPricing, MonthlyBudget, type Spending } from './budget.ts'
import { type ModelServer, createCompletionClient } from './completions.ts'
import { makeDistinct } from './distinct-labels.ts'
import { type Anonymity, isAnonymous } from './examples.ts'
import { type LabelCache, createTolerantCache } from './label-cache.ts'
import { type Label, type Labeler, type TopicSample, isStale } from './labeler.ts'
import { redact } from './redact.ts'
import { type Named, TopicNamer } from './topic-namer.ts'

export interface LlmLabelerOptions extends Omit<ModelServer, 'timeoutMs'> {
  /** Default 30 s. */
  readonly timeoutMs?: number
  /** US dollars a calendar month (UTC); 0 never asks. */
  readonly monthlyBudgetUsd: number
  readonly pricing: ModelPricing
  /** Where spending is written down; without one it is forgotten with the process. */
  readonly ledger?: Ledger
  /** Labels every topic first; its label stays where the model's does not come or does not pass. */
  readonly fallback: Labeler
  /** Where answers outlive the process; without one they are kept in memory. */
  readonly cache?: LabelCache
  /** Take personal data out of the messages before they are sent. Default true. */
  readonly redact?: boolean
  /** Topics of fewer messages or sessions are never sent. Default 5 and 3. */
  readonly anonymity?: Anonymity
  readonly now?: () => Date
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

const defaultLlmOptions = { timeoutMs: 30_000, redact: true, anonymity: { messages: 5, sessions: 3 } } as const

/** A labeler that costs money. */
export interface LlmLabeler extends Labeler {
  /** What the running month has cost, estimated where the server does not say. */
  readonly spending: Spending
}

/** Asks an OpenAI-compatible model for labels, twelve topics a call; no failure of it is more than a warning. */
export function createLlmLabeler(options: LlmLabelerOptions): LlmLabeler {
  const { baseURL, apiKey, model, pricing, fallback, logger } = options
  const { timeoutMs, anonymity } = { ...defaultLlmOptions, ...options }
  const now = options.now ?? (() => new Date())
  const budget = new MonthlyBudget({ limitUsd: options.monthlyBudgetUsd, pricing, now, ledger: options.ledger })
  const namer = new TopicNamer({
    client: createCompletionClient({ ...(baseURL ? { baseURL } : {}), apiKey, model, timeoutMs }),
    model,
    budget,
    cache: createTolerantCache(options.cache, logger),
    clean: options.redact === false ? (text) => text : redact,
    logger,
  })
  return {
    get spending() {
      return budget.spending
    },
    async label(topics, background, { signal } = {}) {
      const offline = await fallback.label(topics, background, signal === undefined ? {} : { signal })
      const shown = topics.filter((topic) => isAnonymous(topic, anonymity))
      const named = await namer.name(shown.filter(wantsModel), new Map(shown.map(({ id }) => [id, offline.get(id)!])), signal)
      const labels = new Map([...offline].map(([id, label]) => [id, withNames(label, named.get(id))]))
      return makeDistinct(topics, labels)
    },
  }
}

function withNames(offline: Label, named: Named | undefined): Label {
  return named === undefined ? offline : { ...offline, ...named, description: named.description || offline.central }
}

/** A topic whose label is out of date or was made offline; never one that a person named. */
function wantsModel(topic: TopicSample): boolean {
  return topic.previous?.source === 'phrase' || isStale(topic)
}
