/** Which spans may bring turns: keeps out an application's internal prompts (title generation, routers, guardrails). */
import { type Attributes, toText } from '../wire/value.ts'

/** A span fits when all that is given fits; `*` stands for any text. */
export interface SpanPattern {
  /** Name of the instrumentation scope. */
  readonly scope?: string | undefined
  readonly spanName?: string | undefined
  /** `gen_ai.agent.name`, or the function, workflow or trace name that other instrumentations send. */
  readonly agentName?: string | undefined
}

export interface SpanRules {
  /** Empty: every span. */
  readonly include: readonly SpanPattern[]
  readonly exclude: readonly SpanPattern[]
}

/** What the rules look at. */
export interface NamedSpan {
  readonly scope: string
  readonly name: string
  readonly attributes: Attributes
}

const agentAttributes = ['gen_ai.agent.name', 'agent.name', 'ai.telemetry.functionId', 'langfuse.trace.name', 'traceloop.workflow.name']

/** @returns whether a span may bring turns */
export function createSpanFilter({ include, exclude }: SpanRules): (span: NamedSpan) => boolean {
  const included = include.map(toTest)
  const excluded = exclude.map(toTest)
  return (span) => (included.length === 0 || included.some((fits) => fits(span))) && !excluded.some((fits) => fits(span))
}

function toTest({ scope, spanName, agentName }: SpanPattern): (span: NamedSpan) => boolean {
  const [fitsScope, fitsName, fitsAgent] = [scope, spanName, agentName].map(toExpression)
  return (span) =>
    (fitsScope === undefined || fitsScope.test(span.scope)) &&
    (fitsName === undefined || fitsName.test(span.name)) &&
    (fitsAgent === undefined || agentNames(span.attributes).some((name) => fitsAgent.test(name)))
}

function agentNames(attributes: Attributes): string[] {
  return agentAttributes.flatMap((key) => (attributes[key] === undefined ? [] : [toText(attributes[key])]))
}

function toExpression(pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`, 'su')
}
