import { describe, expect, it } from 'vitest'
import { assignUntil } from '../../src/topics/assigned.ts'
import type { ArrivedMessage, AssignedMessages } from '../../src/topics/protocol.ts'

const messages: ArrivedMessage[] = Array.from({ length: 1000 }, (_, i) => ({ text: String(i), userId: '', sessionId: '' }))

/** Everything is its own number. */
function assigned(slice: readonly ArrivedMessage[]): AssignedMessages {
  const numbers = slice.map(({ text }) => Number(text))
  const ids = BigUint64Array.from(numbers, BigInt)
  const values = Float32Array.from(numbers)
  return { textHashes: ids, anchorIds: ids, topicIds: ids, similarities: values, outlierScores: values }
}

describe('assignUntil', () => {
  it('hands back all messages in their order when there is time', async () => {
    const all = await assignUntil(Date.now() + 60_000, messages, (slice) => Promise.resolve(assigned(slice)))

    expect(all).toEqual(assigned(messages))
  })

  it('hands back the first ones when there is time for no more', async () => {
    const slow = async (slice: readonly ArrivedMessage[]): Promise<AssignedMessages> => {
      await new Promise((resolve) => setTimeout(resolve, 40))
      return assigned(slice)
    }

    const some = await assignUntil(Date.now() + 50, messages, slow)

    expect(some!.anchorIds.length).toBeGreaterThan(0)
    expect(some).toEqual(assigned(messages.slice(0, some!.anchorIds.length)))
    expect(some!.anchorIds.length).toBeLessThan(messages.length)
    expect(await assignUntil(Date.now() - 1, messages, slow)).toBeUndefined()
  })

  it('keeps what it has when the provider fails at a later slice, and throws at the first', async () => {
    const failing = (slice: readonly ArrivedMessage[]): Promise<AssignedMessages> =>
      slice[0]!.text === '0' ? Promise.resolve(assigned(slice)) : Promise.reject(new Error('away'))

    const some = await assignUntil(Date.now() + 60_000, messages, failing)

    expect(some!.anchorIds.length).toBeLessThan(messages.length)
    await expect(assignUntil(Date.now() + 60_000, messages.slice(1), failing)).rejects.toThrow('away')
  })
})
