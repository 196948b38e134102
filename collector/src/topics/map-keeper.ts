/** Keeps a project's map up to date: after a publication, now and then, in a thread that lives for one drawing. */
import { Worker } from 'node:worker_threads'
import type { ClickHouse } from '@turret/clickhouse'
import { type MapPlaces, type MapSource, unmappedShare } from '../cluster/map.ts'
import { readMap, writeMap } from './map-store.ts'
import type { MapThreadData } from './map-thread.ts'

/** What a map is drawn of now. */
export interface MapDue {
  readonly spaceId: string
  readonly source: MapSource
}

export interface MapKeeperOptions {
  readonly project: string
  readonly db: ClickHouse
  /** undefined while there are no topics to show. */
  readonly due: () => Promise<MapDue | undefined>
  readonly onError: (error: unknown) => void
  readonly signal: AbortSignal
  readonly intervalMs?: number
}

const defaultIntervalMs = 60_000
const stillShare = 0.02 // of the landmarks: fewer new ones do not change the picture

/** Draws at most once per interval. */
export class MapKeeper {
  private readonly options: MapKeeperOptions
  private nextAt = 0
  private timer: NodeJS.Timeout | undefined
  private drawing: Promise<void> = Promise.resolve()

  constructor(options: MapKeeperOptions) {
    this.options = options
    options.signal.addEventListener('abort', () => clearTimeout(this.timer), { once: true })
  }

  /** Draws the map as soon as the interval allows, if its landmarks have changed. */
  refresh(): void {
    const { signal, onError } = this.options
    if (this.timer !== undefined || signal.aborted) return
    this.timer = setTimeout(
      () => {
        this.timer = undefined
        this.drawing = this.drawing.then(() => this.draw()).catch(onError)
      },
      Math.max(0, this.nextAt - Date.now()),
    ).unref()
  }

  /** Resolves when no drawing is under way. */
  settled(): Promise<void> {
    return this.drawing
  }

  private async draw(): Promise<void> {
    const { db, project, due, signal, intervalMs = defaultIntervalMs } = this.options
    const now = await due()
    if (now === undefined || signal.aborted) return
    this.nextAt = Date.now() + intervalMs
    const { spaceId, source } = now
    const stored = await readMap(db, project) // by whichever collector
    const before = stored?.places
    const isNewSpace = stored !== undefined && stored.spaceId !== spaceId
    if (before !== undefined && !isNewSpace && unmappedShare(source.anchorIds, before) < stillShare) return
    const places = await drawInThread({ source, before, isNewSpace }, signal)
    if (places !== undefined) await writeMap(db, project, { spaceId, places }, Date.now())
  }
}

// Node 20 cannot run TypeScript, so from the sources the compiled thread is started.
const threadModule = new URL(import.meta.url.endsWith('.ts') ? '../../dist/topics/map-thread.js' : './map-thread.js', import.meta.url)

/** undefined when `signal` aborts. @throws what the thread failed with */
async function drawInThread(workerData: MapThreadData, signal: AbortSignal): Promise<MapPlaces | undefined> {
  const { source } = workerData
  const { graph } = source
  const transferList = [source.rows, graph.offsets, graph.targets, graph.weights, graph.nodeWeights].map(
    ({ buffer }) => buffer as ArrayBuffer,
  )
  const thread = new Worker(threadModule, { workerData, transferList, name: 'map', execArgv: [] })
  const end = (): void => void thread.terminate()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<MapPlaces | undefined>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.once('exit', (code) => (signal.aborted ? resolve(undefined) : reject(new Error(`the map thread ended with ${code}`))))
    })
  } finally {
    signal.removeEventListener('abort', end)
  }
}
