/** One turn of a demo conversation: what was asked, what was answered, and what it cost. */
import type { Person } from './people.ts'
import type { Random } from './random.ts'
import type { DemoEvent, DemoMetadata, Intent, Platform } from './types.ts'

export interface TurnPlan {
  readonly sessionId: string
  readonly person: Person
  readonly platform: Platform
  readonly appVersion: string
  readonly intent: Intent
  readonly prompt: string
  readonly at: Date
  readonly random: Random
}

const eventName = 'support_question'
const moneyIntents = new Set(['refund', 'double_charge', 'payment_failed', 'upgrade_plan', 'pricing', 'cancel_subscription'])
const usualErrors = 0.006
const errors = ['timeout', 'rate_limit_exceeded', 'model_unavailable', 'context_length_exceeded'] as const
const timeoutMs = 30_000
const promptOverheadTokens = 180 // the assistant's own instructions

const evasions = [
  'You can find many articles on this in our help center.',
  'I am not sure that I understand. Could you tell me more?',
  'Please check your settings and try again later.',
  'Fernboard is a planning tool for teams of every size.',
]

/** Makes the event; the answer is good when it fits the question and did not fail. */
export function createTurn({ sessionId, person, platform, appVersion, intent, prompt, at, random }: TurnPlan): {
  event: DemoEvent
  isGood: boolean
} {
  const error = random.chance(intent.errors ?? usualErrors) ? random.pick(errors) : undefined
  const isGood = error === undefined && !random.chance(intent.badAnswers)
  const answer = error === undefined ? random.pick(isGood ? intent.answers : evasions) : ''
  const isLarge = person.plan === 'enterprise' && random.chance(0.6)
  const outputTokens = answer === '' ? 0 : toTokens(answer)
  const event: DemoEvent = {
    name: eventName,
    timestamp: at,
    sessionId,
    userId: person.userId,
    metadata: toMetadata({ person, platform, appVersion, intent, prompt, random }),
    answer,
    model: isLarge ? 'gpt-4.1' : 'gpt-4.1-mini',
    inputTokens: promptOverheadTokens + toTokens(prompt),
    outputTokens,
    latencyMs: error === 'timeout' ? timeoutMs : Math.round(random.logNormal(isLarge ? 1400 : 700, 0.5) + 12 * outputTokens),
    ...(error === undefined ? {} : { error }),
    intent: intent.id,
  }
  return { event, isGood }
}

function toMetadata({
  person,
  platform,
  appVersion,
  intent,
  prompt,
  random,
}: Pick<TurnPlan, 'person' | 'platform' | 'appVersion' | 'intent' | 'prompt' | 'random'>): DemoMetadata {
  const cartValue = Math.round(100 * random.logNormal(9 * Math.min(person.seats, 60), 0.4)) / 100
  return {
    prompt,
    platform,
    plan: person.plan,
    language: person.language,
    app_version: appVersion,
    account_id: person.accountId,
    seats: person.seats,
    ...(moneyIntents.has(intent.id) ? { cart_value: cartValue } : {}),
  }
}

function toTokens(text: string): number {
  return Math.ceil(text.length / 4)
}
