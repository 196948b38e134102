/** What a topic is made of and how it came to be; the edits that people made to it. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, Link, useStyles2 } from '@grafana/ui'
import type { Edit, TopicDetail } from '../../api/types.ts'
import { useQuery } from '../../api/use-query.ts'
import { Section } from '../../components/section.tsx'
import { TopicChip } from '../../components/topic-chip.tsx'
import { formatCount, formatTime } from '../../format.ts'
import { plural, t } from '../../i18n.ts'
import { useEdits } from '../../state/edits.tsx'
import { toApiQuery } from '../../state/filters.ts'
import { linkTo } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

/** Subtopics of a topic, topics of a theme; those that the time range and the filters leave. */
export function TopicChildren({ topic: { level: ownLevel, children: ids } }: { readonly topic: TopicDetail }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const level = ownLevel === 'theme' ? 'topic' : 'subtopic'
  // Labels of the level below are not in the page's own directory.
  const topics = useQuery('topics', ids.length === 0 ? undefined : { query: { ...toApiQuery(params), level, limit: 5000 } })
  const labels = new Map(topics.data?.topics.map(({ id, label, events }) => [id, { label, events }]))
  const known = ids.filter((id) => labels.has(id))
  return known.length === 0 ? null : (
    <Section title={level === 'topic' ? t('topics.title', 'Topics') : t('topic.subtopics', 'Subtopics')}>
      <ul className={styles.list}>
        {known.map((id) => (
          <li key={id} className={styles.row}>
            <Link href={linkTo(`topics/${id}`, params, { level })}>
              <bdi>{labels.get(id)?.label}</bdi>
            </Link>
            <span className={styles.note}>{formatCount(labels.get(id)?.events ?? 0)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function TopicLineage({ topic: { id, lineage } }: { readonly topic: TopicDetail }) {
  const styles = useStyles2(getStyles)
  const edits = useQuery('edits', { query: { limit: 200 } })
  const own = edits.data?.edits.filter(({ topic_id }) => topic_id === id) ?? []
  return (
    <Section title={t('lineage.title', 'History')}>
      <ul className={styles.list}>
        {own.map((edit) => (
          <EditRow key={edit.edit_id} edit={edit} />
        ))}
        {lineage.map(({ at, kind, from_id, to_id, mass }) => {
          const other = [from_id, to_id].find((one) => one !== null && one !== id)
          return (
            <li key={`${at} ${kind} ${from_id} ${to_id}`} className={styles.row}>
              <span>
                {lineageWords(kind, to_id === id)} {other && <TopicChip id={other} />}
              </span>
              <span className={styles.note}>
                {plural('lineage.mass', 'one message', '{{count, number}} messages', mass)} · {formatTime(at)}
              </span>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function EditRow({ edit: { edit_id, kind, author, at, undone } }: { readonly edit: Edit }) {
  const styles = useStyles2(getStyles)
  const { undo } = useEdits()
  return (
    <li className={styles.row}>
      <span>
        {t('lineage.edit', '{{kind}} by {{author}}', { kind: editWords(kind), author })}{' '}
        {undone ? (
          <span className={styles.note}>{t('lineage.undone', 'taken back')}</span>
        ) : (
          <Button size="sm" fill="text" onClick={() => void undo(edit_id)}>
            {t('edit.undo', 'Undo')}
          </Button>
        )}
      </span>
      <span className={styles.note}>{formatTime(at)}</span>
    </li>
  )
}

function lineageWords(kind: TopicDetail['lineage'][number]['kind'], arrives: boolean): string {
  switch (kind) {
    case 'born':
      return t('lineage.born', 'Appeared')
    case 'split':
      return arrives ? t('lineage.split-from', 'Split from') : t('lineage.split-off', 'Split off')
    case 'merge':
      return arrives ? t('lineage.merged-in', 'Took in') : t('lineage.merged-into', 'Became part of')
    case 'retired':
      return t('lineage.retired', 'Retired')
  }
}

function editWords(kind: Edit['kind']): string {
  switch (kind) {
    case 'rename':
      return t('edit.rename', 'Renamed')
    case 'merge':
      return t('edit.merge', 'Merged')
    case 'split':
      return t('edit.split', 'Split')
    case 'move':
      return t('edit.move', 'Messages moved')
    case 'pin':
      return t('edit.pin', 'Pin changed')
    case 'hide':
      return t('edit.hide', 'Visibility changed')
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  row: css({
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    columnGap: theme.spacing(2),
    padding: theme.spacing(0.5, 0),
  }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
})
