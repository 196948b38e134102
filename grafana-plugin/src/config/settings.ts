/** The app's settings, as Grafana keeps them: one set per organisation. */

export interface AppSettings {
  /** Where Grafana's server reaches the collector, such as `http://localhost:4318`. */
  readonly apiUrl?: string
  /** Where applications reach the collector, when that is another address; shown in the setup examples. */
  readonly ingestUrl?: string
  /** Uid of a Tempo (or other trace) data source: turns a session's trace id into a link. */
  readonly tracesUid?: string
}

/** The collector's default address. */
export const defaultApiUrl = 'http://localhost:4318'
