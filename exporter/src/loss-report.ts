/** Losses, told through OpenTelemetry's diag logger: an outage of an hour makes a few lines, not thousands. */
import { diag } from '@opentelemetry/api'

const quietMs = 60_000 // between two reports

/** Counts events that could not be delivered: the first are reported at once, later ones together, once a minute. */
export class LossReport {
  readonly #address: string
  readonly #nowMs: () => number
  #lost = 0
  #reason = ''
  #lastToldMs = Number.NEGATIVE_INFINITY

  /** @param tracesUrl where events are sent; only its origin is ever shown, since the rest may hold a secret */
  constructor(tracesUrl: string, nowMs: () => number = Date.now) {
    this.#address = new URL(tracesUrl).origin
    this.#nowMs = nowMs
  }

  /** @param reason why: words of ours or of the network, never of an event */
  add(count: number, reason: string): void {
    this.#lost += count
    this.#reason = reason
    this.tellIfDue()
  }

  /** Reports what was lost since the last report, unless that was less than a minute ago. */
  tellIfDue(): void {
    if (this.#nowMs() - this.#lastToldMs >= quietMs) this.tell()
  }

  /** Reports what was lost since the last report, if anything was. */
  tell(): void {
    if (this.#lost === 0) return
    diag.warn(`Turret: ${this.#lost} events for ${this.#address} were lost: ${this.#reason}`)
    this.#lost = 0
    this.#lastToldMs = this.#nowMs()
  }
}
