/** Answers of a language model, kept by what it was asked. */
import type { Logger } from '../telemetry.ts'

/** A proposal that passed the checks, or `refused`: asking the same again would cost the same again. */
export type CachedLabel = { readonly label: string; readonly description: string } | 'refused'

/** Where answers are kept. */
export interface LabelCache {
  get(key: string): Promise<CachedLabel | undefined>
  set(key: string, label: CachedLabel): Promise<void>
}

const defaultEntries = 10_000 // a label is some hundred bytes: a few megabytes

/** Keeps the answers last used in memory. */
export function createMemoryLabelCache(maxEntries: number = defaultEntries): LabelCache {
  const entries = new Map<string, CachedLabel>()
  return {
    get(key) {
      const label = entries.get(key)
      if (label !== undefined) {
        entries.delete(key)
        entries.set(key, label)
      }
      return Promise.resolve(label)
    },
    set(key, label) {
      entries.set(key, label)
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value!)
      return Promise.resolve()
    },
  }
}

/** A cache whose failures cost a call of the model at most: they are warned of and count as a miss. */
export function createTolerantCache(cache: LabelCache, logger: Pick<Logger, 'warn'>): LabelCache {
  const warn = (error: unknown): undefined => {
    logger.warn('the cache of labels failed', { error: error instanceof Error ? error.message : typeof error })
  }
  return {
    get: (key) => cache.get(key).catch(warn),
    set: (key, label) => cache.set(key, label).catch(warn),
  }
}
