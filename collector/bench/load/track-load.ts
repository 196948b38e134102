/** Single events to `/track` from many clients, over bare sockets: a client library would cost more than the collector. */
import { type Socket, connect } from 'node:net'
import { type Driven, percentile } from './drive.ts'

/** @param text the i-th event's text */
export async function driveTrack(options: { url: string; clients: number; seconds: number; text: (i: number) => string }): Promise<Driven> {
  const { url, clients, seconds, text } = options
  const { hostname, port, host } = new URL(url)
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  const latencies: number[] = []
  let refused = 0
  let sent = 0
  const run = async (): Promise<void> => {
    const socket = connect(Number(port), hostname).setNoDelay(true)
    try {
      while (performance.now() < until) {
        const i = sent++
        const body = JSON.stringify({
          name: 'chat',
          session_id: `s-${i % 5000}`,
          user_id: `u-${i % 700}`,
          metadata: { prompt: text(i), plan: 'pro' },
        })
        const head = `POST /track HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
        const sentAt = performance.now()
        if ((await exchange(socket, head + body)) === 200) latencies.push(performance.now() - sentAt)
        else refused++
      }
    } finally {
      socket.destroy()
    }
  }
  await Promise.all(Array.from({ length: clients }, run))
  const elapsed = (performance.now() - startedAt) / 1000
  latencies.sort((a, b) => a - b)
  return { requests: latencies.length, refused, seconds: elapsed, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) }
}

/** @returns the answer's status, once its body has arrived whole */
function exchange(socket: Socket, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const done = (settle: () => void): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose)
      settle()
    }
    const onData = (chunk: Buffer): void => {
      answer += chunk.toString('latin1')
      const bodyAt = answer.indexOf('\r\n\r\n') + 4
      const length = /content-length: (\d+)/i.exec(answer)
      if (bodyAt < 4 || length === null || answer.length < bodyAt + Number(length[1])) return
      done(() => resolve(Number(answer.slice(9, 12))))
    }
    const onError = (error: Error): void => done(() => reject(error))
    const onClose = (): void => done(() => reject(new Error('the connection was closed')))
    socket.on('data', onData).on('error', onError).on('close', onClose)
    socket.write(request)
  })
}
