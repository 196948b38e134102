/** Asks a language model for the labels of topics, as seldom as possible, and lets through what passes the checks. */
import { createHash } from 'node:crypto'
import type { Logger } from '../telemetry.ts'
import { type MonthlyBudget, type Tokens, estimateTokens } from './budget.ts'
import { type Completion, type CompletionClient, billedTokens, maxAnswerTokens } from './completions.ts'
import { chooseExamples } from './examples.ts'
import type { CachedLabel, KnownAnswers, LabelAnswer, LabelCache } from './label-cache.ts'
import { fromTitleCase } from './label-text.ts'
import { type Label, type TopicSample, isOtherSize } from './labeler.ts'
import { type PromptTopic, type ProposedLabel, parseAnswer, promptVersion, toAnswerSchema, toChatMessages } from './prompt.ts'
import { LabelValidator } from './validate.ts'

const topicsPerCall = 12
const contrastTopics = 3

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

  constructor(options: NamerOptions) {
    this.#options = options
  }

  /** @returns the model's labels that passed, by topic id */
  async name(
    topics: readonly TopicSample[],
    known: ReadonlyMap<string, Label>,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, Named>> {
    const named = new Map<string, Named>()
    const questions = topics.map((topic) => this.#toQuestion(topic, known))
    const answers = await this.#options.cache.read(questions.map(({ key, topic }) => ({ key, topicId: topic.id })))
    const open: Question[] = []
    for (const question of questions) {
      const cached = answers.labels.get(question.key)
      if (cached === undefined && isDue(question.topic, answers)) open.push(question)
      else if (cached !== undefined && cached !== 'refused') named.set(question.topic.id, { ...cached, source: 'llm' })
    }
    if (open.length > 0 && !(await this.#knowsSpending())) return named
    for (let start = 0; start < open.length; start += topicsPerCall) {
      const batch = open.slice(start, start + topicsPerCall)
      const isAnswered = await this.#ask(batch, named, signal)
      if (!isAnswered) break // a server that failed is left alone until the next run
    }
    return named
  }

  /** A month of which nobody knows what it has cost so far is not spent further. */
  async #knowsSpending(): Promise<boolean> {
    try {
      await this.#options.budget.refresh()
      return true
    } catch (error) {
      this.#options.logger.warn('topics are labelled offline: what labels have cost this month cannot be read', { error: nameOf(error) })
      return false
    }
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
    const text = await this.#complete(
      () => client.complete(messages, { name: 'topic_labels', schema: toAnswerSchema(ids) }, signal),
      estimate,
    )
    signal?.throwIfAborted()
    if (text === undefined) return false
    const proposals = this.#parse(text, ids)
    if (proposals === undefined) return false
    await this.#keep(
      batch.map(({ topic, key }, index) => ({
        key,
        topicId: topic.id,
        size: topic.size,
        label: this.#judge(topic, proposals.get(ids[index]!)),
      })),
      named,
    )
    return true
  }

  /** @returns the answer's text; undefined when the call failed */
  async #complete(call: () => Promise<Completion>, estimate: Tokens): Promise<string | undefined> {
    try {
      const { text, tokens } = await call()
      await this.#book(tokens ?? estimate)
      return text
    } catch (error) {
      const billed = billedTokens(error, estimate)
      if (billed !== undefined) await this.#book(billed)
      this.#warnOf(error)
      return undefined
    }
  }

  async #book(tokens: Tokens): Promise<void> {
    const { budget, logger } = this.#options
    await budget.book(tokens).catch((error: unknown) => {
      logger.warn('the cost of a call of the label model was not written down: a restart forgets it', { error: nameOf(error) })
    })
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

  async #keep(answers: readonly LabelAnswer[], named: Map<string, Named>): Promise<void> {
    await this.#options.cache.write(answers)
    for (const { topicId, label } of answers) if (label !== 'refused') named.set(topicId, { ...label, source: 'llm' })
  }

  #judge(topic: TopicSample, proposal: ProposedLabel | undefined): CachedLabel {
    return (proposal === undefined ? undefined : this.#check(topic, proposal)) ?? 'refused'
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

/** One that refuses to be named is not asked about in every run. */
function isDue({ id, size, reshaped }: TopicSample, { sizes }: KnownAnswers): boolean {
  const before = sizes.get(id)
  return before === undefined || reshaped === true || isOtherSize(size, before)
}

/** What failed, without its message: that may quote the model's answer, and the answer the users. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const status = (error as { status?: unknown }).status
  return typeof status === 'number' ? `${error.constructor.name} ${status}` : error.constructor.name
}
