/** Answers of a language model, kept by what it was asked. */

/** A proposal that passed the checks, or `refused`: asking the same again would cost the same again. */
export type CachedLabel = { readonly label: string; readonly description: string } | 'refused'

/** Where answers are kept; a failure to read counts as a miss. */
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
