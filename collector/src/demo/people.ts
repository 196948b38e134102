/** The demo's users: who they are decides what they ask. */
import type { Random } from './random.ts'
import type { DemoMetadata, Intent, Plan, Platform } from './types.ts'

/** One user of Fernboard. */
export interface Person {
  readonly userId: string
  readonly plan: Plan
  readonly language: DemoMetadata['language']
  readonly accountId: string
  readonly seats: number
  /** How often they write, relative to others. */
  readonly activity: number
  readonly platforms: readonly (readonly [Platform, number])[]
}

const plans: readonly (readonly [Plan, number])[] = [
  ['free', 55],
  ['team', 33],
  ['enterprise', 12],
]
const languages: readonly (readonly [DemoMetadata['language'], number])[] = [
  ['en', 74],
  ['de', 11],
  ['fr', 8],
  ['es', 7],
]
const platformsOf: Readonly<Record<Plan, readonly (readonly [Platform, number])[]>> = {
  free: [
    ['web', 40],
    ['ios', 32],
    ['android', 28],
  ],
  team: [
    ['web', 62],
    ['ios', 22],
    ['android', 16],
  ],
  enterprise: [
    ['web', 80],
    ['ios', 13],
    ['android', 7],
  ],
}
const seatsOf: Readonly<Record<Plan, readonly [from: number, to: number]>> = { free: [1, 3], team: [3, 40], enterprise: [50, 900] }
const versionsOf: Readonly<Record<Platform, readonly (readonly [string, number])[]>> = {
  web: [['6.0.0', 1]],
  ios: [
    ['5.9.2', 6],
    ['5.9.1', 2],
    ['5.8.0', 1],
  ],
  android: [
    ['5.9.2', 4],
    ['5.9.0', 3],
    ['5.7.3', 2],
  ],
}

/** Makes users; the web version of everybody is the one of the day. */
export function createPeople(count: number, random: Random): Person[] {
  return Array.from({ length: count }, (_, index) => {
    const plan = random.weighted(plans)
    return {
      userId: `user_${String(index + 1).padStart(5, '0')}`,
      plan,
      language: random.weighted(languages),
      accountId: `acc_${random.hex(12)}`,
      seats: random.integer(...seatsOf[plan]),
      activity: Math.min(12, random.logNormal(1, 0.8)),
      platforms: platformsOf[plan],
    }
  })
}

export function pickPlatform(person: Person, random: Random): Platform {
  return random.weighted(person.platforms)
}

export function pickVersion(platform: Platform, random: Random): string {
  return random.weighted(versionsOf[platform])
}

/** How much more or less than others this person asks for an intent on this platform. */
export function affinity(intent: Intent, { plan }: Person, platform: Platform): number {
  return (intent.plans?.[plan] ?? 1) * (intent.platforms?.[platform] ?? 1)
}
