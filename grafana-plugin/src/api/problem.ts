/** Turns whatever a request failed with into words a person can act on. */
import { isFetchError } from '@grafana/runtime'
import { t } from '../i18n.ts'
import type { ApiError } from './types.ts'

export type ProblemKind =
  | 'not-configured'
  | 'unreachable'
  | 'key'
  | 'scope'
  | 'not-found'
  | 'request'
  | 'busy'
  | 'slow'
  | 'network'
  | 'collector'

/** A failed request: what is wrong (`message`), what to do about it (`hint`) and the collector's own words (`detail`). */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly hint: string
  readonly detail: string

  constructor(kind: ProblemKind, message: string, hint: string, detail = '', cause?: unknown) {
    super(message, { cause })
    this.name = 'Problem'
    this.kind = kind
    this.hint = hint
    this.detail = detail
  }
}

/** @param error what Grafana's `fetch` rejected with */
export function toProblem(error: unknown, { timedOut = false } = {}): Problem {
  if (error instanceof Problem) {
    return error
  }
  if (timedOut) {
    return describe('slow', '', error)
  }
  if (!isFetchError(error)) {
    return describe('network', error instanceof Error ? error.message : String(error), error)
  }
  const { status } = error
  const detail = readDetail(error.data)
  return describe(toKind(status, error.data), detail, error)
}

function toKind(status: number, data: unknown): ProblemKind {
  const fromCollector = isApiError(data)
  switch (status) {
    case 0:
      return 'network'
    case 401:
      return 'key'
    case 403:
      return 'scope'
    case 404:
      return fromCollector ? 'not-found' : 'not-configured'
    case 400:
    case 413:
    case 422:
      return 'request'
    case 429:
      return 'busy'
    case 502:
    case 503:
    case 504:
      return fromCollector ? 'busy' : 'unreachable'
    default:
      return 'collector'
  }
}

function describe(kind: ProblemKind, detail: string, cause: unknown): Problem {
  const [message, hint] = words(kind)
  return new Problem(kind, message, hint, detail, cause)
}

function words(kind: ProblemKind): [string, string] {
  switch (kind) {
    case 'not-configured':
      return [
        t('problem.not-configured', 'Grafana does not know this part of the collector'),
        t(
          'problem.not-configured-hint',
          'Set the collector’s URL on the configuration page; an older collector may not have this page’s data yet.',
        ),
      ]
    case 'unreachable':
      return [
        t('problem.unreachable', 'The collector does not answer'),
        t('problem.unreachable-hint', 'Check that it runs and that Grafana’s server can reach the URL on the configuration page.'),
      ]
    case 'key':
      return [
        t('problem.key', 'The collector refuses the API key'),
        t('problem.key-hint', 'Enter a key with the scope “read” on the configuration page.'),
      ]
    case 'scope':
      return [
        t('problem.scope', 'Not allowed'),
        t(
          'problem.scope-hint',
          'Your Grafana role or the scope of the API key does not permit this. Edits and keys need the scope “admin”.',
        ),
      ]
    case 'not-found':
      return [
        t('problem.not-found', 'Not found'),
        t('problem.not-found-hint', 'It may have been removed, or have passed its retention time.'),
      ]
    case 'request':
      return [
        t('problem.request', 'The collector does not accept these filters'),
        t('problem.request-hint', 'Change or reset the filters; the collector’s answer names the one at fault.'),
      ]
    case 'busy':
      return [t('problem.busy', 'The collector is busy'), t('problem.busy-hint', 'Wait a moment and try again.')]
    case 'slow':
      return [
        t('problem.slow', 'The collector took too long'),
        t('problem.slow-hint', 'Choose a shorter time range or fewer filters, then try again.'),
      ]
    case 'network':
      return [t('problem.network', 'No connection to Grafana'), t('problem.network-hint', 'Check your network, then try again.')]
    case 'collector':
      return [
        t('problem.collector', 'The collector reports an error'),
        t('problem.collector-hint', 'Try again; if it stays, the collector’s log says why.'),
      ]
  }
}

function isApiError(data: unknown): data is ApiError {
  return typeof data === 'object' && data !== null && 'success' in data && data.success === false && 'error' in data
}

function readDetail(data: unknown): string {
  if (!isApiError(data)) {
    return ''
  }
  const faults = data.faults?.map((fault) => `${fault.path}: ${fault.message}`).join('; ')
  return faults ? `${data.error} (${faults})` : data.error
}
