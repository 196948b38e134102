/** The streams that are not in random order of everything: class after class, new intents, texts from outside. */
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import { bars, blockBars } from './bars.ts'
import { type Bench, messagesPerSet } from './bench.ts'
import { measureModelChange } from './model-change.ts'
import { measureNewIntents } from './new-intents.ts'
import { measureOutOfScope } from './out-of-scope.ts'
import { check, mean, print, triple } from './print.ts'
import { measureQuality } from './quality.ts'
import { byClass, randomRows, readEmbeddedTexts } from './texts.ts'

const mostBlockLoss = 0.01

export async function benchBlocks({ provider, sets, seeds, texts }: Bench): Promise<void> {
  print('\nset, one class after the other', 'seed', 'NMI/ARI/ACC', 'topics', 'NMI of random order')
  for (const name of sets) {
    const data = await texts(name)
    if (data === undefined) continue
    const results = seeds.map((seed) => {
      const rows = randomRows(data.vectors.rows, messagesPerSet, seed)
      const { topics, topicCount } = measureQuality(data, byClass(rows, data.labels, seed))
      const shuffled = measureQuality(data, rows).topics.nmi
      print(name, seed, triple([topics.nmi, topics.ari, topics.accuracy]), topicCount, shuffled.toFixed(3))
      return { nmi: topics.nmi, loss: shuffled - topics.nmi }
    })
    const bar = provider === 'all-minilm-l6-v2' ? blockBars[name] : undefined
    const nmi = mean(results, (result) => result.nmi)
    if (bar !== undefined) check(`${name} blocks NMI`, nmi, '>=', bar)
    const loss = mean(results, (result) => result.loss)
    check(`${name} blocks, loss of NMI`, loss, '<=', mostBlockLoss)
  }
}

export async function benchNewIntents({ seeds, texts }: Bench): Promise<void> {
  const data = await texts('clinc150')
  if (data === undefined) return
  print('\n15 new intents (clinc150)', 'seed', 'subtopics', 'median', 'topics', 'median', 'topic churn')
  const results = [...seeds, ...seeds.map((seed) => seed + 2)].map((seed) => {
    const { subtopic, topic, churn } = measureNewIntents(data, seed)
    print('', seed, subtopic.found, subtopic.medianMessages, topic.found, topic.medianMessages, churn.toFixed(4))
    return { found: subtopic.found, median: subtopic.medianMessages, topicFound: topic.found, churn }
  })
  const of = (key: keyof (typeof results)[number]): number => mean(results, (result) => result[key])
  check('new intents as subtopics', of('found'), '>=', bars.newIntents.found)
  check('their messages, median', of('median'), '<=', bars.newIntents.median)
  check('new intents as topics', of('topicFound'), '>=', bars.newIntents.topicFound)
  check('topic churn meanwhile', of('churn'), '<=', bars.newIntents.churn)
}

export async function benchOutOfScope({ seeds, texts }: Bench): Promise<void> {
  const [inside, outside] = [await texts('clinc150'), await texts('clinc150-oos')]
  if (inside === undefined || outside === undefined) return
  print('\nout of scope (clinc150)', 'seed', 'AUC', 'precision', 'recall', 'in scope lost')
  const results = seeds.map((seed) => {
    const result = measureOutOfScope(inside, outside, seed)
    print('', seed, ...[result.auc, result.precision, result.recall, result.inScopeLost].map((value) => value.toFixed(3)))
    return result
  })
  const of = (key: 'auc' | 'precision' | 'inScopeLost'): number => mean(results, (result) => result[key])
  check('out of scope AUC', of('auc'), '>=', bars.outOfScope.auc)
  check('out of scope precision', of('precision'), '>=', bars.outOfScope.precision)
  check('in scope lost', of('inScopeLost'), '<=', bars.outOfScope.inScopeLost)
}

/** From the builtin table to this provider and back, each from the start. */
export async function benchModelChange({ provider, sets, seeds, texts }: Bench): Promise<void> {
  if (provider === 'builtin') return
  const embedder = createBuiltinEmbedder()
  print('\nchange of the embedding', 'set', 'seed', 'ACC before', 'after', 'ids alive', 'same majority', 'messages that stay')
  for (const name of sets) {
    const [builtin, other] = [await readEmbeddedTexts(name, { embedder }), await texts(name)]
    if (builtin === undefined || other === undefined) continue
    for (const seed of seeds) {
      const rows = randomRows(other.vectors.rows, messagesPerSet, seed)
      for (const [from, to, way] of [
        [builtin, other, `builtin → ${provider}`],
        [other, builtin, `${provider} → builtin`],
      ] as const) {
        const change = measureModelChange(from, to, rows)
        const { before, after, alive, same, stayed } = change
        print(way, name, seed, ...[before, after, alive, same, stayed].map((value) => value.toFixed(3)))
      }
    }
  }
}
