/** Losses told in two lines through OpenTelemetry's diag logger: when they begin and, when they are over, how many. */
import { diag } from '@opentelemetry/api'

/** Counts events that could not be delivered; an outage of an hour makes one warning, not thousands. */
export class LossReport {
  readonly #address: string
  #lost = 0

  /** @param tracesUrl where events are sent; only its origin is ever shown, since the rest may hold a secret */
  constructor(tracesUrl: string) {
    this.#address = new URL(tracesUrl).origin
  }

  /** @param reason why: words of ours or of the network, never of an event */
  add(count: number, reason: string): void {
    if (this.#lost === 0) diag.warn(`Turret: cannot deliver events to ${this.#address}: ${reason}. Events are dropped until this is over.`)
    this.#lost += count
  }

  /** Delivery works again, or ends: says how many events were lost since it last did, if any. */
  close(): void {
    if (this.#lost > 0) diag.warn(`Turret: ${this.#lost} events for ${this.#address} were lost.`)
    this.#lost = 0
  }
}
