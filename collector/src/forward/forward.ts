/** The contract between the receivers and whatever gets a copy of what they accepted. */

/** Takes accepted requests; never waits, never throws: what it cannot take it drops and counts. */
export interface Forward {
  /**
   * @param body ExportTraceServiceRequest in protobuf, as it came
   * @param spans how many it holds
   */
  traces(body: Buffer, spans: number): void
  /**
   * @param body ExportLogsServiceRequest in protobuf, as it came
   * @param records how many it holds
   */
  logs(body: Buffer, records: number): void
}

/** Hands each request to all of `forwards`: each has its own queue, so that none waits for another. */
export function toAll(forwards: readonly Forward[]): Forward | undefined {
  if (forwards.length === 0) return undefined
  return {
    traces: (body, spans) => {
      for (const forward of forwards) forward.traces(body, spans)
    },
    logs: (body, records) => {
      for (const forward of forwards) forward.logs(body, records)
    },
  }
}

/** Only the signals whose pipelines name the exporter. */
export function only(signals: ReadonlySet<string>, forward: Forward): Forward {
  return {
    traces: (body, spans) => {
      if (signals.has('traces')) forward.traces(body, spans)
    },
    logs: (body, records) => {
      if (signals.has('logs')) forward.logs(body, records)
    },
  }
}
