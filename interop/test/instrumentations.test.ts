/** Applications with real instrumentations, told nothing of Turret but its address, become events and sessions. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, eventually, startTestCollector } from '../../collector/test/running-collector.ts'
import { type FakeOpenAi, answers, startFakeOpenAi } from './fake-openai.ts'
import { installNodePackages, installPython, interop } from './install.ts'
import { hasProgram, run } from './run.ts'

interface App {
  readonly name: string
  readonly file: string
  readonly isPython: boolean
  /** Beside the address; what docs/instrumentations.md tells to set. */
  readonly env?: Readonly<Record<string, string>>
  readonly protocol?: 'grpc'
}

const apps: readonly App[] = [
  { name: 'OpenAI + OpenInference (JS)', file: 'js-openinference.cjs', isPython: false },
  { name: 'OpenAI + OpenLLMetry (JS)', file: 'js-openllmetry.cjs', isPython: false },
  { name: 'OpenAI + OpenTelemetry (JS)', file: 'js-opentelemetry.cjs', isPython: false, env: { OTEL_LOGS_EXPORTER: 'otlp' } },
  { name: 'Vercel AI SDK 6', file: 'js-vercel-ai.mjs', isPython: false },
  { name: 'OpenAI + OpenInference (Python)', file: 'py_openinference.py', isPython: true },
  { name: 'OpenAI + OpenLLMetry (Python, gRPC)', file: 'py_openllmetry.py', isPython: true, protocol: 'grpc' },
  {
    name: 'OpenAI + OpenTelemetry (Python)',
    file: 'py_opentelemetry.py',
    isPython: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' },
  },
  {
    name: 'OpenAI + OpenTelemetry (Python, latest conventions)',
    file: 'py_opentelemetry.py',
    isPython: true,
    env: {
      OTEL_SEMCONV_STABILITY_OPT_IN: 'gen_ai_latest_experimental',
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_AND_EVENT',
    },
  },
]

interface EventRow {
  readonly SessionId: string
  readonly UserId: string
  readonly Text: string
  readonly Answer: string
  readonly Tools: readonly string[]
  readonly Model: string
  readonly InputTokens: number
}

const hasPython = await hasProgram('python3', ['--version'])
const runnable = apps.filter(({ isPython }) => hasPython || !isPython)
const user = 'user-7'

describe('an application that knows only the collector’s address', () => {
  let collector: TestCollector
  let openai: FakeOpenAi
  let python = ''
  const matrix: string[][] = []

  beforeAll(async () => {
    await installNodePackages()
    if (hasPython) python = await installPython()
    collector = await startTestCollector()
    openai = await startFakeOpenAi()
  }, 1_800_000)
  afterAll(async () => {
    printMatrix(matrix)
    await collector.dispose()
    await openai.close()
  })

  it.each(runnable)('$name: events, session, user, and one event for each turn', async ({ name, file, isPython, env, protocol }) => {
    const session = `session of ${name}`
    const endpoint = protocol === 'grpc' ? `http://127.0.0.1:${collector.grpcPort}` : collector.url

    await run(isPython ? python : process.execPath, [join(interop, 'apps', file)], {
      cwd: interop,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_SERVICE_NAME: 'shop',
        OPENAI_BASE_URL: openai.url,
        OPENAI_API_KEY: 'none',
        SESSION: session,
        APP_USER: user,
        ...env,
      },
    })

    await collector.stored()
    const check = async (): Promise<EventRow[]> => {
      const rows = await readEvents(collector, session)
      expect(rows).toMatchObject(expected)
      expect(rows).toHaveLength(expected.length)
      return rows
    }
    const rows = await eventually(check, 10_000).catch(() => readEvents(collector, session))
    const texts = rows.map(({ Text }) => Text)
    const yes = (isSo: boolean): string => (isSo ? 'yes' : 'NO')
    matrix.push([
      name,
      yes(expected.every(({ Text }) => texts.includes(Text))),
      yes(rows.length > 0 && rows.every(({ SessionId }) => SessionId === session)),
      yes(rows.length > 0 && rows.every(({ UserId }) => UserId === user)),
      yes(rows.length === expected.length),
    ])
    await check()
  })

  it('leaves no event under a trace where a session was named', async () => {
    const rows = await collector.db.query(`SELECT Text, TraceId FROM events FINAL WHERE SessionSource = 'trace'`)

    expect(rows).toEqual([])
  })
})

const expected = Object.entries(answers).map(([Text, Answer]) => ({
  Text,
  Answer,
  UserId: user,
  Model: 'gpt-4o-mini-2024-07-18',
  ...(Text.includes('arrive') ? { Tools: ['find_parcel'], InputTokens: 42 } : { InputTokens: 21 }),
}))

function readEvents(collector: TestCollector, session: string): Promise<EventRow[]> {
  const sql = `SELECT SessionId, UserId, Text, Answer, Tools, Model, InputTokens FROM events FINAL
    WHERE SessionId = {session: String} ORDER BY Timestamp`
  return collector.db.query(sql, { params: { session } })
}

function printMatrix(rows: readonly string[][]): void {
  const header = ['instrumentation', 'event found', 'session right', 'user right', 'one event per turn']
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (row: readonly string[]): string => row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')
  process.stdout.write(`\n${[header, ...rows].map(line).join('\n')}\n\n`)
}
