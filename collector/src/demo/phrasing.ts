/** Turns a template into what a person in a hurry types. */
import type { Random } from './random.ts'
import { slots } from './slots.ts'

const openers = ['hi, ', 'hello, ', 'hey, ', 'Hi there! ', 'good morning, ', 'quick question: ', 'ok so ', 'hey team, ']
const closers = [' please', ' thanks', ', any idea?', ', thank you!', ' asap', ', can you help?', ' ??', ', it is urgent']
const context = [
  '{tried}.',
  'It worked fine before.',
  'We need this today.',
  'I am on {browser}.',
  'This happens {since}.',
  'I have a demo with a customer soon.',
]

/** One natural variant of a template: choices made, slots filled, then the haste of a chat. */
export function toMessage(template: string, random: Random): string {
  let text = fill(template, random)
  if (random.chance(0.1)) text = random.pick(openers) + lowerFirst(text)
  const tail = random.next()
  if (tail < 0.08) text = `${endSentence(text)} ${fill(random.pick(context), random)}`
  else if (tail < 0.16) text = text.replace(/[.?!]+$/u, '') + random.pick(closers)
  if (random.chance(0.4)) text = text.toLowerCase()
  if (random.chance(0.45)) text = text.replace(/[.?!]+$/u, '')
  return random.chance(0.08) ? withTypo(text, random) : text
}

const reproaches = [
  'no, ',
  'that is not what I asked. ',
  'that did not help, ',
  'I mean ',
  'again: ',
  'sorry but ',
  'not really. ',
  'doesnt work. ',
]

/** The same wish after an answer that missed it. */
export function toRephrase(previous: string, template: string, random: Random): string {
  if (random.chance(0.35)) return random.pick(reproaches) + lowerFirst(previous)
  if (random.chance(0.2)) return previous
  return random.pick(['', ...reproaches]) + lowerFirst(fill(template, random))
}

/** Makes the template's choices, innermost first, and fills its slots. */
function fill(template: string, random: Random): string {
  let text = template
  while (/\[[^[\]]*\]/u.test(text)) text = text.replace(/\[([^[\]]*)\]/u, (_match, choices: string) => random.pick(choices.split('|')))
  text = text.replace(/\{(\w+)\}/gu, (_match, slot: string) => random.pick(slots[slot] ?? []))
  const line = text
    .replace(/\s+/gu, ' ')
    .replace(/\s+([?.!,])/gu, '$1')
    .trim()
  return line.charAt(0).toUpperCase() + line.slice(1)
}

function endSentence(text: string): string {
  return /[.?!]$/u.test(text) ? text : `${text}.`
}

function lowerFirst(text: string): string {
  return /^(?:I\b|[A-Z]{2})/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)
}

/** Two letters swapped, or one dropped, inside a longer word. */
function withTypo(text: string, random: Random): string {
  const words = text.split(' ')
  const long = [...words.keys()].filter((index) => /^[a-z]{5,}$/iu.test(words[index]!))
  if (long.length === 0) return text
  const index = random.pick(long)
  const word = words[index]!
  const at = random.integer(1, word.length - 3)
  const swapped = word[at + 1]! + word[at]!
  words[index] = word.slice(0, at) + (random.chance(0.5) ? swapped : word[at]!) + word.slice(at + 2)
  return words.join(' ')
}
