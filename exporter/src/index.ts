/** `@turret/exporter`: sends what the users of an AI application say to Turret. */
export { flush, init, shutdown, startSession, track } from './default-turret.ts'
export { isGenAiSpan } from './genai-span.ts'
export { type DeliveryOptions, defaultDeliveryOptions } from './options.ts'
export { sessionToTraceId } from './session-id.ts'
export { TurretSpanProcessor, type TurretSpanProcessorOptions } from './span-processor.ts'
export type { TrackEvent } from './track-event.ts'
export { createTurret, type Session, type TrackedEvent, type Turret, type TurretOptions } from './turret.ts'
