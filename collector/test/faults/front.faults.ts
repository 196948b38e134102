import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CollectorProcess, freePort, readUsage, startCollectorProcess, stopCollectorProcess } from '../collector-process.ts'
import { eventually, startTestCollector, storedAt } from '../running-collector.ts'
import { health, nothingWrong, pause, report, say, startLoad, verify } from './load.ts'

const hourMs = 3_600_000

describe('the front', () => {
  let dataDir: string
  let collector: CollectorProcess
  const sockets: Socket[] = []

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'turret-front-'))
    const slow = 'yaml:receivers::otlp::protocols::http::read_timeout: 3s'
    collector = await startCollectorProcess({ dataDir, port: await freePort(), config: [slow] })
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await stopCollectorProcess(collector, 'SIGKILL')
    await rm(dataDir, { recursive: true, force: true })
  })

  it('stops in order on SIGTERM under load, and leaves nothing behind', async () => {
    const load = startLoad({ url: () => collector.url, name: 'term' })
    await pause(2_000)
    const startedAt = performance.now()
    await stopCollectorProcess(collector, 'SIGTERM')
    const stopMs = performance.now() - startedAt
    await load.stop()

    const verdict = await verify(`chdb:${dataDir}`, load.acknowledged)
    say(`stopped in ${Math.round(stopMs)} ms with exit code ${collector.process.exitCode}`)
    report('SIGTERM', load, verdict)
    expect(verdict).toMatchObject(nothingWrong)
    expect(collector.process.exitCode).toBe(0)
    expect(await readdir(join(dataDir, 'spool'))).toEqual([])
  })

  it('serves on while 10,000 connections stay open and say nothing', async () => {
    for (let opened = 0; opened < 10_000; opened += 500) sockets.push(...(await openMany(collector.url, 500)))
    const load = startLoad({ url: () => collector.url, name: 'flood', pauseMs: 5 })
    await pause(3_000)

    expect(await health(collector.url)).toMatchObject({ ok: true, database: 'up' })
    await load.stop()
    await storedAt(collector.url, 120_000)
    const { residentBytes } = readUsage(collector.process.pid!)
    await stopCollectorProcess(collector)
    const verdict = await verify(`chdb:${dataDir}`, load.acknowledged)
    say(`${sockets.length} idle connections; front and engine together hold ${Math.round(residentBytes / 1024 / 1024)} MiB`)
    report('idle connections', load, verdict)
    expect(verdict).toMatchObject(nothingWrong)
    expect([...load.answers.keys()]).toEqual([200])
  })

  it('cuts headers and bodies that trickle, and serves the others meanwhile', async () => {
    const trickling = await openMany(collector.url, 400)
    sockets.push(...trickling)
    trickling.forEach((socket, i) => {
      socket.write(`POST /track HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`)
      if (i % 2 === 0) socket.write('Content-Length: 1000\r\n\r\n{')
    })
    const dripping = setInterval(() => {
      for (const [i, socket] of trickling.entries()) if (socket.writable) socket.write(i % 2 === 0 ? ' ' : 'X-A: b\r\n')
    }, 500)
    const load = startLoad({ url: () => collector.url, name: 'trickle', pauseMs: 5 })
    try {
      const startedAt = performance.now()
      await eventually(async () => expect(trickling.filter(({ destroyed }) => !destroyed)).toHaveLength(0), 90_000)
      await load.stop()
      await storedAt(collector.url, 120_000)
      await stopCollectorProcess(collector)

      const verdict = await verify(`chdb:${dataDir}`, load.acknowledged)
      say(`${trickling.length} trickling connections were cut within ${Math.round((performance.now() - startedAt) / 1000)} s`)
      report('trickling', load, verdict)
      expect(verdict).toMatchObject(nothingWrong)
      expect([...load.answers.keys()]).toEqual([200])
    } finally {
      clearInterval(dripping)
    }
  })
})

describe('a collector that has no time to stop', () => {
  it('leaves in the spool what it could not store, and stores it at the next start', async () => {
    for (const patienceMs of [1, 150, 700]) {
      const dataDir = await mkdtemp(join(tmpdir(), 'turret-stop-'))
      try {
        const first = await startTestCollector({ dataDir })
        const load = startLoad({ url: () => first.url, name: `stop-${patienceMs}` })
        await pause(1_500)
        await first.stop(patienceMs)
        await load.stop()
        const left = (await readdir(join(dataDir, 'spool'))).length
        const second = await startTestCollector({ dataDir })
        await second.stored()
        await second.stop()

        const verdict = await verify(`chdb:${dataDir}`, load.acknowledged)
        report(`stopped within ${patienceMs} ms, ${left} segments left`, load, verdict)
        expect(verdict).toMatchObject(nothingWrong)
      } finally {
        await rm(dataDir, { recursive: true, force: true })
      }
    }
  })
})

describe('the clock', () => {
  it('may jump by hours, forth and back: events are stored once, whatever it says', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'turret-clock-'))
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      let collector = await startTestCollector({ dataDir })
      const load = startLoad({ url: () => collector.url, name: 'clock', pauseMs: 5 })
      for (const jumpMs of [3 * hourMs, -5 * hourMs, 48 * hourMs, -46 * hourMs]) {
        vi.setSystemTime(Date.now() + jumpMs)
        await pause(1_000)
      }
      await load.stop()
      await collector.stop()
      vi.setSystemTime(Date.now() - hourMs)
      collector = await startTestCollector({ dataDir })
      await collector.stored()
      await collector.stop()

      const verdict = await verify(`chdb:${dataDir}`, load.acknowledged)
      report('clock jumps', load, verdict)
      expect(verdict).toMatchObject(nothingWrong)
      expect(load.acknowledged.size).toBeGreaterThan(20)
    } finally {
      vi.useRealTimers()
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})

function openMany(url: string, count: number): Promise<Socket[]> {
  const { hostname, port } = new URL(url)
  return Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(Number(port), hostname, () => resolve(socket))
          socket.on('error', (error) => {
            if (socket.connecting) reject(error)
          })
          socket.resume()
        }),
    ),
  )
}
