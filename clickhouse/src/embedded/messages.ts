// What parent and child tell each other over IPC.

/** Sent once, after the fork: secrets travel here and not in arguments or the environment, where others could read them. */
export interface StartMessage {
  readonly type: 'start'
  readonly dataDirectory: string
  /** 0 = any free port. */
  readonly port: number
  readonly password: string
  readonly maxMemoryBytes: number
}

/** Asks the child to finish and exit by itself. */
export interface StopMessage {
  readonly type: 'stop'
}

export type ToChild = StartMessage | StopMessage

/** The server listens. */
export interface ReadyMessage {
  readonly type: 'ready'
  readonly port: number
  readonly version: string
}

/** The engine could not be opened; if `willRetry`, the child tries again by itself until told to stop. */
export interface OpenFailedMessage {
  readonly type: 'openFailed'
  readonly message: string
  readonly willRetry: boolean
}

/** The child is about to end on an error nobody expected. Its message stays unsaid: it could quote a query. */
export interface CrashedMessage {
  readonly type: 'crashed'
  readonly name: string
  /** The call stack without the message. */
  readonly stack: string
}

export type ToParent = ReadyMessage | OpenFailedMessage | CrashedMessage
