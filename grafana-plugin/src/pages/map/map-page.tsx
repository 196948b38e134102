/** Map: all messages as dots, like texts side by side, coloured by topic. */
import { useMemo, useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Alert, useStyles2 } from '@grafana/ui'
import { useNavigate } from 'react-router'
import type { Level, MapAnswer } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { messagesPerDot, type MapPoint } from '../../charts/map/dots.ts'
import { MessageMap } from '../../charts/map/message-map.tsx'
import { withoutAll } from '../../components/filter-bar.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { unclusteredId } from '../../constants.ts'
import { formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { readFilters, readLevel, toApiQuery } from '../../state/filters.ts'
import { topicLink } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'
import { Nothing } from '../setup/nothing.tsx'
import { TopicList } from './topic-list.tsx'

export function MapPage() {
  return (
    <Page title={t('map.title', 'Map')} subTitle={t('map.subtitle', 'All messages at a glance, placed by what they mean')} controls="all">
      <LoadedMap />
    </Page>
  )
}

function LoadedMap() {
  const { params, update } = useUrl()
  const query = useQuery('map', { query: toApiQuery(params) })
  const filters = readFilters(params)
  return (
    <QueryView query={query}>
      {(map) => {
        if (map.total.messages === 0) {
          return <Nothing onReset={filters.length > 0 ? () => update(withoutAll(filters)) : undefined} />
        }
        return map.points.length === 0 ? <NotDrawn isDrawn={map.drawn_at !== null} /> : <Drawn map={map} level={readLevel(params)} />
      }}
    </QueryView>
  )
}

function NotDrawn({ isDrawn }: { readonly isDrawn: boolean }) {
  return isDrawn ? (
    <Alert severity="info" bottomSpacing={0} title={t('map.unplaced', 'None of these messages is on the map yet')}>
      {t('map.unplaced-hint', 'New topics appear on it within a minute; a longer time range shows the others.')}
    </Alert>
  ) : (
    <Alert severity="info" bottomSpacing={0} title={t('map.not-drawn', 'The map appears after the first topics')}>
      {t('map.not-drawn-hint', 'Topics are found after the first 60 messages; the map is drawn a moment later.')}
    </Alert>
  )
}

const idOf = { subtopic: 'subtopic_id', topic: 'topic_id', theme: 'theme_id' } as const satisfies Record<Level, string>

function Drawn({ map, level }: { readonly map: MapAnswer; readonly level: Level }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const { name } = useDirectory()
  const navigate = useNavigate()
  const [pointed, setPointed] = useState<string>()
  const points = useMemo(
    () => map.points.map((point): MapPoint => ({ ...point, topicId: point[idOf[level]], example: point.example })),
    [map, level],
  )
  const topics = useMemo(() => {
    const all = map.topics.map(({ topic_id, ...topic }) => ({ ...topic, ...name(topic_id) }))
    return [...all.filter(isTopic), ...all.filter((topic) => !isTopic(topic))]
  }, [map, name])
  const search = params.get('search')?.toLowerCase() ?? ''
  const found = useMemo(() => topics.filter(({ label }) => label.toLowerCase().includes(search)), [topics, search])
  const emphasis = useMemo(() => {
    if (pointed !== undefined) {
      return new Set([pointed])
    }
    return search === '' ? undefined : new Set(found.map(({ id }) => id))
  }, [pointed, search, found])
  return (
    <Section title={t('map.section', 'Messages by meaning')} hint={toHint(map)}>
      <div className={styles.columns}>
        <MessageMap
          points={points}
          topics={topics.filter(isTopic)}
          topicOf={name}
          emphasis={emphasis}
          onOpen={(id) => isTopic({ id }) && navigate(topicLink(id, params))}
        />
        <TopicList topics={found} onPoint={setPointed} />
      </div>
    </Section>
  )
}

const isTopic = ({ id }: { readonly id: string }) => id !== unclusteredId

function toHint({ total, other }: MapAnswer): string {
  const perDot = messagesPerDot(total.messages - other.messages)
  const meaning =
    perDot === 1
      ? t('map.hint', 'Every dot is a message; those that mean the same lie together. Click one to open its topic.')
      : t(
          'map.hint-many',
          'Every dot stands for about {{count}} messages; those that mean the same lie together. Click one to open its topic.',
          {
            count: formatCount(perDot),
          },
        )
  return other.messages === 0
    ? meaning
    : `${meaning} ${t('map.other', 'Not on the map: {{count}} messages, of hidden topics or too new.', { count: formatCount(other.messages) })}`
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 280px',
    gap: theme.spacing(2),
    [theme.breakpoints.down('md')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
})
