/** Instead of a page without data: a project that never had an event learns how to send one, others to look elsewhere. */
import { useQuery } from '../../api/use-query.ts'
import { NothingFound, QueryView } from '../../components/query-view.tsx'
import { FirstEvent } from './first-event.tsx'

/** @param onReset takes the filters away; undefined where there are none */
export function Nothing({ onReset }: { readonly onReset?: (() => void) | undefined }) {
  const overview = useQuery('overview', {})
  return (
    <QueryView query={overview}>
      {({ total }) => (total.events === 0 ? <FirstEvent /> : <NothingFound {...(onReset && { onReset })} />)}
    </QueryView>
  )
}
