/** One number for what makes an event the same event: its project, id and dimension. */

const partEnd = 0x100 // no byte

/** A hash of 64 bits, in two halves that grow side by side: FNV-1a with two multipliers. */
export class EventKey {
  /** Unsigned 32 bits. */
  high = 0x811c9dc5
  low = 0x9e3779b9

  constructor(project: string) {
    for (let i = 0; i < project.length; i++) this.mix(project.charCodeAt(i))
    this.mix(partEnd)
  }

  static of(project: string, eventId: string, dimension: string): EventKey {
    const key = new EventKey(project)
    for (const part of [eventId, dimension]) {
      const bytes = Buffer.from(part)
      key.add(bytes, 0, bytes.length)
    }
    return key.finish()
  }

  add(bytes: Buffer, start: number, end: number): void {
    for (let i = start; i < end; i++) this.mix(bytes[i]!)
    this.mix(partEnd)
  }

  /** Spreads what the last bytes brought over all bits. */
  finish(): this {
    this.high = spread(this.high ^ this.low)
    this.low = spread(this.low ^ this.high)
    return this
  }

  private mix(value: number): void {
    this.high = Math.imul(this.high ^ value, 0x01000193)
    this.low = Math.imul(this.low ^ value, 0x5bd1e995)
  }
}

function spread(value: number): number {
  const half = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (half ^ (half >>> 13)) >>> 0
}
