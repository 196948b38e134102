/** The contract of everything in the collector that has a life. */

/** Made by a factory, started once, stopped once. */
export interface Component {
  /** Resolves when ready to work; rejects to abort the collector's start. */
  start(signal: AbortSignal): Promise<void>
  /** Takes no more, flushes, frees everything. Safe twice and without start; gives up when `signal` aborts. */
  stop(signal: AbortSignal): Promise<void>
}
