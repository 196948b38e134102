/** The labeler that asks a language model: nicer words where it can be trusted, the offline label wherever not. */
import { createHash } from 'node:crypto'
import type { Logger } from '../telemetry.ts'
import { type ModelPricing, MonthlyBudget, type Spending, estimateTokens } from './budget.ts'
import { type CompletionClient, type ModelServer, createCompletionClient, maxAnswerTokens } from './completions.ts'
import { makeDistinct } from './distinct-labels.ts'
import { type Anonymity, chooseExamples, isAnonymous } from './examples.ts'
import { type CachedLabel, type LabelCache, createMemoryLabelCache } from './label-cache.ts'
import { fromTitleCase } from './label-text.ts'
import { type Label, type Labeler, type TopicSample, isStale } from './labeler.ts'
import { type PromptTopic, type ProposedLabel, parseAnswer, promptVersion, toAnswerSchema, toChatMessages } from './prompt.ts'
import { redact } from './redact.ts'
import { LabelValidator } from './validate.ts'

export interface LlmLabelerOptions extends Omit<ModelServer, 'timeoutMs'> {
  /** Default 30 s. */
  readonly timeoutMs?: number
  /** US dollars a calendar month (UTC); 0 never asks. */
  readonly monthlyBudgetUsd: number
  readonly pricing: ModelPricing
  /** What this month cost before this process started. */
  readonly spentBefore?: Spending
  /** Labels every topic first; its label stays where the model's does not come or does not pass. */
  readonly fallback: Labeler
  readonly cache?: LabelCache
  /** Take personal data out of the messages before they are sent. Default true. */
  readonly redact?: boolean
  /** Topics of fewer messages or sessions are never sent. Default 5 and 3. */
  readonly anonymity?: Anonymity
  readonly now?: () => Date
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

export const defaultLlmOptions = { timeoutMs: 30_000, redact: true, anonymity: { messages: 5, sessions: 3 } } as const

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
  const budget = new MonthlyBudget({ limitUsd: options.monthlyBudgetUsd, pricing, now, before: options.spentBefore })
  const namer = new TopicNamer({
    client: createCompletionClient({ ...(baseURL ? { baseURL } : {}), apiKey, model, timeoutMs }),
    model,
    budget,
    cache: options.cache ?? createMemoryLabelCache(),
    clean: options.redact === false ? (text) => text : redact,
    logger,
  })
  return {
    get spending() {
      return budget.spending
    },
    async label(topics, background, { signal } = {}) {
      const offline = await fallback.label(topics, background, signal === undefined ? {} : { signal })
      const wanted = topics.filter((topic) => wantsModel(topic) && isAnonymous(topic, anonymity))
      const shown = topics.filter((topic) => isAnonymous(topic, anonymity))
      const named = await namer.name(wanted, new Map(shown.map(({ id }) => [id, offline.get(id)!])), signal)
      const labels = new Map([...offline].map(([id, label]) => [id, { ...label, ...named.get(id) }]))
      return makeDistinct(topics, labels)
    },
  }
}

/** A topic whose label is out of date or was made offline; never one that a person named. */
function wantsModel(topic: TopicSample): boolean {
  return topic.previous?.source === 'phrase' || isStale(topic)
}

const topicsPerCall = 12
const contrastTopics = 3

interface NamerOptions {
  readonly client: CompletionClient
  readonly model: string
  readonly budget: MonthlyBudget
  readonly cache: LabelCache
  readonly clean: (text: string) => string
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

/** A topic and what the model is to see of it. */
interface Question {
  readonly topic: TopicSample
  readonly prompt: Omit<PromptTopic, 'id'>
  readonly key: string
}

type Named = Pick<Label, 'label' | 'description' | 'source'>

class TopicNamer {
  readonly #options: NamerOptions

  constructor(options: NamerOptions) {
    this.#options = options
  }

  /** @returns the model's labels that passed, by topic id */
  async name(topics: readonly TopicSample[], known: ReadonlyMap<string, Label>, signal: AbortSignal | undefined): Promise<Map<string, Named>> {
    const named = new Map<string, Named>()
    const open: Question[] = []
    for (const question of topics.map((topic) => this.#toQuestion(topic, known))) {
      const cached = await this.#cached(question.key)
      if (cached === undefined) open.push(question)
      else if (cached !== 'refused') named.set(question.topic.id, { ...cached, source: 'llm' })
    }
    for (let start = 0; start < open.length; start += topicsPerCall) {
      const batch = open.slice(start, start + topicsPerCall)
      const isAnswered = await this.#ask(batch, named, signal)
      if (!isAnswered) break // a server that failed is left alone until the next run
    }
    return named
  }

  async #ask(batch: readonly Question[], named: Map<string, Named>, signal: AbortSignal | undefined): Promise<boolean> {
    const { client, budget, logger, model } = this.#options
    const prompts = batch.map(({ prompt }, index) => ({ id: `g${index + 1}`, ...prompt }))
    const ids = prompts.map(({ id }) => id)
    const messages = toChatMessages(prompts)
    const estimate = { input: messages.reduce((sum, { content }) => sum + estimateTokens(content), 0), output: maxAnswerTokens }
    if (!budget.allows(estimate)) {
      logger.warn('topics are labelled offline: the month\'s budget for labels is spent', { ...budget.spending, topics: batch.length })
      return false
    }
    try {
      const { text, tokens } = await client.complete(messages, toAnswerSchema(ids), signal)
      budget.book(tokens ?? estimate)
      const proposals = parseAnswer(text, ids)
      for (const [index, id] of ids.entries()) await this.#judge(batch[index]!, proposals.get(id), named)
      return true
    } catch (error) {
      signal?.throwIfAborted()
      logger.warn('topics are labelled offline: the label model failed', { model, topics: batch.length, error: nameOf(error) })
      return false
    }
  }

  async #judge({ topic, key }: Question, proposal: ProposedLabel | undefined, named: Map<string, Named>): Promise<void> {
    if (proposal === undefined) return
    const { previous } = topic
    const label = previous?.source === 'llm' && proposal.keepCurrent ? previous : this.#check(topic, proposal)
    await this.#remember(key, label === undefined ? 'refused' : { label: label.label, description: label.description })
    if (label !== undefined) named.set(topic.id, { label: label.label, description: label.description, source: 'llm' })
  }

  /** The proposal as it may be shown; undefined when its label must not be. A bad description alone leaves the label without one of its own. */
  #check(topic: TopicSample, { label, description }: ProposedLabel): { label: string; description: string } | undefined {
    const validator = new LabelValidator(topic.messages)
    const text = fromTitleCase(label.replace(/[.\s]+$/u, ''), (word) => validator.isProper(word))
    const fault = validator.faultOfLabel(text)
    const descriptionFault = validator.faultOfDescription(description.trim())
    if (fault !== undefined || descriptionFault !== undefined) {
      this.#options.logger.info('a label of the model was refused', { label: fault ?? 'good', description: descriptionFault ?? 'good' })
    }
    if (fault !== undefined) return undefined
    return { label: text, description: descriptionFault === undefined ? description.trim() : '' }
  }

  #toQuestion(topic: TopicSample, known: ReadonlyMap<string, Label>): Question {
    const { clean, model } = this.#options
    const neighbours = topic.neighbours.flatMap((id) => known.get(id) ?? []).slice(0, contrastTopics)
    const prompt = {
      messages: chooseExamples(topic.messages, clean),
      keyphrases: known.get(topic.id)?.keyphrases ?? [],
      contrast: neighbours.map(({ label, central }) => ({ label, message: central })),
      currentLabel: topic.previous?.source === 'llm' ? topic.previous.label : null,
    }
    // Neighbours' labels are left out of the key: their changes alone must not cost a call.
    const asked = JSON.stringify([promptVersion, model, prompt.messages, prompt.keyphrases, prompt.currentLabel])
    return { topic, prompt, key: createHash('sha256').update(asked).digest('hex') }
  }

  async #cached(key: string): Promise<CachedLabel | undefined> {
    try {
      return await this.#options.cache.get(key)
    } catch (error) {
      this.#options.logger.warn('the cache of labels cannot be read', { error: nameOf(error) })
      return undefined
    }
  }

  async #remember(key: string, label: CachedLabel): Promise<void> {
    try {
      await this.#options.cache.set(key, label)
    } catch (error) {
      this.#options.logger.warn('the cache of labels cannot be written', { error: nameOf(error) })
    }
  }
}

/** What failed, without its message: that may quote the model's answer, and the answer the users. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const status = (error as { status?: unknown }).status
  return typeof status === 'number' ? `${error.constructor.name} ${status}` : error.constructor.name
}
