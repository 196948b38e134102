/**
 * `npm run bench:topics`: the quality, stability and cost of topics on labelled data, for the builtin table and every imported model.
 * A mean below its bar makes the exit code 1.
 *
 *   --providers builtin,…   default: all there are
 *   --models <directory>    imported models; default ./data/models
 *   --sets a,b --seeds 0,1  which data, which orders of arrival
 *   --only quality|blocks|new-intents|out-of-scope|model-change|labels|cost|million|map|references
 *   --messages 100000       of the cost measurement; 1000000 takes some minutes
 */
import { parseArgs } from 'node:util'
import { benchCost, benchLabels, benchMillion, benchReferences } from './costs-and-labels.ts'
import { benchMap } from './maps.ts'
import { benchQuality } from './qualities.ts'
import { listProviders } from './providers.ts'
import { benchBlocks, benchModelChange, benchNewIntents, benchOutOfScope } from './streams.ts'
import { readEmbeddedTexts } from './texts.ts'

const { values: flags } = parseArgs({
  options: {
    providers: { type: 'string' },
    models: { type: 'string', default: 'data/models' },
    sets: { type: 'string', default: 'banking77,clinc150,snips7,sgd-intent-turns' },
    seeds: { type: 'string', default: '0,1' },
    only: { type: 'string' },
    messages: { type: 'string', default: '100000' },
  },
})
const parts = {
  quality: benchQuality,
  blocks: benchBlocks,
  'new-intents': benchNewIntents,
  'out-of-scope': benchOutOfScope,
  'model-change': benchModelChange,
  labels: benchLabels,
  cost: benchCost,
  million: benchMillion,
  map: benchMap,
  references: benchReferences,
}

for (const { name, open } of listProviders(flags.models)) {
  if (flags.providers !== undefined && !flags.providers.split(',').includes(name)) continue
  console.log(`\n## ${name}`)
  const source = await open()
  const bench = {
    provider: name,
    sets: flags.sets.split(','),
    seeds: flags.seeds.split(',').map(Number),
    messages: Number(flags.messages),
    texts: async (set: string) => {
      const texts = await readEmbeddedTexts(set, source)
      if (texts === undefined) console.log(`${set}: SKIPPED, not found`)
      return texts
    },
  }
  for (const [part, run] of Object.entries(parts)) if (flags.only === undefined || flags.only === part) await run(bench)
  await source.embedder.close()
}
