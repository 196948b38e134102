/** `npm run bench:labels`: how well the offline labels name the true intents of labelled data. Prints figures, asserts nothing. */
import { createPhraseLabeler } from '../src/label/phrase-labeler.ts'
import { toTermStatistics } from '../src/label/term-statistics.ts'
import { goldTopics, scoreLabels } from '../test/label/gold-topics.ts'
import { hasShared } from '../test/shared-data.ts'

/** Key phrases of a reference implementation on clustered (not gold) topics: recall and any-hit. */
const references = { banking77: '.591/.907', clinc150: '.762/.879', 'sgd-intent-turns': '.702/.895' }
const shownPhrases = [0, 3, 5]

async function main(): Promise<void> {
  console.log('recall/any-hit by what is shown; topics = gold labels\n')
  console.log(['set', 'topics', ...shownPhrases.map((count) => `label+${count} phrases`), 'reference', 'ms'].map(cell).join(''))
  for (const [set, reference] of Object.entries(references)) {
    const path = `datasets/${set}.jsonl.gz`
    if (!hasShared(path)) continue
    const topics = goldTopics(path)
    const startedAt = performance.now()
    const labels = await createPhraseLabeler().label(topics, toTermStatistics(topics))
    const ms = (performance.now() - startedAt).toFixed(0)
    const scores = shownPhrases
      .map((count) => scoreLabels(labels, count))
      .map(({ recall, anyHit }) => `${recall.toFixed(3)}/${anyHit.toFixed(3)}`)
    console.log([set, String(topics.length), ...scores, reference, ms].map(cell).join(''))
    if (process.argv.includes('--show'))
      for (const [gold, { label, keyphrases }] of labels) console.log(`  ${gold}: ${label} (${keyphrases.join(', ')})`)
  }
}

function cell(text: string): string {
  return text.padEnd(18)
}

await main()
