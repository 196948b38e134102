/** `connectors.topics`: turns spans and logs into events, and events into topics and journeys. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { count, defaultSection, duration, secret, section } from '../schema.ts'

const baseUrl = z
  .string()
  .refine((text) => text === '' || URL.canParse(text), 'expected a URL such as "http://localhost:11434/v1"')
  .default('')

const onnx = defaultSection({
  dir: z.string().default('').describe('Directory with `model.onnx` and `tokenizer.json`. Needed by the provider `onnx`.'),
  pooling: z
    .enum(['cls', 'mean'])
    .optional()
    .describe('How token vectors become one. Absent: as the imported model says; another one is refused.'),
  max_tokens: count(128, 1).describe('Tokens of a text that the model reads.'),
  batch: count(16, 1).describe('Texts per call of the model.'), // 8–16 measured fastest on CPUs
})

const openaiEmbedding = defaultSection({
  base_url: baseUrl.describe('An OpenAI-compatible server. Empty: OpenAI.'),
  api_key: secret().default('').describe('Its API key.'),
  model: z.string().min(1).default('text-embedding-3-small').describe('Embedding model.'),
  dimensions: count(512, 1).describe('Length of the vectors to ask for.'),
})

const llm = section({
  base_url: baseUrl.describe('An OpenAI-compatible server. Empty: OpenAI.'),
  api_key: secret().default('').describe('Its API key. Without a key and a server, labels are made offline.'),
  model: z.string().min(1).default('gpt-4.1-mini').describe('Chat model that names topics.'),
  monthly_budget_usd: z.number().min(0).default(5).describe('Most US dollars in a calendar month; then labels are made offline.'),
  input_usd_per_million: z.number().min(0).default(0.4).describe('Price of a million tokens that are sent; `0` for a model of your own.'),
  output_usd_per_million: z.number().min(0).default(1.6).describe('Price of a million tokens that come back.'),
  timeout: duration('30s').describe('Longest time for one request.'),
  redact: z.boolean().default(true).describe('Remove personal data from the examples before they are sent.'),
}).transform((config) => (config.apiKey === '' && config.baseUrl === '' ? 'off' : config))

/** Names a kind of spans; what is left out fits every span. */
const spanPattern = section({
  scope: z.string().min(1).optional().describe('Instrumentation scope, such as `openai-router`; `*` stands for any text.'),
  span_name: z.string().min(1).optional().describe('Name of the span.'),
  agent_name: z.string().min(1).optional().describe('Name of the agent, function or workflow.'),
})

const attributeNames = z.array(z.string().min(1)).default([])

const schema = section({
  embedding: defaultSection({
    provider: z
      .enum(['builtin', 'onnx', 'openai'])
      .default('builtin')
      .describe('`builtin`: offline and fast; `onnx`: a model file of yours; `openai`: any OpenAI-compatible server.'),
    onnx,
    openai: openaiEmbedding,
    cache: defaultSection({
      entries: count(50_000).describe('Distinct texts whose vectors stay in memory.'),
    }),
  }),
  labels: defaultSection({
    llm: z
      .union([z.literal('off'), llm])
      .prefault({})
      .describe('A language model that words topic labels, or `off`.'),
  }),
  sessions: defaultSection({
    idle: duration('30m').describe('Silence after which a session counts as ended.'),
    session_attributes: attributeNames.describe('Attributes of yours that name the session. They are looked at before the known ones.'),
    user_attributes: attributeNames.describe('Attributes of yours that name the user. They are looked at before the known ones.'),
  }),
  spans: defaultSection({
    include: z.array(spanPattern).default([]).describe('Only these spans may bring events. Empty: all.'),
    exclude: z
      .array(spanPattern)
      .default([])
      .describe("Spans that bring no events: an application's own prompts, such as title generation. Wins over `include`."),
  }),
  store_content: z
    .boolean()
    .default(true)
    .describe("Keep users' texts. `false` keeps hash, length and topic only, and no raw spans and logs."),
}).superRefine(({ embedding }, context) => {
  if (embedding.provider !== 'onnx' || embedding.onnx.dir !== '') return
  context.addIssue({ code: 'custom', path: ['embedding', 'onnx', 'dir'], message: 'must be set for the provider "onnx"' })
})

export type TopicsConnectorConfig = z.output<typeof schema>

export const topicsConnector: ComponentDefinition<TopicsConnectorConfig> = {
  kind: 'connectors',
  type: 'topics',
  signals: ['traces', 'logs'],
  emits: ['logs'],
  schema,
}
