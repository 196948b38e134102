// The child process: opens the engine, serves it over HTTP, and ends when its parent says so or is gone.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadChdb } from './chdb.ts'
import { Engine } from './engine.ts'
import { createHttpServer } from './http-server.ts'
import type { StartMessage, ToChild, ToParent } from './messages.ts'

const lockRetryMs = 250
const lockPatienceMs = 10_000 // a predecessor that was killed lets go of the directory's lock within a second or two
const stopDeadlineMs = 8000 // then the process ends anyway: acknowledged data is on disk

let finish: () => Promise<void> = async () => {}
let isEnding = false

// Ctrl-C in a terminal reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('disconnect', () => void end())
process.on('uncaughtException', crash)
process.on('message', (message: ToChild) => {
  if (message.type === 'stop') void end()
  else start(message).catch((error: unknown) => fail(error))
})

async function start({ dataDirectory, port, password, maxMemoryBytes }: StartMessage): Promise<void> {
  const temporaryDirectory = join(dataDirectory, 'tmp')
  const engine = await openEngine({ directory: join(dataDirectory, 'clickhouse'), temporaryDirectory, maxMemoryBytes })
  const server = createHttpServer({ engine, password, dataDirectory, temporaryDirectory })
  finish = async () => {
    server.close()
    await engine.close()
    server.closeAllConnections()
  }
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  tell({ type: 'ready', port: (server.address() as AddressInfo).port, version: engine.version })
}

async function openEngine(options: ConstructorParameters<typeof Engine>[1]): Promise<Engine> {
  const chdb = await loadChdb()
  const deadline = Date.now() + lockPatienceMs
  for (;;) {
    try {
      return new Engine(chdb, options)
    } catch (error) {
      // Why it failed is on stderr, where the parent reads it and ends this process unless it is the lock.
      if (Date.now() > deadline) throw error
      tell({ type: 'openFailed', message: String(error), willRetry: true })
      await sleep(lockRetryMs)
    }
  }
}

/** Stops accepting, cancels what runs, closes the engine, exits. */
async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  setTimeout(() => process.exit(1), stopDeadlineMs).unref()
  await finish()
  process.exit(0)
}

function fail(error: unknown): void {
  tell({ type: 'openFailed', message: error instanceof Error ? error.message : String(error), willRetry: false })
  void end()
}

function crash(error: Error): void {
  const stack = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  const message: ToParent = { type: 'crashed', name: error.name, stack: stack.join('\n') }
  if (process.connected) process.send!(message, () => process.exit(1))
  else process.exit(1)
}

function tell(message: ToParent): void {
  if (process.connected) process.send!(message)
}
