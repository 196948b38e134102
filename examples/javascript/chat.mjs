// A tiny chat in the terminal that tells Turret what its user says. Run: node examples/javascript/chat.mjs
import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { diag, DiagConsoleLogger, DiagLogLevel } from '@opentelemetry/api'
import { init, shutdown, startSession } from '@turret/exporter'

// Failures are told to OpenTelemetry's logger, which is silent by default.
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN)

// Address and key come from TURRET_URL and TURRET_API_KEY; without them, Turret on this machine.
init({ serviceName: 'example-chat' })

/** Stands for the call of a language model. */
function answer(prompt) {
  return `You asked about ${prompt.split(/\s+/).at(-1)}. A real application would know more.`
}

const terminal = createInterface({ input: stdin, output: stdout })
let session = startSession()
console.log('Ask something. An empty line starts a new conversation, Ctrl-D ends.')
terminal.setPrompt('> ')
terminal.prompt()
for await (const line of terminal) {
  const prompt = line.trim()
  if (prompt === '') {
    session = startSession({ userId: session.userId })
    console.log('(a new conversation)')
  } else {
    session.track({ name: 'chat_message', metadata: { prompt, channel: 'terminal' } })
    console.log(answer(prompt))
  }
  terminal.prompt()
}
await shutdown()
