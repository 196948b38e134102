/** For an application that has OpenTelemetry already: a span processor that copies its AI spans to Turret. */
import { diag } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { Delivery } from './delivery.ts'
import { describeValue } from './describe-value.ts'
import { isGenAiSpan } from './genai-span.ts'
import { type DeliveryOptions, resolveDelivery } from './options.ts'

export interface TurretSpanProcessorOptions extends DeliveryOptions {
  /** Which spans to copy, among those sampled. Default: `isGenAiSpan`. */
  include?: ((span: ReadableSpan) => boolean) | undefined
}

/** Copies finished AI spans to Turret, beside whatever else the application does with them. Works with SDK 2.x and 3.x. */
export class TurretSpanProcessor implements SpanProcessor {
  readonly #delivery: Delivery
  readonly #include: (span: ReadableSpan) => boolean
  #hasWarned = false

  /** @throws TypeError naming every wrong option, what came and what is allowed */
  constructor(options: TurretSpanProcessorOptions = {}) {
    const settings = resolveDelivery('TurretSpanProcessor', options, ['include'])
    const { include = isGenAiSpan } = options
    if (typeof include !== 'function')
      throw new TypeError(`TurretSpanProcessor: include: expected a function, got ${describeValue(include)}`)
    this.#include = include
    this.#delivery = new Delivery(settings)
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    try {
      if (this.#include(span)) this.#delivery.onEnd(span)
    } catch {
      if (!this.#hasWarned) diag.warn('Turret: the span processor threw, perhaps in `include`; such spans are not copied.')
      this.#hasWarned = true
    }
  }

  forceFlush(): Promise<void> {
    return this.#delivery.forceFlush()
  }

  shutdown(): Promise<void> {
    return this.#delivery.shutdown()
  }
}
