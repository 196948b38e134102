/** Addresses of the app's pages. Every link keeps the time range, the level and the filters. */
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

/** Which sessions a number of the Journeys page stands for: the API's drill-down parameters. */
export interface DrillDown {
  readonly journey: string
  readonly at?: string
  readonly next?: string
  readonly step?: number
}

/** The list of exactly those sessions that a journey number stands for. */
export function drillDownLink({ journey, at, next, step }: DrillDown, params: URLSearchParams): string {
  return linkTo('sessions', params, {
    journey,
    at: at ?? null,
    next: next ?? null,
    step: step === undefined ? null : String(step),
  })
}
