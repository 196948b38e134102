/**
 * `npm run bench:topics`: the quality, stability and cost of topics on labelled data. A mean below its bar makes the exit code 1.
 *
 *   --vectors <directory>   vectors of a sentence model, one file <set>.f32 per set; default: the builtin embedder
 *   --sets a,b --seeds 0,1  which data, which orders of arrival
 *   --only quality|blocks|new-intents|out-of-scope|cost
 *   --messages 100000       of the cost measurement; 1000000 takes some minutes
 */
import { parseArgs } from 'node:util'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import { bars, blockBars, setBars } from './bars.ts'
import { measureCost } from './cost.ts'
import { measureNewIntents } from './new-intents.ts'
import { measureOutOfScope } from './out-of-scope.ts'
import { check, mean, print, qualityCells, triple } from './print.ts'
import { measureQuality, type Quality } from './quality.ts'
import { byClass, type EmbeddedTexts, randomRows, readEmbeddedTexts, type VectorSource } from './texts.ts'

const messagesPerSet = 10_000

const { values: flags } = parseArgs({
  options: {
    vectors: { type: 'string' },
    sets: { type: 'string', default: 'banking77,clinc150,snips7,sgd-intent-turns' },
    seeds: { type: 'string', default: '0,1' },
    only: { type: 'string' },
    messages: { type: 'string', default: '100000' },
  },
})
const seeds = flags.seeds.split(',').map(Number)
const kind = flags.vectors === undefined ? 'builtin' : 'sentence'
const source: VectorSource = flags.vectors === undefined ? { embedder: createBuiltinEmbedder() } : { directory: flags.vectors }
const parts = {
  quality: benchQuality,
  blocks: benchBlocks,
  'new-intents': benchNewIntents,
  'out-of-scope': benchOutOfScope,
  cost: benchCost,
}

console.log(`vectors: ${kind}; ${messagesPerSet} messages a set, seeds ${seeds.join(', ')}`)
for (const [name, part] of Object.entries(parts)) if (flags.only === undefined || flags.only === name) await part()

async function benchQuality(): Promise<void> {
  print(
    '\nset',
    'seed',
    'NMI/ARI/ACC',
    'topics',
    'none',
    'live',
    'alive',
    'same/pure',
    'churn/max',
    'subtopics',
    'γ',
    'far',
    'ms/msg',
    'must',
    'reference',
  )
  const all: Quality[] = []
  for (const name of flags.sets.split(',')) {
    const texts = await readTexts(name)
    if (texts === undefined) continue
    const bar = setBars[kind][name]
    const found = seeds.map((seed) => measureQuality(texts, randomRows(texts.vectors.rows, messagesPerSet, seed)))
    found.forEach((quality, i) => print(name, seeds[i]!, ...qualityCells(quality), triple(bar?.must), triple(bar?.reference)))
    all.push(...found)
    if (bar === undefined) continue
    check(
      `${name} NMI`,
      mean(found, (q) => q.topics.nmi),
      '>=',
      bar.must[0],
    )
    check(
      `${name} ARI`,
      mean(found, (q) => q.topics.ari),
      '>=',
      bar.must[1],
    )
    check(
      `${name} ACC`,
      mean(found, (q) => q.topics.accuracy),
      '>=',
      bar.must[2],
    )
    check(
      `${name} topics`,
      mean(found, (q) => q.topicCount),
      '>=',
      bar.topics[0],
    )
    check(
      `${name} topics`,
      mean(found, (q) => q.topicCount),
      '<=',
      bar.topics[1],
    )
    check(
      `${name} churn`,
      mean(found, (q) => q.churnMean),
      '<=',
      bars.churnWorst,
    )
  }
  if (all.length === 0) return
  check(
    'ids alive',
    mean(all, (q) => q.alive),
    '>=',
    bars.alive,
  )
  check(
    'same majority',
    mean(all, (q) => q.same),
    '>=',
    bars.same,
  )
  check(
    'same majority of pure topics',
    mean(all, (q) => q.samePure),
    '>=',
    bars.samePure,
  )
  check(
    'churn',
    mean(all, (q) => q.churnMean),
    '<=',
    bars.churnMean,
  )
}

async function benchBlocks(): Promise<void> {
  print('\nset, one class after the other', 'seed', 'NMI/ARI/ACC', 'topics', 'NMI of random order')
  for (const [name, bar] of Object.entries(blockBars)) {
    const texts = await readTexts(name)
    if (texts === undefined) continue
    const results = seeds.map((seed) => {
      const rows = randomRows(texts.vectors.rows, messagesPerSet, seed)
      const blocks = measureQuality(texts, byClass(rows, texts.labels, seed))
      const shuffled = measureQuality(texts, rows)
      print(
        name,
        seed,
        triple([blocks.topics.nmi, blocks.topics.ari, blocks.topics.accuracy]),
        blocks.topicCount,
        shuffled.topics.nmi.toFixed(3),
      )
      return { blocks, loss: shuffled.topics.nmi - blocks.topics.nmi }
    })
    if (kind === 'sentence')
      check(
        `${name} blocks NMI`,
        mean(results, ({ blocks }) => blocks.topics.nmi),
        '>=',
        bar,
      )
    check(
      `${name} blocks, loss of NMI`,
      mean(results, ({ loss }) => loss),
      '<=',
      0.01,
    )
  }
}

async function benchNewIntents(): Promise<void> {
  const texts = await readTexts('clinc150')
  if (texts === undefined) return
  print('\n15 new intents (clinc150)', 'seed', 'subtopics', 'median', 'topics', 'median', 'topic churn')
  const results = [...seeds, ...seeds.map((seed) => seed + 2)].map((seed) => {
    const result = measureNewIntents(texts, seed)
    print(
      '',
      seed,
      result.subtopic.found,
      result.subtopic.medianMessages,
      result.topic.found,
      result.topic.medianMessages,
      result.churn.toFixed(4),
    )
    return result
  })
  const { newIntents: bar } = bars
  check(
    'new intents as subtopics',
    mean(results, ({ subtopic }) => subtopic.found),
    '>=',
    bar.found,
  )
  check(
    'their messages, median',
    mean(results, ({ subtopic }) => subtopic.medianMessages),
    '<=',
    bar.median,
  )
  check(
    'new intents as topics',
    mean(results, ({ topic }) => topic.found),
    '>=',
    bar.topicFound,
  )
  check(
    'topic churn meanwhile',
    mean(results, ({ churn }) => churn),
    '<=',
    bar.churn,
  )
}

async function benchOutOfScope(): Promise<void> {
  const [inside, outside] = [await readTexts('clinc150'), await readTexts('clinc150-oos')]
  if (inside === undefined || outside === undefined) return
  print('\nout of scope (clinc150)', 'seed', 'AUC', 'precision', 'recall', 'in scope lost')
  const results = seeds.map((seed) => {
    const result = measureOutOfScope(inside, outside, seed)
    print('', seed, ...[result.auc, result.precision, result.recall, result.inScopeLost].map((value) => value.toFixed(3)))
    return result
  })
  check(
    'out of scope AUC',
    mean(results, ({ auc }) => auc),
    '>=',
    bars.outOfScope.auc,
  )
  check(
    'out of scope precision',
    mean(results, ({ precision }) => precision),
    '>=',
    bars.outOfScope.precision,
  )
  check(
    'in scope lost',
    mean(results, ({ inScopeLost }) => inScopeLost),
    '<=',
    bars.outOfScope.inScopeLost,
  )
}

async function benchCost(): Promise<void> {
  const texts = await readTexts('clinc150')
  if (texts === undefined) return
  const messages = Number(flags.messages)
  print('\nmessages, all different', 'add ms', 'run ms', 'RSS MB')
  const cost = measureCost(texts, messages)
  for (const part of cost.parts) print(part.messages, part.addMs.toFixed(3), part.runMs.toFixed(3), part.rssMegabytes.toFixed(0))
  console.log(
    `snapshot ${cost.snapshotMegabytes.toFixed(1)} MB, saved in ${cost.saveMs.toFixed(0)} ms, restored in ${cost.restoreMs.toFixed(0)} ms`,
  )
  check('processor ms per message', cost.msPerMessage, '<=', bars.msPerMessage)
  check('RSS MB', cost.parts.at(-1)!.rssMegabytes, '<=', bars.millionMegabytes)
}

async function readTexts(name: string): Promise<EmbeddedTexts | undefined> {
  const texts = await readEmbeddedTexts(name, source)
  if (texts === undefined) console.log(`${name}: SKIPPED, not found`)
  return texts
}
