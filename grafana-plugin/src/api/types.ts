/** The query API's types, read from the collector's own contract: there is no second copy that could drift. */
import type { z } from 'zod'
import type { RouteName, routes } from '@turret/contract/routes.ts'

export type { ApiError, Filters, Level } from '@turret/contract/common.ts'
export type { ApiKey, Edit, Scope } from '@turret/contract/edits.ts'
export type { FunnelAnswer, JourneysAnswer } from '@turret/contract/journeys.ts'
export type { CompareAnswer, Field, OverviewAnswer, SegmentsAnswer } from '@turret/contract/segments.ts'
export type { Event, SessionAnswer, SessionSummary, SessionsAnswer } from '@turret/contract/sessions.ts'
export type { Topic, TopicDetail, TopicsAnswer } from '@turret/contract/topics.ts'

export type { RouteName }
type Routes = typeof routes

/** What a route answers with 200. */
export type Answer<N extends RouteName> = z.infer<Routes[N]['answer']>
/** What a route takes as JSON; `never` for those that take nothing. */
export type Body<N extends RouteName> = Routes[N] extends { body: z.ZodType } ? z.input<Routes[N]['body']> : never
/** Method and path of every route, as literal types: a renamed path fails the type check. */
export type Endpoints = { readonly [N in RouteName]: { readonly method: Routes[N]['method']; readonly path: Routes[N]['path'] } }
/** Query parameters as they stand in a URL: a repeated name carries several values. */
export type Query = Readonly<Record<string, string | readonly string[] | number | boolean | undefined>>
