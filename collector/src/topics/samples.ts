/** A few texts of each recent anchor: what labels are worded from, without asking the database. */
import type { TopicMessage } from '../label/labeler.ts'
import type { ArrivedMessage } from './protocol.ts'

const maxAnchors = 20_000 // twice the landmarks a clusterer keeps; about 10 MB
const messagesPerAnchor = 3
export const maxTextLength = 400 // characters

/** The oldest anchors are forgotten first. */
export class Samples {
  private readonly byAnchor = new Map<bigint, ArrivedMessage[]>()

  add(anchorId: bigint, { text, userId, sessionId }: ArrivedMessage): void {
    let messages = this.byAnchor.get(anchorId)
    if (messages === undefined) {
      messages = []
      this.byAnchor.set(anchorId, messages)
      if (this.byAnchor.size > maxAnchors) this.byAnchor.delete(this.byAnchor.keys().next().value!)
    }
    if (messages.length === messagesPerAnchor || messages.some((known) => known.userId === userId)) return
    messages.push({ text: text.slice(0, maxTextLength), userId, sessionId })
  }

  /** @param similarity cosine of the anchor to its topic's middle */
  of(anchorId: bigint, similarity: number): TopicMessage[] {
    return (this.byAnchor.get(anchorId) ?? []).map((message) => ({ ...message, similarity }))
  }

  /** One text of each of the newest anchors. */
  newest(count: number): string[] {
    return [...this.byAnchor.values()].slice(-count).flatMap(([message]) => message?.text ?? [])
  }

  /** Drops texts. @returns how many, and the anchors that lost one */
  forget(isErased: (message: ArrivedMessage) => boolean): { texts: number; anchors: bigint[] } {
    let texts = 0
    const anchors: bigint[] = []
    for (const [anchorId, messages] of this.byAnchor) {
      const kept = messages.filter((message) => !isErased(message))
      if (kept.length === messages.length) continue
      texts += messages.length - kept.length
      anchors.push(anchorId)
      this.byAnchor.set(anchorId, kept)
    }
    return { texts, anchors }
  }

  anchors(): IterableIterator<bigint> {
    return this.byAnchor.keys()
  }

  toJSON(): unknown {
    return [...this.byAnchor].map(([id, messages]) => [
      id.toString(16),
      messages.map(({ text, userId, sessionId }) => [text, userId, sessionId]),
    ])
  }

  static fromJSON(value: unknown): Samples {
    const samples = new Samples()
    for (const [id, messages] of value as [string, [string, string, string][]][]) {
      samples.byAnchor.set(
        BigInt(`0x${id}`),
        messages.map(([text, userId, sessionId]) => ({ text, userId, sessionId })),
      )
    }
    return samples
  }
}
