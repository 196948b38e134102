/** Asks a language model for the labels of topics, as seldom as possible, and lets through what passes the checks. */
import { createHash } from 'node:crypto'
import type { Logger } from '../telemetry.ts'
import { type MonthlyBudget, type Tokens, estimateTokens } from './budget.ts'
import { type Completion, type CompletionClient, billedTokens, maxAnswerTokens } from './completions.ts'
import { chooseExamples } from './examples.ts'
import type { LabelCache } from './label-cache.ts'
import { fromTitleCase } from './label-text.ts'
import { type Label, type TopicSample, isOtherSize } from './labeler.ts'
import { type PromptTopic, type ProposedLabel, parseAnswer, promptVersion, toAnswerSchema, toChatMessages } from './prompt.ts'
import { LabelValidator } from './validate.ts'

const topicsPerCall = 12
const contrastTopics = 3
const maxRemembered = 10_000 // topics; retired ones fall out first

export interface NamerOptions {
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

/** A model's words for a topic; the description is '' when its own did not pass. */
export type Named = Pick<Label, 'label' | 'description' | 'source'>

/** Names topics by one model. */
export class TopicNamer {
  readonly #options: NamerOptions
  /** Size of each topic when the model last answered for it: one that refuses to be named is not asked about in every run. */
  readonly #answered = new Map<string, number>()

  constructor(options: NamerOptions) {
    this.#options = options
  }

  /** @returns the model's labels that passed, by topic id */
  async name(
    topics: readonly TopicSample[],
    known: ReadonlyMap<string, Label>,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, Named>> {
    const { cache } = this.#options
    const named = new Map<string, Named>()
    const open: Question[] = []
    for (const question of topics.map((topic) => this.#toQuestion(topic, known))) {
      const cached = await cache.get(question.key)
      if (cached === undefined && this.#isDue(question.topic)) open.push(question)
      else if (cached !== undefined && cached !== 'refused') named.set(question.topic.id, { ...cached, source: 'llm' })
    }
    for (let start = 0; start < open.length; start += topicsPerCall) {
      const batch = open.slice(start, start + topicsPerCall)
      const isAnswered = await this.#ask(batch, named, signal)
      if (!isAnswered) break // a server that failed is left alone until the next run
    }
    return named
  }

  #isDue({ id, size, reshaped }: TopicSample): boolean {
    const before = this.#answered.get(id)
    return before === undefined || reshaped === true || isOtherSize(size, before)
  }

  /** Asks about one batch. @returns false when it makes no sense to go on */
  async #ask(batch: readonly Question[], named: Map<string, Named>, signal: AbortSignal | undefined): Promise<boolean> {
    const { client, budget, logger } = this.#options
    const prompts = batch.map(({ prompt }, index) => ({ id: `g${index + 1}`, ...prompt }))
    const ids = prompts.map(({ id }) => id)
    const messages = toChatMessages(prompts)
    const estimate = { input: messages.reduce((sum, { content }) => sum + estimateTokens(content), 0), output: maxAnswerTokens }
    if (!budget.allows(estimate)) {
      logger.warn("topics are labelled offline: the month's budget for labels is spent", { ...budget.spending, topics: batch.length })
      return false
    }
    const text = await this.#complete(() => client.complete(messages, toAnswerSchema(ids), signal), estimate)
    signal?.throwIfAborted()
    if (text === undefined) return false
    const proposals = this.#parse(text, ids)
    if (proposals === undefined) return false
    for (const [index, id] of ids.entries()) await this.#judge(batch[index]!, proposals.get(id), named)
    return true
  }

  /** @returns the answer's text; undefined when the call failed */
  async #complete(call: () => Promise<Completion>, estimate: Tokens): Promise<string | undefined> {
    const { budget } = this.#options
    try {
      const { text, tokens } = await call()
      budget.book(tokens ?? estimate)
      return text
    } catch (error) {
      const billed = billedTokens(error, estimate)
      if (billed !== undefined) budget.book(billed)
      this.#warnOf(error)
      return undefined
    }
  }

  #parse(text: string, ids: readonly string[]): Map<string, ProposedLabel> | undefined {
    try {
      return parseAnswer(text, ids)
    } catch (error) {
      this.#warnOf(error)
      return undefined
    }
  }

  #warnOf(error: unknown): void {
    const { logger, model } = this.#options
    logger.warn('topics are labelled offline: the label model failed', { model, error: nameOf(error) })
  }

  async #judge({ topic, key }: Question, proposal: ProposedLabel | undefined, named: Map<string, Named>): Promise<void> {
    this.#answered.set(topic.id, topic.size)
    if (this.#answered.size > maxRemembered) this.#answered.delete(this.#answered.keys().next().value!)
    const label = proposal === undefined ? undefined : this.#check(topic, proposal)
    await this.#options.cache.set(key, label ?? 'refused')
    if (label !== undefined) named.set(topic.id, { ...label, source: 'llm' })
  }

  /** The proposal as it may be shown; undefined when its label must not be. */
  #check({ messages, previous }: TopicSample, { label, description, keepCurrent }: ProposedLabel): Omit<Named, 'source'> | undefined {
    if (keepCurrent && previous?.source === 'llm') return { label: previous.label, description: previous.description }
    const validator = new LabelValidator(messages)
    const text = label.trim().replace(/\.$/u, '')
    const fault = validator.faultOfLabel(text)
    const descriptionFault = validator.faultOfDescription(description.trim())
    if (fault !== undefined || descriptionFault !== undefined) {
      this.#options.logger.info('a label of the model was refused', { label: fault ?? 'good', description: descriptionFault ?? 'good' })
    }
    if (fault !== undefined) return undefined
    return {
      label: fromTitleCase(text, (word) => validator.isProper(word)),
      description: descriptionFault === undefined ? description.trim() : '',
    }
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
}

/** What failed, without its message: that may quote the model's answer, and the answer the users. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const status = (error as { status?: unknown }).status
  return typeof status === 'number' ? `${error.constructor.name} ${status}` : error.constructor.name
}
