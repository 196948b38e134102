/** Which spans come from an AI call. */
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** How the attributes of AI instrumentations begin. */
const genAiPrefixes = [
  'gen_ai.', // OpenTelemetry's conventions: official instrumentations, OpenLLMetry, PydanticAI, Logfire, AI SDK 7
  'openinference.', // OpenInference (Phoenix, Arize): `openinference.span.kind`
  'llm.', // OpenInference's messages, older OpenLLMetry
  'ai.', // Vercel AI SDK up to 6
  'traceloop.', // OpenLLMetry's workflows and tasks
  'langfuse.',
  'mlflow.',
] as const

/** Does this span carry an attribute of a known AI instrumentation? Cost: one look at each attribute's name. */
export function isGenAiSpan(span: Pick<ReadableSpan, 'attributes'>): boolean {
  for (const key in span.attributes) {
    if (genAiPrefixes.some((prefix) => key.startsWith(prefix))) return true
  }
  return false
}
