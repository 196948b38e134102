/** The OpenAI SDK with OpenLLMetry; session and user stand on the application's own span. */
const { trace } = require('@opentelemetry/api')
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { OpenAIInstrumentation } = require('@traceloop/instrumentation-openai')

const sdk = new NodeSDK({ instrumentations: [new OpenAIInstrumentation()] })
sdk.start()

const OpenAI = require('openai')
const { converse } = require('./conversation.cjs')

const tracer = trace.getTracer('shop')
const attributes = { 'session.id': process.env.SESSION, 'user.id': process.env.APP_USER }

function inTurn(work) {
  return tracer.startActiveSpan('POST /chat', { attributes }, async (span) => {
    await work()
    span.end()
  })
}

async function main() {
  await converse(new OpenAI(), inTurn)
  await sdk.shutdown()
}

void main()
