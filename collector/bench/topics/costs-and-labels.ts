/** What topics cost, what they are called, and what other methods make of the same messages. */
import { createPhraseLabeler } from '../../src/label/phrase-labeler.ts'
import { toTermStatistics } from '../../src/label/term-statistics.ts'
import { goldTopics, scoreLabels } from '../../test/label/gold-topics.ts'
import { hasShared } from '../../test/shared-data.ts'
import { kMeans, mutualInformation } from '../quality/scores.ts'
import { adjustedRandIndex, matchedAccuracy } from './agreement.ts'
import { bars, peers } from './bars.ts'
import { type Bench, messagesPerSet } from './bench.ts'
import { type Cost, measureCost } from './cost.ts'
import { check, mean, print, triple } from './print.ts'
import { type EmbeddedTexts, randomRows } from './texts.ts'

const million = 1_000_000
const lastPart = 20_000
const marks = [10_000, 100_000, 300_000]
const millionMarks = [...marks, 600_000, million - lastPart, million]
const shownPhrases = 3 // as the reference counts
const labelSets = ['banking77', 'clinc150']

export async function benchCost({ messages, texts }: Bench): Promise<void> {
  const data = await texts('clinc150')
  if (data === undefined) return
  const cost = streamAndPrint(data, messages, [...marks.filter((mark) => mark < messages), messages])
  const [saved, restored] = [cost.saveMs.toFixed(0), cost.restoreMs.toFixed(0)]
  console.log(`snapshot ${cost.snapshotMegabytes.toFixed(1)} MB, saved in ${saved} ms, restored in ${restored} ms`)
  check('processor ms per message', cost.msPerMessage, '<=', bars.msPerMessage)
  check('RSS MB', cost.parts.at(-1)!.rssMegabytes, '<=', bars.millionMegabytes)
}

/** A million of them: is a message as cheap at the end as at the beginning, and do they fit into memory? */
export async function benchMillion({ provider, texts }: Bench): Promise<void> {
  const data = await texts('clinc150')
  if (data === undefined || provider !== 'builtin') return
  const { parts } = streamAndPrint(data, million, millionMarks)
  const last = parts.at(-1)!
  check(`processor ms per message, the last ${lastPart}`, last.addMs + last.runMs, '<=', bars.msPerMessage)
  check('RSS MB', last.rssMegabytes, '<=', bars.millionMegabytes)
}

function streamAndPrint(data: EmbeddedTexts, messages: number, marks: readonly number[]): Cost {
  print('\nmessages, all different', 'add ms', 'run ms', 'RSS MB', 'topics')
  return measureCost(data, {
    messages,
    marks,
    onPart: (part) => print(part.messages, part.addMs.toFixed(3), part.runMs.toFixed(3), part.rssMegabytes.toFixed(0), part.topics),
  })
}

/** The offline labels of true intents: the embedding has no part in them. */
export async function benchLabels({ provider }: Bench): Promise<void> {
  if (provider !== 'builtin') return
  print('\nlabels of true intents that hit a word of the name', 'label', `label and ${shownPhrases} key phrases`)
  const hits: number[] = []
  for (const set of labelSets) {
    const path = `datasets/${set}.jsonl.gz`
    if (!hasShared(path)) continue
    const topics = goldTopics(path)
    const labels = await createPhraseLabeler().label(topics, toTermStatistics(topics))
    const { anyHit } = scoreLabels(labels, shownPhrases)
    print(set, scoreLabels(labels, 0).anyHit.toFixed(3), anyHit.toFixed(3))
    hits.push(anyHit)
  }
  const anyHit = mean(hits, (hit) => hit)
  if (hits.length > 0) check('label any-hit', anyHit, '>=', bars.labelHit)
}

/** k-means that is told the true number of topics, on the first seed's messages; figures of others. */
export async function benchReferences({ provider, sets, seeds, texts }: Bench): Promise<void> {
  print('\nreference', 'set', 'NMI/ARI/ACC')
  for (const name of sets) {
    const data = await texts(name)
    if (data === undefined) continue
    const { cols } = data.vectors
    const rows = randomRows(data.vectors.rows, messagesPerSet, seeds[0] ?? 0)
    const vectors = { data: new Float32Array(rows.length * cols), rows: rows.length, cols }
    rows.forEach((row, i) => vectors.data.set(data.vectors.data.subarray(row * cols, (row + 1) * cols), i * cols))
    const truth = Int32Array.from(rows, (row) => data.labels[row]!)
    const found = kMeans(vectors, new Set(truth).size, 0)
    print(
      'k-means, true k',
      name,
      triple([mutualInformation(truth, found), adjustedRandIndex(truth, found), matchedAccuracy(truth, found)]),
    )
  }
  if (provider !== 'all-minilm-l6-v2') return
  for (const [peer, scores] of Object.entries(peers)) for (const [set, score] of Object.entries(scores)) print(peer, set, triple(score))
}
