/** Draws one map and ends: seconds of computation that must not hold up the topics of messages. */
import { parentPort, workerData } from 'node:worker_threads'
import { layOutMap, type MapPlaces, type MapSource } from '../cluster/map.ts'

/** Given to the thread at its start. */
export interface MapThreadData {
  readonly source: MapSource
  readonly before: MapPlaces | undefined
  readonly isNewSpace: boolean
}

const { source, before, isNewSpace } = workerData as MapThreadData
parentPort!.postMessage(layOutMap(source, before, isNewSpace))
