/** The query API's types, read from the collector's own contract: there is no second copy that could drift. */
import type { z } from 'zod'
import type { apiError } from '@turret/contract/common.ts'
import type { RouteName, routes } from '@turret/contract/routes.ts'
import type { sessionsQuery } from '@turret/contract/sessions.ts'

type Routes = typeof routes

/** What a route answers with 200. */
export type Answer<N extends RouteName> = z.infer<Routes[N]['answer']>
/** What a route takes as JSON; `never` for those that take nothing. */
export type Body<N extends RouteName> = Routes[N] extends { body: z.ZodType } ? z.input<Routes[N]['body']> : never
/** Method and path of every route, as literal types: a renamed path fails the type check. */
export type Endpoints = { readonly [N in RouteName]: { readonly method: Routes[N]['method']; readonly path: Routes[N]['path'] } }
/** Query parameters as they stand in a URL: a repeated name carries several values. */
export type Query = Readonly<Record<string, string | readonly string[] | number | boolean | undefined>>

/** Every error answer. */
export type ApiError = z.infer<typeof apiError>
export type TopicsAnswer = Answer<'topics'>
export type Topic = TopicsAnswer['topics'][number]
export type Level = Topic['level']
export type Total = TopicsAnswer['total']
export type MapAnswer = Answer<'map'>
export type TopicDetail = Answer<'topic'>
export type JourneysAnswer = Answer<'journeys'>
export type SessionsAnswer = Answer<'sessions'>
export type SessionSummary = SessionsAnswer['sessions'][number]
export type SessionAnswer = Answer<'session'>
export type Event = SessionAnswer['events'][number]
export type Field = Answer<'segments'>['fields'][number]
export type CompareAnswer = Answer<'compare'>
export type OverviewAnswer = Answer<'overview'>
export type Edit = Answer<'edits'>['edits'][number]
export type ApiKey = Answer<'keys'>['keys'][number]
export type Scope = ApiKey['scopes'][number]
/** What a journey number stands for: the API's drill-downs. */
export type Journey = NonNullable<z.infer<typeof sessionsQuery>['journey']>
