import { describe, expect, it } from 'vitest'
import { loadChdb } from '../src/embedded/chdb.ts'
import { EngineError, errorCodes, toEngineError } from '../src/embedded/engine-error.ts'
import { Lane } from '../src/embedded/lane.ts'
import { toPreambleSql } from '../src/embedded/preamble.ts'

const never = new AbortController().signal

describe('Lane', () => {
  it('lets in as many as it is wide, and the next when one leaves', async () => {
    const lane = new Lane(2, 10)
    const order: number[] = []
    const leaveFirst = await lane.enter(never)
    await lane.enter(never)
    const waiting = [1, 2].map(async (n) => {
      const leave = await lane.enter(never)
      order.push(n)
      return leave
    })

    leaveFirst()
    leaveFirst() // a second time gives nothing more
    const leave = await waiting[0]
    await Promise.resolve()
    expect(order).toEqual([1])
    leave?.()
    await waiting[1]

    expect(order).toEqual([1, 2])
  })

  it('refuses when too many wait, and forgets one that gives up', async () => {
    const lane = new Lane(1, 1)
    const leave = await lane.enter(never)
    const aborter = new AbortController()
    const patient = lane.enter(aborter.signal)

    await expect(lane.enter(never)).rejects.toMatchObject({ code: 202 })
    aborter.abort()
    await expect(patient).rejects.toMatchObject({ code: 394 })
    const next = lane.enter(never)
    leave()

    expect(typeof (await next)).toBe('function')
  })
})

describe('toEngineError', () => {
  it("reads the engine's own text back", () => {
    const error = toEngineError(new Error("Code: 60. DB::Exception: Unknown table (or not) 't'. (UNKNOWN_TABLE)"))

    expect(error).toMatchObject({ code: 60, type: 'UNKNOWN_TABLE', status: 404 })
    expect(error.message).toBe("Code: 60. DB::Exception: Unknown table (or not) 't'. (UNKNOWN_TABLE)")
  })

  it('gives any other error a code of its own and status 500', () => {
    expect(toEngineError(new TypeError('x'))).toMatchObject({ code: 1002, status: 500 })
    expect(toEngineError(new EngineError(errorCodes.tooManyQueries, 'x'))).toMatchObject({ code: 202, status: 500 })
  })
})

describe('toPreambleSql', () => {
  it('quotes values, names the database and sets readonly last', () => {
    const sql = toPreambleSql({ settings: { readonly: '1', max_threads: "1'; DROP" }, parameters: { a: '\n\n\\' }, database: 'a`b\\' })

    expect(sql).toBe("USE `a\\`b\\\\`; SET max_threads = '1\\'; DROP', param_a = '\\n\\n\\\\', readonly = '1'")
  })
})

describe('loadChdb', () => {
  it('says what to do where chdb is not installed', async () => {
    const missing = loadChdb(() => Promise.reject(new Error("Cannot find package 'chdb'")))

    await expect(missing).rejects.toThrow(/Linux with glibc and on macOS\. Set TURRET_CLICKHOUSE_URL to a ClickHouse server/)
  })
})
