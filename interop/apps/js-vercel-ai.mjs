/** The Vercel AI SDK 6 with its own telemetry. */
import { NodeSDK } from '@opentelemetry/sdk-node'
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, stepCountIs, tool } from 'ai'
import { z } from 'zod'
import conversation from './conversation.cjs'

const sdk = new NodeSDK()
sdk.start()

const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL })
const tools = {
  find_parcel: tool({ description: 'Tells where a parcel is', inputSchema: z.object({}), execute: async () => 'It will arrive tomorrow.' }),
}
const messages = []
for (const question of conversation.questions) {
  messages.push({ role: 'user', content: question })
  const { response } = await generateText({
    model: openai.chat('gpt-4o-mini'),
    system: 'You are a support bot.',
    messages,
    tools,
    stopWhen: stepCountIs(4),
    experimental_telemetry: {
      isEnabled: true,
      functionId: 'support-chat',
      metadata: { sessionId: process.env.SESSION, userId: process.env.APP_USER },
    },
  })
  messages.push(...response.messages)
}
await sdk.shutdown()
