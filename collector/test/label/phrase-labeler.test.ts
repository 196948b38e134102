import { describe, expect, it } from 'vitest'
import type { Label, TopicSample } from '../../src/label/labeler.ts'
import { createPhraseLabeler } from '../../src/label/phrase-labeler.ts'
import { hasShared } from '../shared-data.ts'
import { describeLabeler, labelAll } from './contract.ts'
import { appendedAttack, copiedAttack, demoTopics, poisoned, repeatedAttack, topicOf } from './demo-topics.ts'
import { goldTopics, scoreLabels } from './gold-topics.ts'

describeLabeler('the phrase labeler', createPhraseLabeler)

function label(...topics: TopicSample[]): Promise<Map<string, Label>> {
  return labelAll(createPhraseLabeler(), topics)
}

/** Labels before and after, where they differ. */
function changes(topics: readonly TopicSample[], before: ReadonlyMap<string, Label>, after: ReadonlyMap<string, Label>): string[][] {
  return topics.map(({ id }) => [before.get(id)!.label, after.get(id)!.label]).filter(([old, now]) => old !== now)
}

const invoices = topicOf('invoices', [
  'where is my invoice',
  'send the invoice again',
  'invoice for May',
  'I need an invoice',
  'invoice copy please',
])
const crashes = topicOf('crashes', [
  'the app crashes',
  'app crashes on start',
  'why does the app crash',
  'crash of the app',
  'your app crashed',
])

describe('the phrase labeler', () => {
  it.each(['banking77', 'clinc150', 'sgd-intent-turns'])('names the true intent of nearly nine topics in ten: %s', async (set) => {
    const path = `datasets/${set}.jsonl.gz`
    if (!hasShared(path)) return
    const labels = await label(...goldTopics(path))

    expect(scoreLabels(labels, 5).anyHit).toBeGreaterThanOrEqual(0.88)
  })

  it.each([
    ['copied', copiedAttack],
    ['repeated', repeatedAttack],
  ])('gives the same labels with a tenth of attacks, %s, as without', async (_name, poison) => {
    const topics = demoTopics()

    const clean = await label(...topics)
    const attacked = await label(...poisoned(topics, poison, 0.1))

    expect(changes(topics, clean, attacked)).toEqual([])
  })

  it('keeps every label that a topic has when a tenth of new messages carry an attack', async () => {
    const clean = await label(...demoTopics())
    const labelled = demoTopics().map((topic) => ({ ...topic, previous: { ...clean.get(topic.id)!, size: topic.size } }))

    const attacked = await label(...poisoned(labelled, appendedAttack, 0.1))

    expect(changes(labelled, clean, attacked)).toEqual([])
  })

  it('puts the words in the order and form in which people use them most', async () => {
    const topic = topicOf('reset', [
      'reset my password',
      'how do I reset the password',
      'Reset password please',
      'password is lost, reset password',
      'I want to reset passwords',
    ])

    expect((await label(topic, invoices, crashes)).get('reset')!.label).toBe('Reset password')
  })

  it('keeps the "not" that turns a phrase around', async () => {
    const topic = topicOf('broken', ['card not working', 'my card is not working', 'the card does not work', 'card not working abroad'])

    expect((await label(topic, invoices, crashes)).get('broken')!.label.toLowerCase()).toContain('not working')
  })

  it('says "top up", not "top"', async () => {
    const topic = topicOf('top-up', ['how do I top up', 'top up my account', 'top up failed', 'why can I not top up', 'top up with a card'])

    expect((await label(topic, invoices, crashes)).get('top-up')!.label).toContain('Top up')
  })

  it('writes abbreviations in capitals, however they were typed', async () => {
    const topic = topicOf('api', ['api key gone', 'new api key', 'my api key', 'rotate the api key', 'api key please'])

    expect((await label(topic, invoices, crashes)).get('api')!.label).toMatch(/API key/u)
  })

  it('says more than one word where a part of the people do', async () => {
    const others = ['bot', 'machine', 'chat', 'hotline', 'agent'].flatMap((word) => [
      `a person, not the ${word}`,
      `${word} or person`,
      `is the ${word} a person`,
      `why a ${word}, where is the person`,
    ])
    const topic = topicOf('person', [...others, 'give me a real person', 'can a real person look at that', 'real person please'])

    expect((await label(topic, invoices, crashes)).get('person')!.label).toBe('Real person')
  })

  it('does not use words that fewer than three people used', async () => {
    const loud = Array.from({ length: 30 }, (_, i) => ({
      text: 'unicorn invoice',
      userId: `loud-${i % 2}`,
      sessionId: `s${i}`,
      similarity: 1,
    }))
    const topic = { ...invoices, messages: [...loud, ...invoices.messages] }

    const { label: text, keyphrases } = (await label(topic, crashes)).get('invoices')!

    expect([text, ...keyphrases].join(' ')).not.toMatch(/unicorn/iu)
  })

  it('does not use names that a part of the people mention', async () => {
    const topic = topicOf('flights', [
      'flight to Springfield',
      'a flight from Springfield',
      'flights near Springfield',
      ...Array.from({ length: 15 }, (_, i) => `when does flight number ${i} leave`),
    ])

    const { label: text, keyphrases } = (await label(topic, invoices)).get('flights')!

    expect([text, ...keyphrases].join(' ')).not.toMatch(/springfield/iu)
  })

  it('uses the name of a product that the topic is about', async () => {
    const topic = topicOf('pay', [
      'add Fernpay',
      'does Fernpay work',
      'set up Fernpay on the watch',
      'remove Fernpay',
      'why is Fernpay off',
    ])

    expect((await label(topic, invoices, crashes)).get('pay')!.label).toContain('Fernpay')
  })

  it('labels a topic of small words by them', async () => {
    const topic = topicOf('yes', ['yes', 'yes please', 'yes yes', 'ok yes', 'yes sure'])

    expect((await label(topic, invoices, crashes)).get('yes')!.label).toMatch(/^Yes/u)
  })

  it('tells two topics with the same best phrase apart by their next phrase', async () => {
    const late = topicOf('late', ['refund late', 'my refund is late', 'why is the refund late', 'late refund again', 'refund so late'])
    const lateTwin = { ...late, id: 'late-twin', size: 2 }

    const labels = await label(late, lateTwin, invoices)

    expect(labels.get('late-twin')!.label).not.toBe(labels.get('late')!.label)
    expect(labels.get('late-twin')!.label).toMatch(new RegExp(`^${labels.get('late')!.label}`, 'u'))
  })

  it('describes a topic by its shortest central message about the label', async () => {
    const topic = topicOf('export', [
      'xx yy zz',
      'export data to excel now',
      'how do I export data please',
      'export data',
      'can I export data',
      'export data twice',
    ])

    expect((await label(topic, invoices)).get('export')!.description).toBe('can I export data')
  })

  it.each([
    [
      'German',
      ['Wie kann ich mein Passwort zurücksetzen', 'Passwort vergessen', 'Ich habe mein Passwort vergessen', 'neues Passwort bitte'],
      /Passwort/u,
    ],
    [
      'French',
      ['mot de passe oublié', "j'ai oublié mon mot de passe", 'changer le mot de passe', 'le mot de passe ne marche pas'],
      /mot|passe/iu,
    ],
    ['Russian', ['забыл пароль', 'не помню пароль', 'как сменить пароль', 'пароль не подходит'], /пароль/iu],
    ['Japanese', ['パスワードを忘れました', 'パスワードの変更', '新しいパスワード', 'パスワードが違います'], /パスワード/u],
    ['Chinese', ['忘记密码', '怎么修改密码', '密码不对', '我的密码是什么'], /密码/u],
    ['Thai', ['ลืมรหัสผ่าน', 'เปลี่ยนรหัสผ่าน', 'รหัสผ่านไม่ถูกต้อง', 'ขอรหัสผ่านใหม่'], /รหัส/u],
    ['Arabic', ['نسيت كلمة المرور', 'تغيير كلمة المرور', 'كلمة المرور خاطئة', 'أين كلمة المرور'], /كلمة|المرور/u],
  ])('finds the subject of messages in %s', async (language, texts, subject) => {
    const labels = await label(topicOf(language, texts), invoices, crashes)

    expect(labels.get(language)!.label).toMatch(subject)
  })
})
