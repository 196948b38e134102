/** Quality and stability of every set, streamed in random order. */
import { bars, setBars, topicCounts } from './bars.ts'
import { type Bench, messagesPerSet } from './bench.ts'
import { check, mean, print, qualityCells, triple } from './print.ts'
import { measureQuality, type Quality } from './quality.ts'
import { randomRows } from './texts.ts'

const heads = 'set, seed, NMI/ARI/ACC, topics, none, live, alive, same/pure, churn/max, subtopics, γ, far, ms/msg, must, reference'.split(
  ', ',
)

export async function benchQuality({ provider, sets, seeds, texts }: Bench): Promise<void> {
  print(...heads)
  const all: Quality[] = []
  for (const name of sets) {
    const data = await texts(name)
    if (data === undefined) continue
    const bar = setBars[provider]?.[name]
    const found = seeds.map((seed) => {
      const quality = measureQuality(data, randomRows(data.vectors.rows, messagesPerSet, seed))
      print(name, seed, ...qualityCells(quality), triple(bar?.must), triple(bar?.reference))
      return quality
    })
    all.push(...found)
    const of = (value: (quality: Quality) => number): number => mean(found, value)
    const [fewest, most] = topicCounts[name] ?? [0, Infinity]
    const topics = of(({ topicCount }) => topicCount)
    check(`${name} topics`, topics, '>=', fewest)
    check(`${name} topics`, topics, '<=', most)
    const churn = of(({ churnMean }) => churnMean)
    check(`${name} churn`, churn, '<=', bars.churnWorst)
    if (bar === undefined) continue
    const [nmi, ari, accuracy] = bar.must
    const scores = found.map((quality) => quality.topics)
    const score = (key: keyof (typeof scores)[number]): number => mean(scores, (each) => each[key])
    check(`${name} NMI`, score('nmi'), '>=', nmi)
    check(`${name} ARI`, score('ari'), '>=', ari)
    check(`${name} ACC`, score('accuracy'), '>=', accuracy)
  }
  if (all.length === 0) return
  const of = (value: (quality: Quality) => number): number => mean(all, value)
  const [alive, same, samePure, churn] = [of((q) => q.alive), of((q) => q.same), of((q) => q.samePure), of((q) => q.churnMean)]
  check('ids alive', alive, '>=', bars.alive)
  check('same majority', same, '>=', bars.same)
  check('same majority of pure topics', samePure, '>=', bars.samePure)
  check('churn', churn, '<=', bars.churnMean)
}
