/** The demo's conversations: support chats of Fernboard, a planning tool that does not exist. */

export type Platform = 'ios' | 'android' | 'web'
export type Plan = 'free' | 'team' | 'enterprise'

/** What a user asks for, and how a conversation goes on from there. */
export interface Intent {
  readonly id: string
  /** How often conversations start with it, relative to the others; 0 = only as a follow-up. */
  readonly start: number
  /** Ways to ask: `[a|b]` is a choice, `{slot}` a word of `slots.ts`. */
  readonly templates: readonly string[]
  readonly answers: readonly string[]
  /** Share of answers that miss the point, 0…1: users then rephrase or leave. */
  readonly badAnswers: number
  /** Probability that a conversation ends here after a good answer, 0…1. */
  readonly end: number
  /** Weights of what follows. */
  readonly next: Readonly<Record<string, number>>
  /** Factors on `start` and on being chosen next; absent = 1. */
  readonly plans?: Partial<Record<Plan, number>>
  readonly platforms?: Partial<Record<Platform, number>>
  /** Share of turns that end in an error of the assistant, 0…1. Absent = rare. */
  readonly errors?: number
  /** Exists only near the end of the time range: a topic for the demo to discover. */
  readonly isNew?: boolean
}

/** What the application sends beside the prompt. */
export interface DemoMetadata {
  readonly prompt: string
  readonly platform: Platform
  readonly plan: Plan
  readonly language: 'en' | 'de' | 'fr' | 'es'
  readonly app_version: string
  /** An id: never a segment. */
  readonly account_id: string
  readonly seats: number
  /** US dollars; only on questions about money. */
  readonly cart_value?: number
}

/** One turn: a user's message and the assistant's answer. */
export interface DemoEvent {
  readonly name: string
  readonly timestamp: Date
  readonly sessionId: string
  readonly userId: string
  readonly metadata: DemoMetadata
  /** '' when the assistant failed. */
  readonly answer: string
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly latencyMs: number
  /** What failed, as `timeout`; absent when nothing did. */
  readonly error?: string
  /** The true topic, for tests: never sent. */
  readonly intent: string
}

/** One conversation, its turns in time order. */
export interface DemoSession {
  readonly sessionId: string
  readonly userId: string
  readonly events: readonly DemoEvent[]
}
