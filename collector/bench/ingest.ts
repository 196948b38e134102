/**
 * `npm run bench:ingest`: the race against a real OpenTelemetry Collector, then what the collector promises under its own loads.
 * `-- --quick` runs one short round; `-- race` or `-- bounds` runs one half, `-- race 'track, json'` one load. Prints Markdown,
 * asserts nothing.
 */
import { cpus } from 'node:os'
import { printBounds } from './ingest/bounds.ts'
import { hasOtelCollector, startOtelCollectorAlone, startOtelCollectorWithClickHouse, startTurret } from './ingest/contenders.ts'
import { type Heat, type Start, describeHeats, median, runHeat } from './ingest/race.ts'
import type { Encoding, Profile } from './load/otlp-load.ts'

const isQuick = process.argv.includes('--quick')
const isAsked = (part: string): boolean => process.argv.includes(part) || !['race', 'bounds'].some((name) => process.argv.includes(name))
const rounds = isQuick ? 1 : 5
const seconds = isQuick ? 4 : 6

const allLoads: readonly (readonly [Profile, Encoding])[] = [
  ['track', 'protobuf'],
  ['plain', 'protobuf'],
  ['track', 'protobuf gzip'],
  ['track', 'json'],
  ['genai', 'protobuf'],
]
const known = new Set(['--quick', 'race', 'bounds', ...allLoads.map((load) => load.join(', '))])
const unknown = process.argv.slice(2).filter((word) => !known.has(word))
if (unknown.length > 0)
  throw new RangeError(`unknown: ${unknown.join(' ')}; allowed are ${[...known].map((word) => `'${word}'`).join(' ')}`)
const askedLoads = allLoads.filter((load) => process.argv.includes(load.join(', ')))
const loads = askedLoads.length > 0 ? askedLoads : isQuick ? allLoads.slice(0, 1) : allLoads

async function race(): Promise<void> {
  console.log(`${rounds} rounds of ${seconds} s, 8 connections, 1000 spans a request (genai: 100); every span has ids of its own.`)
  console.log('CPU is that of all processes until everything is stored; the load generator runs beside them and is not counted.\n')
  console.log(
    '| load | who | spans/s acknowledged | p50 · p99 ms | CPU-s per million spans | of each process | MB, all | MB, front | refused |',
  )
  console.log('|---|---|---|---|---|---|---|---|---|')
  for (const [profile, encoding] of loads) {
    const heats = new Map<string, Heat[]>()
    const absent = new Map<string, string>()
    for (let round = 0; round < rounds; round++) {
      for (const [name, start] of contenders) {
        if (absent.has(name)) continue
        const heat = await runHeat(start, profile, encoding, seconds).catch((error: unknown) => {
          absent.set(name, String(error).split('\n', 1)[0]!)
          return undefined
        })
        if (heat === undefined) continue
        heats.set(name, [...(heats.get(name) ?? []), heat])
        console.error(`round ${round + 1}, ${profile}, ${encoding}: ${name} | ${describeHeats([heat])}`)
      }
    }
    for (const [name, found] of heats) console.log(`| ${profile}, ${encoding} | ${name} | ${describeHeats(found)} |`)
    for (const [name, reason] of absent) console.log(`| ${profile}, ${encoding} | ${name} | did not run: ${reason} |`)
    const [ours, theirs] = ['turret', 'otelcol → clickhouse'].map((name) => heats.get(name)?.map(({ cpuPerMillion }) => cpuPerMillion))
    if (ours !== undefined && theirs !== undefined) {
      console.log(`| ${profile}, ${encoding} | CPU, turret ÷ otelcol → clickhouse | ${(median(ours) / median(theirs)).toFixed(2)} |`)
    }
  }
}

const contenders: readonly (readonly [string, Start])[] = [
  ['turret', () => startTurret()],
  ...(hasOtelCollector()
    ? ([
        ['otelcol → nop', startOtelCollectorAlone],
        ['otelcol → clickhouse', startOtelCollectorWithClickHouse],
      ] as const)
    : []),
]

console.log(`${cpus().length} cores of ${cpus()[0]!.model}, Node ${process.versions.node}\n`)
if (!hasOtelCollector()) console.log('The OpenTelemetry Collector is not built: `npm run test:interop` builds it.\n')
if (isAsked('race')) await race()
if (isAsked('bounds')) await printBounds(isQuick ? 5 : 15)
