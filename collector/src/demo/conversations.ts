/** Makes up conversations: a walk over intents, with good and bad answers, for people who come back. */
import { createTurn } from './turn.ts'
import { pickStartTimes } from './calendar.ts'
import { intents } from './intents/all-intents.ts'
import { type Person, affinity, createPeople, pickPlatform, pickVersion } from './people.ts'
import { toMessage, toRephrase } from './phrasing.ts'
import { Random } from './random.ts'
import type { DemoEvent, DemoSession, Intent, Platform } from './types.ts'

export interface ConversationOptions {
  readonly seed: number
  readonly sessions: number
  readonly startAt: Date
  readonly endAt: Date
}

const maxTurns = 12
const sessionsPerPerson = 2.6
const dayMs = 24 * 60 * 60 * 1000
const newShare = 0.2 // of a range shorter than five days, in which the new intent exists
const rephraseAfterBadAnswer = 0.55
const leaveAfterBadAnswer = 0.3
const strayShare = 0.08 // of follow-ups that have nothing to do with what was said before

/**
 * Conversations in order of their start; the same options give the same conversations.
 * Intents with `isNew` appear in the last day only.
 * @throws RangeError when the number of sessions is no natural number or the range is empty
 */
export function* generateConversations({ seed, sessions, startAt, endAt }: ConversationOptions): Generator<DemoSession> {
  if (!Number.isSafeInteger(sessions) || sessions < 0) throw new RangeError(`sessions: expected 0 or more, got ${sessions}`)
  const spanMs = endAt.getTime() - startAt.getTime()
  if (!(spanMs > 0)) throw new RangeError('endAt: expected a time after startAt')
  const random = new Random(seed)
  const people = createPeople(Math.max(1, Math.ceil(sessions / sessionsPerPerson)), random)
  const pickPerson = createPersonPicker(people)
  const newFrom = endAt.getTime() - Math.min(dayMs, newShare * spanMs)
  for (const start of pickStartTimes(sessions, startAt, endAt, random)) {
    const known = intents.filter(({ isNew }) => isNew !== true || start.getTime() >= newFrom)
    yield createSession({ person: pickPerson(random), start, endAt, known, random })
  }
}

interface SessionPlan {
  readonly person: Person
  readonly start: Date
  readonly endAt: Date
  readonly known: readonly Intent[]
  readonly random: Random
}

function createSession({ person, start, endAt, known, random }: SessionPlan): DemoSession {
  const platform = pickPlatform(person, random)
  const sessionId = toUuid(random.hex(32))
  const context = { sessionId, person, platform, appVersion: pickVersion(platform, random), random }
  const events: DemoEvent[] = []
  let intent = random.weighted(known.map((intent) => [intent, intent.start * affinity(intent, person, platform)] as const))
  let prompt = toMessage(random.pick(intent.templates), random)
  let at = start
  while (events.length < maxTurns) {
    const { event, isGood } = createTurn({ ...context, intent, prompt, at })
    events.push(event)
    const step = nextStep(intent, isGood, random)
    if (step === 'leave') break
    if (step === 'rephrase') prompt = toRephrase(prompt, random.pick(intent.templates), random)
    else {
      intent = nextIntent(intent, known, person, platform, random)
      prompt = toMessage(random.pick(intent.templates), random)
    }
    at = new Date(at.getTime() + event.latencyMs + Math.round(random.logNormal(35_000, 0.8)))
    if (at >= endAt) break
  }
  return { sessionId, userId: person.userId, events }
}

function nextStep(intent: Intent, isGood: boolean, random: Random): 'leave' | 'rephrase' | 'go on' {
  if (isGood) return random.chance(intent.end) ? 'leave' : 'go on'
  if (random.chance(rephraseAfterBadAnswer)) return 'rephrase'
  return random.chance(leaveAfterBadAnswer / (1 - rephraseAfterBadAnswer)) ? 'leave' : 'go on'
}

function nextIntent(intent: Intent, known: readonly Intent[], person: Person, platform: Platform, random: Random): Intent {
  const weightOf = (candidate: Intent): number => (random.chance(strayShare) ? candidate.start / 10 : 0) + (intent.next[candidate.id] ?? 0)
  const weights = known.map((candidate) => [candidate, weightOf(candidate) * Math.sqrt(affinity(candidate, person, platform))] as const)
  return weights.some(([, weight]) => weight > 0) ? random.weighted(weights) : intent
}

/** People in proportion to their activity, by bisection: 100,000 sessions draw from 40,000 people. */
function createPersonPicker(people: readonly Person[]): (random: Random) => Person {
  const sums: number[] = []
  let total = 0
  for (const { activity } of people) sums.push((total += activity))
  return (random) => {
    const target = random.next() * total
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! > target) high = middle
      else low = middle + 1
    }
    return people[low]!
  }
}

/** 32 hex digits as a UUID of version 4. */
function toUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}
