/** The OpenAI SDK with OpenInference. */
const { context } = require('@opentelemetry/api')
const { setSession, setUser } = require('@arizeai/openinference-core')
const { OpenAIInstrumentation } = require('@arizeai/openinference-instrumentation-openai')
const { NodeSDK } = require('@opentelemetry/sdk-node')

const sdk = new NodeSDK({ instrumentations: [new OpenAIInstrumentation()] })
sdk.start()

const OpenAI = require('openai')
const { converse } = require('./conversation.cjs')

async function main() {
  const inSession = setUser(setSession(context.active(), { sessionId: process.env.SESSION }), { userId: process.env.APP_USER })
  await context.with(inSession, () => converse(new OpenAI()))
  await sdk.shutdown()
}

void main()
