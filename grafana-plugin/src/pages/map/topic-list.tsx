/** The map's legend and its words: every topic with its colour and size; pointing at one makes it stand out. */
import { useEffect, useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { TopicChip } from '../../components/topic-chip.tsx'
import { SearchInput } from '../../components/search-input.tsx'
import { formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'

interface TopicListProps {
  readonly topics: readonly { readonly id: string; readonly messages: number }[]
  readonly onPoint: (topicId: string | undefined) => void
}

const mostShown = 200 // more are found by search

export function TopicList({ topics, onPoint }: TopicListProps) {
  const styles = useStyles2(getStyles)
  const ref = usePointed(onPoint)
  return (
    <div className={styles.side}>
      <SearchInput placeholder={t('map.search', 'Find a topic')} isWide />
      <ul className={styles.list} aria-label={t('map.topics', 'Topics on the map')} ref={ref}>
        {topics.slice(0, mostShown).map(({ id, messages }) => (
          <li key={id} className={styles.row} data-topic={id}>
            <TopicChip id={id} />
            <span className={styles.count}>{formatCount(messages)}</span>
          </li>
        ))}
      </ul>
      {topics.length > mostShown && (
        <p className={styles.note}>
          {t('map.more', 'And {{count}} more: search for them', { count: formatCount(topics.length - mostShown) })}
        </p>
      )}
      {topics.length === 0 && <p className={styles.note}>{t('map.none', 'No topic has this name')}</p>}
    </div>
  )
}

/** Tells which row the pointer or the keyboard is on. @returns a ref for the list */
function usePointed(onPoint: TopicListProps['onPoint']): (list: HTMLElement | null) => void {
  const [list, setList] = useState<HTMLElement | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const point = ({ target }: Event): void =>
      onPoint(target instanceof Element ? (target.closest<HTMLElement>('[data-topic]')?.dataset['topic'] ?? undefined) : undefined)
    const leave = (): void => onPoint(undefined)
    list?.addEventListener('pointerover', point, stop)
    list?.addEventListener('focusin', point, stop)
    list?.addEventListener('pointerleave', leave, stop)
    list?.addEventListener('focusout', leave, stop)
    return () => stop.abort()
  }, [list, onPoint])
  return setList
}

const getStyles = (theme: GrafanaTheme2) => ({
  side: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0, maxHeight: 680 }),
  list: css({ listStyle: 'none', overflowY: 'auto', minHeight: 0, flex: 1 }),
  row: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1),
    borderRadius: theme.shape.radius.default,
    '&:hover': { background: theme.colors.action.hover },
  }),
  count: css({ flex: 'none', color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, margin: 0 }),
})
