/** The transition matrix of the most visited topics. */
import type { JourneysAnswer } from '../../api/types.ts'
import { Matrix } from '../../charts/matrix.tsx'
import { Section } from '../../components/section.tsx'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { drillDownLink } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

const shownTopics = 14

export function MatrixSection({ journeys }: { readonly journeys: JourneysAnswer }) {
  const { params } = useUrl()
  const directory = useDirectory()
  const count = Math.min(shownTopics, journeys.topics.length)
  return (
    <Section
      title={t('matrix.title', 'From topic to topic')}
      hint={t(
        'matrix.hint',
        'The {{count}} most visited topics: of those who leave the row’s topic, the share that goes on to the column’s; red: share of visits after which the session ends',
        { count },
      )}
    >
      <Matrix
        journeys={journeys}
        size={shownTopics}
        nameOf={directory.name}
        pairLink={(from, to) => drillDownLink({ journey: 'follow_ups', at: from, next: to }, params)}
        dropOffLink={(id) => drillDownLink({ journey: 'drop_offs', at: id }, params)}
      />
    </Section>
  )
}
