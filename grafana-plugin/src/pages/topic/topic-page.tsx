/** One topic: what it is, how it moves, what comes before and after it. */
import { useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Alert, Badge, Button, LinkButton, Stack, useStyles2 } from '@grafana/ui'
import { useParams } from 'react-router'
import type { TopicDetail } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { toApiQuery } from '../../state/filters.ts'
import { drillDownLink, linkTo } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'
import { RenameInput } from '../topics/topic-name.tsx'
import { TopicChildren, TopicLineage } from './lineage.tsx'
import { Neighbours } from './neighbours.tsx'
import { StandOut } from './stand-out.tsx'
import { TopicFacts } from './topic-facts.tsx'
import { TopicMessages } from './topic-messages.tsx'
import { TopicNumbers } from './topic-numbers.tsx'
import { TopicTrend } from './topic-trend.tsx'

export function TopicPage() {
  const { id = '' } = useParams()
  const { params } = useUrl()
  const { level: _, ...filters } = toApiQuery(params)
  const query = useQuery('topic', { id, query: filters })
  const { label } = useDirectory().name(id)
  return (
    <Page
      title={query.data?.label ?? (query.problem ? t('topics.topic', 'Topic') : label)}
      parent={{ text: t('topics.title', 'Topics'), url: linkTo('topics', params) }}
      subTitle={query.data && <TopicHead topic={query.data} />}
      controls="filters"
      extra={
        <Stack gap={1}>
          <LinkButton variant="secondary" icon="users-alt" href={drillDownLink({ journey: 'visits', at: id }, params)}>
            {t('topic.sessions', 'Sessions')}
          </LinkButton>
          <LinkButton variant="secondary" icon="code-branch" href={linkTo('journeys', params, { around: id })}>
            {t('topic.flow', 'Before and after')}
          </LinkButton>
        </Stack>
      }
    >
      <QueryView query={query}>{(topic) => <Topic topic={topic} />}</QueryView>
    </Page>
  )
}

function TopicHead({ topic }: { readonly topic: TopicDetail }) {
  const styles = useStyles2(getStyles)
  const [renaming, setRenaming] = useState(false)
  return (
    <div className={styles.head}>
      {renaming ? (
        <RenameInput topic={topic} onClose={() => setRenaming(false)} />
      ) : (
        <>
          <span dir="auto">{topic.description}</span>
          <Button fill="text" size="sm" icon="pen" onClick={() => setRenaming(true)}>
            {t('topic.rename', 'Rename')}
          </Button>
        </>
      )}
      {topic.pinned && <Badge color="blue" icon="star" text={t('topic.pinned', 'Pinned')} />}
      {topic.hidden && <Badge color="darkgrey" icon="eye-slash" text={t('topic.hidden', 'Hidden')} />}
    </div>
  )
}

function Topic({ topic }: { readonly topic: TopicDetail }) {
  const styles = useStyles2(getStyles)
  return (
    <>
      {topic.redirected_from !== null && (
        <Alert severity="info" bottomSpacing={0} title={t('topic.redirected', 'The topic that was asked for is part of this one now')} />
      )}
      <TopicFacts topic={topic} />
      <div className={styles.columns}>
        <Stack direction="column" gap={2} minWidth={0}>
          <TopicTrend topic={topic} />
          <Neighbours topic={topic} />
          <TopicLineage topic={topic} />
        </Stack>
        <Stack direction="column" gap={2} minWidth={0}>
          <StandOut segments={topic.segments} />
          <TopicNumbers numbers={topic.numbers ?? []} />
          <TopicChildren topic={topic} />
        </Stack>
      </div>
      <TopicMessages topic={topic} />
    </>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), flexWrap: 'wrap' }),
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)',
    gap: theme.spacing(2),
    [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
})
