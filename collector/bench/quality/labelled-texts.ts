/** Labelled texts to measure embeddings and topics on. They lie beside the repository and are no part of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

export interface LabelledTexts {
  readonly texts: readonly string[]
  /** A number per text, equal for equal labels. */
  readonly labels: Int32Array
}

const directory = join(process.env['TURRET_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url)), 'datasets')

/**
 * Reads `<name>.jsonl.gz`, one `{text, label}` a line.
 * @param sample keep that many rows, taken at even distances
 * @returns undefined where the file is absent
 */
export function readLabelledTexts(name: string, sample?: number): LabelledTexts | undefined {
  const path = join(directory, `${name}.jsonl.gz`)
  if (!existsSync(path)) return undefined

  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  const kept = sample === undefined ? lines : Array.from({ length: sample }, (_, i) => lines[Math.floor((i * lines.length) / sample)] ?? '')
  const rows = kept.map((line) => JSON.parse(line) as { text: string; label: string })
  const names = [...new Set(rows.map(({ label }) => label))]
  return { texts: rows.map(({ text }) => text), labels: Int32Array.from(rows, ({ label }) => names.indexOf(label)) }
}
