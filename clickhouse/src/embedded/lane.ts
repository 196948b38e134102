// A lane lets a fixed number of queries run at once and a bounded number wait, first come first served.

import { EngineError, errorCodes } from './engine-error.ts'

export class Lane {
  readonly #width: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** @param width how many may run at once, from 1; @param maxWaiting how many may wait for a turn before the next is refused. */
  constructor(width: number, maxWaiting: number) {
    this.#width = width
    this.#maxWaiting = maxWaiting
  }

  /**
   * Waits for a turn.
   * @returns the function that gives the turn back; safe to call twice.
   * @throws EngineError 202 when too many wait already, 394 when `signal` aborts first
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw cancelled()
    if (this.#running < this.#width) this.#running += 1
    else await this.#wait(signal)
    let left = false
    return () => {
      if (left) return
      left = true
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new EngineError(errorCodes.tooManyQueries, `Too many simultaneous queries: ${this.#waiting.length} wait for their turn already`)
    }
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1)
        reject(cancelled())
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiting.push(turn)
    })
  }
}

function cancelled(): EngineError {
  return new EngineError(errorCodes.queryCancelled, 'Query was cancelled before it started')
}
