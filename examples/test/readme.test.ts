import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventsAnswer } from '../../collector/src/query/contract/sessions.ts'
import { type TestCollector, eventually, startTestCollector } from '../../collector/test/running-collector.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

describe('the snippets of the README', () => {
  let collector: TestCollector
  let readme: string

  beforeAll(async () => {
    collector = await startTestCollector()
    readme = await readFile(`${root}README.md`, 'utf8')
  })
  afterAll(() => collector.dispose())

  it('cURL sends one event', async () => {
    const script = snippet('sh', '**cURL**').replace('http://127.0.0.1:4318', collector.url)

    const { stdout } = await run('bash', ['-c', script])

    const { session_id } = JSON.parse(stdout) as { session_id: string }
    expect(await textsOf(session_id, 1)).toEqual(['How do I reset my password?'])
  })

  it('Python sends a conversation of two messages', async () => {
    const { stdout } = await run('python3', ['-c', snippet('python', '**Python**')], { env: { ...process.env, TURRET_URL: collector.url } })

    expect(await textsOf(stdout.trim(), 2)).toEqual(['How do I reset my password?', 'The mail never arrives'])
  })

  it('JavaScript sends a conversation of two messages', async () => {
    const file = `${root}readme-snippet.mjs` // where the package resolves as in a project that installed it
    await writeFile(file, snippet('js', '**JavaScript**'))
    try {
      const { stdout } = await run(process.execPath, [file], { env: { ...process.env, TURRET_URL: collector.url } })

      expect(await textsOf(stdout.trim(), 2)).toEqual(['How do I reset my password?', 'The mail never arrives'])
    } finally {
      await rm(file)
    }
  })

  /** The first code block of a language behind a heading. */
  function snippet(language: string, heading: string): string {
    const behind = readme.slice(readme.indexOf(heading))
    const [, code] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(behind) ?? []
    if (code === undefined) throw new Error(`README.md has no ${language} block behind ${heading}`)
    return code
  }

  /** The texts of a session in order, once there are as many as expected. */
  async function textsOf(sessionId: string, expected: number): Promise<string[]> {
    return eventually(async () => {
      const { events } = (await collector.get(`/api/v1/events?session_id=${sessionId}`)).body as EventsAnswer
      expect(events).toHaveLength(expected)
      return events.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1)).map(({ text }) => text)
    })
  }
})
