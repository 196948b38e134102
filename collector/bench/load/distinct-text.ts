/** Questions that are all different and yet of a few hundred kinds, as users' questions are. */

const acts = [
  'change',
  'cancel',
  'find',
  'export',
  'share',
  'delete',
  'print',
  'translate',
  'compare',
  'pay',
  'return',
  'track',
  'renew',
  'merge',
]
const things = [
  'invoice',
  'password',
  'delivery',
  'plan',
  'report',
  'photo album',
  'calendar',
  'contract',
  'gift card',
  'team',
  'dashboard',
  'song',
]
const ends = ['before Monday', 'on my phone', 'without an account', 'for my colleague', 'in the trial', 'from last year', 'twice', 'abroad']

/** @param i any whole number; another one gives another text */
export function distinctText(i: number): string {
  const act = acts[i % acts.length]!
  const thing = things[Math.floor(i / acts.length) % things.length]!
  const end = ends[Math.floor(i / (acts.length * things.length)) % ends.length]!
  return `How can I ${act} the ${thing} ${end}, number ${i}?`
}
