/** The OpenAI SDK with OpenTelemetry's own instrumentation: the texts travel in log records. */
const { trace } = require('@opentelemetry/api')
const { logs } = require('@opentelemetry/api-logs')
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai')

const instrumentation = new OpenAIInstrumentation({ captureMessageContent: true })
const sdk = new NodeSDK({ instrumentations: [instrumentation] })
sdk.start()
instrumentation.setLoggerProvider(logs.getLoggerProvider())

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
