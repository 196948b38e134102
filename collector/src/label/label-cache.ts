/** Answers of a language model, kept by what it was asked. */
import type { Logger } from '../telemetry.ts'

/** A proposal that passed the checks, or `refused`: asking the same again would cost the same again. */
export type CachedLabel = { readonly label: string; readonly description: string } | 'refused'

/** `key` stands for all that is asked about the topic. */
export interface LabelQuestion {
  readonly key: string
  readonly topicId: string
}

/** What the model said. */
export interface LabelAnswer extends LabelQuestion {
  /** Messages of the topic when it was asked. */
  readonly size: number
  readonly label: CachedLabel
}

/** What is known of some questions. */
export interface KnownAnswers {
  /** By the question's key. */
  readonly labels: ReadonlyMap<string, CachedLabel>
  /** By topic: its messages when the model last answered anything about it. */
  readonly sizes: ReadonlyMap<string, number>
}

/** Where answers are kept. */
export interface LabelCache {
  read(questions: readonly LabelQuestion[]): Promise<KnownAnswers>
  write(answers: readonly LabelAnswer[]): Promise<void>
}

const defaultEntries = 10_000 // a label is some hundred bytes: a few megabytes

/** Keeps the newest answers in memory. */
export function createMemoryLabelCache(maxEntries: number = defaultEntries): LabelCache {
  const labels = new Map<string, CachedLabel>()
  const sizes = new Map<string, number>()
  return {
    read: () => Promise.resolve({ labels, sizes }),
    write(answers) {
      for (const { key, topicId, size, label } of answers) {
        keep(labels, key, label)
        keep(sizes, topicId, size)
      }
      return Promise.resolve()
    },
  }

  function keep<T>(entries: Map<string, T>, key: string, value: T): void {
    entries.delete(key)
    entries.set(key, value)
    if (entries.size > maxEntries) entries.delete(entries.keys().next().value!)
  }
}

/** A cache in memory before one that lasts. A failure of that costs a call of the model at most: it is warned of. */
export function createTolerantCache(lasting: LabelCache | undefined, logger: Pick<Logger, 'warn'>): LabelCache {
  const memory = createMemoryLabelCache()
  if (lasting === undefined) return memory
  const warn = (error: unknown): undefined => {
    logger.warn('the cache of labels failed', { error: error instanceof Error ? error.name : typeof error })
  }
  return {
    async read(questions) {
      const near = await memory.read(questions)
      const open = questions.filter(({ key }) => !near.labels.has(key))
      const far = open.length === 0 ? undefined : await lasting.read(open).catch(warn)
      if (far === undefined) return near
      return { labels: new Map([...far.labels, ...near.labels]), sizes: new Map([...far.sizes, ...near.sizes]) }
    },
    async write(answers) {
      await memory.write(answers)
      await lasting.write(answers).catch(warn)
    },
  }
}
