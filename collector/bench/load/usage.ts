/** CPU and memory of processes, from /proc (Linux). */
import { readFileSync } from 'node:fs'

interface Usage {
  readonly cpuSeconds: number
  readonly residentBytes: number
}

/** One process alone. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / 100 // clock ticks of 10 ms
  return { cpuSeconds, residentBytes: Number(fields[21]) * 4096 }
}

/** Looks at processes while something runs. */
export class UsageWatch {
  private readonly pids: readonly number[]
  private readonly before: readonly number[]
  private readonly timer: NodeJS.Timeout
  private readonly peaks: number[]
  private sumPeak = 0

  constructor(pids: readonly number[]) {
    this.pids = pids
    this.before = pids.map((pid) => usageOf(pid).cpuSeconds)
    this.peaks = pids.map(() => 0)
    this.timer = setInterval(() => this.look(), 200)
  }

  /** CPU seconds since the start and the most memory seen: of each process, and of all at one time. */
  stop(): { cpuSeconds: readonly number[]; peakBytes: readonly number[]; sumPeakBytes: number } {
    clearInterval(this.timer)
    this.look()
    const cpuSeconds = this.pids.map((pid, i) => usageOf(pid).cpuSeconds - this.before[i]!)
    return { cpuSeconds, peakBytes: this.peaks, sumPeakBytes: this.sumPeak }
  }

  private look(): void {
    const resident = this.pids.map((pid) => usageOf(pid).residentBytes)
    for (const [i, bytes] of resident.entries()) this.peaks[i] = Math.max(this.peaks[i]!, bytes)
    this.sumPeak = Math.max(
      this.sumPeak,
      resident.reduce((sum, bytes) => sum + bytes, 0),
    )
  }
}
