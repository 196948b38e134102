/** Addresses of the app's pages. Every link keeps the time range, the level and the filters. */
import type { Journey } from '../api/types.ts'
import { rootPath } from '../constants.ts'
import { readFilters } from './filters.ts'
import { patchParams, type UrlPatch } from './url.ts'

const kept = ['from', 'to', 'level', 'refresh']

/** Parameters that go along from page to page. */
export function carryOver(params: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams()
  for (const name of kept) {
    const value = params.get(name)
    if (value !== null) {
      next.set(name, value)
    }
  }
  for (const { param, value } of readFilters(params)) {
    next.append(param, value)
  }
  return next
}

/** @param page such as `topics` or `sessions/<id>` */
export function linkTo(page: string, params: URLSearchParams, patch: UrlPatch = {}): string {
  const search = patchParams(carryOver(params), patch).toString()
  return `${rootPath}/${page}${search === '' ? '' : `?${search}`}`
}

export function topicLink(id: string, params: URLSearchParams): string {
  return linkTo(`topics/${id}`, params)
}

export function sessionLink(id: string, params: URLSearchParams): string {
  return linkTo(`sessions/${encodeURIComponent(id)}`, params)
}

/** Which sessions a number of the Journeys page stands for: the API's drill-down parameters. `other` as a topic is “Other” of that step. */
export interface DrillDown {
  readonly journey: Journey
  readonly at?: string
  readonly next?: string
  readonly step?: number
  readonly end?: 'drop_off' | 'active'
  readonly path?: readonly string[]
}

/** Parameters that say what the sessions page lists. */
export const drillDownParams = ['journey', 'at', 'next', 'step', 'end', 'path', 'depth', 'top', 'around'] as const
/** Of these the flow's own: what “Other” holds depends on them. */
const flowParams = ['depth', 'top', 'around'] as const

/** The list of exactly those sessions that a journey number stands for. */
export function drillDownLink({ journey, at, next, step, end, path }: DrillDown, params: URLSearchParams): string {
  const flow = journey === 'flow' ? flowParams.map((name) => [name, params.get(name)] as const) : []
  return linkTo('sessions', params, {
    journey,
    at: at ?? null,
    next: next ?? null,
    step: step === undefined ? null : String(step),
    end: end ?? null,
    path: path ?? null,
    ...Object.fromEntries(flow),
  })
}
