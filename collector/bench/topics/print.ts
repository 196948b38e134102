/** The bench's table rows and verdicts. */
import type { Quality } from './quality.ts'

export function qualityCells(q: Quality): (string | number)[] {
  return [
    triple([q.topics.nmi, q.topics.ari, q.topics.accuracy]),
    `${q.topicCount}/${q.classCount}`,
    percent(q.unclustered),
    q.liveAccuracy.toFixed(3),
    q.alive.toFixed(3),
    `${q.same.toFixed(3)}/${q.samePure.toFixed(3)}`,
    `${q.churnMean.toFixed(3)}/${q.churnMax.toFixed(3)}`,
    `${triple([q.subtopics.nmi, q.subtopics.ari, q.subtopics.accuracy])} ${q.subtopicCount}`,
    q.gamma.toFixed(1),
    percent(q.far),
    q.msPerMessage.toFixed(2),
  ]
}

/** Prints whether a value keeps its bar; one that does not makes the exit code 1. */
export function check(name: string, value: number, relation: '>=' | '<=', bar: number): void {
  const holds = relation === '>=' ? value >= bar : value <= bar
  console.log(`  ${holds ? 'ok  ' : 'MISS'} ${name}: ${Number(value.toFixed(4))} (must be ${relation} ${bar})`)
  if (!holds) process.exitCode = 1
}

export function triple(values: readonly number[] | undefined): string {
  return values === undefined ? '' : values.map((value) => value.toFixed(3).replace(/^0/, '')).join('/')
}

function percent(value: number): string {
  return `${(100 * value).toFixed(2)}%`
}

export function mean<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length
}

export function print(...cells: readonly (string | number)[]): void {
  console.log(cells.join(' | '))
}
