/** Map: themes, their topics and subtopics as circles within circles, with a dot for every message. */
import { useMemo } from 'react'
import type { Topic } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { TopicMap, type MapTopic } from '../../charts/topic-map.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { t } from '../../i18n.ts'
import { toSideQuery } from '../../state/filters.ts'
import { topicLink } from '../../state/links.ts'
import { useDirectory } from '../../state/directory.tsx'
import { useUrl } from '../../state/url.ts'
import { Nothing } from '../setup/nothing.tsx'

export function MapPage() {
  return (
    <Page title={t('map.title', 'Map')} subTitle={t('map.subtitle', 'Themes, their topics and subtopics at a glance')} controls="filters">
      <Levels />
    </Page>
  )
}

function Levels() {
  const { params } = useUrl()
  const query = toSideQuery(params, 'a')
  const themes = useQuery('topics', { query: { ...query, level: 'theme' } })
  const topics = useQuery('topics', { query: { ...query, level: 'topic' } })
  const subtopics = useQuery('topics', { query: { ...query, level: 'subtopic' } })
  return (
    <QueryView query={topics}>
      {(middle) =>
        middle.topics.length === 0 ? (
          <Nothing />
        ) : (
          <Circles themes={themes.data?.topics ?? []} topics={middle.topics} subtopics={subtopics.data?.topics ?? []} />
        )
      }
    </QueryView>
  )
}

interface CirclesProps {
  readonly themes: readonly Topic[]
  readonly topics: readonly Topic[]
  readonly subtopics: readonly Topic[]
}

function Circles({ themes, topics, subtopics }: CirclesProps) {
  const { params } = useUrl()
  const { name } = useDirectory()
  const tree = useMemo(() => {
    const ids = new Set([...themes, ...topics].map(({ id }) => id))
    const all = [...themes, ...topics, ...subtopics.filter(({ parent_id }) => parent_id !== null && ids.has(parent_id))]
    return all.map((topic): MapTopic => ({
      id: topic.id,
      parentId: topic.parent_id !== null && ids.has(topic.parent_id) ? topic.parent_id : undefined,
      label: topic.label,
      events: topic.events,
      level: topic.level,
      color: name(topic.level === 'subtopic' ? topic.parent_id : topic.id).color,
      href: topicLink(topic.id, params),
    }))
  }, [themes, topics, subtopics, name, params])
  return (
    <Section
      title={t('map.section', 'Messages by theme and topic')}
      hint={t('map.hint', 'Every dot is a message, every circle a theme, topic or subtopic: click one to open it')}
    >
      <TopicMap topics={tree} />
    </Section>
  )
}
