/** Loads data for a component, keeps the last answer while the next one is under way, and drops answers that came too late. */
import { useCallback, useEffect, useState } from 'react'
import { useRefresh } from '../state/refresh.tsx'
import { call, type CallOptions } from './client.ts'
import type { UsedRoute } from './endpoints.ts'
import { toProblem, type Problem } from './problem.ts'
import type { Answer } from './types.ts'

export interface QueryState<T> {
  readonly data: T | undefined
  readonly problem: Problem | undefined
  readonly loading: boolean
  /** Asks again; after an edit, or when a person presses “Try again”. */
  readonly reload: () => void
}

/**
 * Asks `route` when the component appears and whenever its question changes or the page is refreshed.
 * @param options undefined = do not ask yet
 */
export function useQuery<N extends UsedRoute>(
  route: N,
  options: Omit<CallOptions<N>, 'signal' | 'body'> | undefined,
): QueryState<Answer<N>> {
  const key = options === undefined ? undefined : JSON.stringify([route, options])
  const refresh = useRefresh()
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<{ data?: Answer<N>; problem?: Problem; answered?: string }>({})
  const request = `${key} ${attempt} ${refresh.count}`

  useEffect(() => {
    if (key === undefined) {
      return undefined
    }
    const controller = new AbortController()
    call(route, { ...(JSON.parse(key) as [N, CallOptions<N>])[1], signal: controller.signal }).then(
      (data) => !controller.signal.aborted && setState({ data, answered: request }),
      (error: unknown) => !controller.signal.aborted && setState((last) => ({ ...last, problem: toProblem(error), answered: request })),
    )
    return () => controller.abort()
  }, [route, key, request])

  const reload = useCallback(() => setAttempt((count) => count + 1), [])
  return { data: state.data, problem: state.problem, loading: key !== undefined && state.answered !== request, reload }
}
