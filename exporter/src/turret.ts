/** The client: `track()` makes a span in the session's own trace and hands it to the delivery. */
import { randomUUID } from 'node:crypto'
import { type Attributes, ROOT_CONTEXT, type SpanContext, isSpanContextValid, trace } from '@opentelemetry/api'
import { defaultResource, detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { LINK_SPAN_ID, LINK_TRACE_ID, SCOPE_NAME } from './attributes.ts'
import { Delivery } from './delivery.ts'
import { describeValue } from './describe-value.ts'
import { createEventClock } from './event-clock.ts'
import { type DeliveryOptions, resolveDelivery } from './options.ts'
import { SessionIdGenerator } from './session-id-generator.ts'
import { sessionToTraceId } from './session-id.ts'
import { idFaults, parseTrackEvent, type TrackEvent } from './track-event.ts'
import { version } from './version.ts'

export interface TurretOptions extends DeliveryOptions {
  /** The application's name, `service.name`. Default: OTEL_SERVICE_NAME, else what OpenTelemetry makes up. */
  serviceName?: string | undefined
}

/** The ids of a tracked event: as given, or new UUIDs. Keep the first two for the conversation's next event. */
export interface TrackedEvent {
  sessionId: string
  userId: string
  /** 16 hex digits: the span id. */
  eventId: string
}

/** One conversation of one user. */
export interface Session {
  readonly sessionId: string
  readonly userId: string
  /** Tracks an event of this session. @throws TypeError as `Turret.track` */
  track(event: Pick<TrackEvent, 'name' | 'metadata'>): TrackedEvent
}

export interface Turret {
  /** Takes an event, to be sent in the background. @throws TypeError naming every wrong field, what came and what is allowed */
  track(event: TrackEvent): TrackedEvent
  /** Begins a conversation: a new session id, and a user id unless one is given. @throws TypeError if `userId` is no string or too long */
  startSession(options?: { userId?: string | undefined }): Session
  /** Resolves when every event tracked so far is sent, or given up and reported. Never rejects. */
  flush(): Promise<void>
  /** Flushes, then takes no more events. Safe to call twice; never rejects. */
  shutdown(): Promise<void>
}

const spanLimits = {
  attributeCountLimit: 128 + 5, // metadata keys, and name, session, user and the two of the link
  attributeValueLengthLimit: 32_768, // characters; well below the 128 KiB of UTF-8 that the server takes
}

/**
 * Makes a client with its own tracer provider: the application's sampler, processors and limits don't touch its events.
 * @throws TypeError naming every wrong option, what came and what is allowed
 */
export function createTurret(options: TurretOptions = {}): Turret {
  const settings = resolveDelivery('Turret options', options, ['serviceName'])
  const resource = createResource(options.serviceName)
  const delivery = new Delivery(settings)
  const idGenerator = new SessionIdGenerator()
  const nextTime = createEventClock()
  const provider = new TracerProvider({
    resource,
    sampler: new AlwaysOnSampler(),
    idGenerator,
    spanLimits,
    spanProcessors: [delivery],
  })
  const tracer = provider.getTracer(SCOPE_NAME, version)

  function track(event: TrackEvent): TrackedEvent {
    const { name, sessionId, userId, attributes } = parseTrackEvent(event)
    const active = trace.getActiveSpan()?.spanContext()
    const origin = active && isSpanContextValid(active) ? active : undefined
    const startTime = nextTime()
    const spanOptions = {
      startTime,
      links: origin ? [{ context: origin }] : [],
      attributes: { ...linkAttributes(origin), ...attributes },
    }
    // A root of its own, linked to the active span: the application's traces stay as they are. ROOT_CONTEXT also escapes suppressed tracing.
    const span = idGenerator.withTraceId(sessionToTraceId(sessionId), () => tracer.startSpan(name, spanOptions, ROOT_CONTEXT))
    span.end(startTime)
    return { sessionId, userId, eventId: span.spanContext().spanId }
  }

  return {
    track,
    startSession({ userId } = {}) {
      const faults = idFaults('userId', userId)
      if (faults.length > 0) throw new TypeError(`startSession: ${faults.join('; ')}`)
      const ids = { sessionId: randomUUID(), userId: userId || randomUUID() }
      return { ...ids, track: (event) => track({ ...event, ...ids }) }
    },
    flush: () => delivery.forceFlush(),
    shutdown: () => delivery.shutdown(),
  }
}

function linkAttributes(origin: SpanContext | undefined): Attributes {
  return origin ? { [LINK_TRACE_ID]: origin.traceId, [LINK_SPAN_ID]: origin.spanId } : {}
}

function createResource(serviceName: unknown): Resource {
  const resource = defaultResource().merge(detectResources({ detectors: [envDetector] }))
  if (serviceName === undefined) return resource
  if (typeof serviceName !== 'string' || serviceName === '') {
    throw new TypeError(`Turret options: serviceName: expected a non-empty string, got ${describeValue(serviceName)}`)
  }
  return resource.merge(resourceFromAttributes({ 'service.name': serviceName }))
}
