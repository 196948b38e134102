/** Reads the translatable words out of the source. */
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const source = resolve(import.meta.dirname, '../src')
export const localeFile = join(source, 'locales/en-US/turret-topics-app.json')

const literal = `'((?:[^'\\\\]|\\\\.)*)'`
const message = new RegExp(`\\b(?:t|template|plural)\\(\\s*${literal},\\s*${literal}(?:,\\s*${literal})?`, 'g')

/** @returns key → English words; @throws Error when one key stands for two texts */
export async function readMessages(): Promise<Map<string, string>> {
  const messages = new Map<string, string>()
  const add = (file: string, key: string, english: string) => {
    const known = messages.get(key)
    if (known !== undefined && known !== english) {
      throw new Error(`${file}: “${key}” stands for “${known}” and for “${english}”`)
    }
    messages.set(key, english)
  }
  const files = (await readdir(source, { recursive: true })).filter((file) => /\.tsx?$/.test(file))
  for (const file of files) {
    for (const [, key = '', english = '', other] of (await readFile(join(source, file), 'utf8')).matchAll(message)) {
      add(file, other === undefined ? key : `${key}_one`, english)
      if (other !== undefined) {
        add(file, `${key}_other`, other)
      }
    }
  }
  return messages
}

/** Nested by the first dot of a key, as i18next reads it. */
export function toLocale(messages: ReadonlyMap<string, string>): string {
  const tree: Record<string, Record<string, string>> = {}
  for (const [key, english] of [...messages].sort(([a], [b]) => a.localeCompare(b))) {
    const [group = '', ...rest] = key.split('.')
    ;(tree[group] ??= {})[rest.join('.')] = english
  }
  return `${JSON.stringify(tree, null, 2)}\n`
}
