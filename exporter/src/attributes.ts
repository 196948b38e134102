/** The attribute names that a Turret track span carries: the contract between this package and the collector. */

/** Present on every track span: the event's name. Its presence is what makes a span a track span. */
export const EVENT_NAME = 'turret.event.name'
/** One attribute for each metadata key: `turret.metadata.<key>`. Value: string, number or boolean. */
export const METADATA_PREFIX = 'turret.metadata.'
/** The session as the caller named it (OpenTelemetry semantic conventions, general/session). */
export const SESSION_ID = 'session.id'
/** The user as the caller named them. */
export const USER_ID = 'user.id'
/** The span that was active when the event was tracked, for jumping from an event to the request's trace. */
export const LINK_TRACE_ID = 'turret.link.trace_id'
export const LINK_SPAN_ID = 'turret.link.span_id'
/** Instrumentation scope of track spans. */
export const SCOPE_NAME = '@turret/exporter'
