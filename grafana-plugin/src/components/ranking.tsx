/** A short ranking: what, how much as a bar, and a number that opens the sessions behind it. */
import { useState, type ReactNode } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, TextLink, useStyles2 } from '@grafana/ui'
import { ShareBar } from '../charts/share-bar.tsx'
import { formatCount } from '../format.ts'
import { t } from '../i18n.ts'
import { Section } from './section.tsx'

export interface RankingRow {
  readonly key: string
  readonly name: ReactNode
  readonly count: number
  /** Of the bar. */
  readonly color?: string
  /** Small words below the name. */
  readonly note?: string
  readonly href: string
}

interface RankingProps<T> {
  readonly title: string
  readonly hint?: string
  readonly items: readonly T[]
  /** Called for what is shown: of hundreds of items that is a few. */
  readonly toRow: (item: T) => RankingRow
  /** 0…1, drawn as a bar. */
  readonly shareOf?: (item: T) => number
  /** What the API cut off: shown, never silently dropped. */
  readonly other?: number
}

const shownRows = 6

export function Ranking<T>({ title, hint, items, toRow, shareOf, other = 0 }: RankingProps<T>) {
  const styles = useStyles2(getStyles)
  const [all, setAll] = useState(false)
  const shown = (all ? items : items.slice(0, shownRows)).map((item) => ({ ...toRow(item), share: shareOf?.(item) }))
  const max = shareOf === undefined ? 0 : Math.max(...items.map(shareOf), 0)
  return (
    <Section title={title} {...(hint !== undefined && { hint })}>
      {items.length === 0 && <p className={styles.note}>{t('ranking.nothing', 'None in this time range')}</p>}
      <ul className={styles.list}>
        {shown.map(({ key, name, count, share, color, note, href }) => (
          <li key={key} className={styles.row}>
            <div className={styles.name}>
              {name}
              {note && <div className={styles.note}>{note}</div>}
            </div>
            {share !== undefined && (
              <div className={styles.bar}>
                <ShareBar share={share} max={max} {...(color !== undefined && { color })} />
              </div>
            )}
            <TextLink
              href={href}
              inline={false}
              variant="bodySmall"
              className={styles.count}
              aria-label={t('ranking.open', '{{count}}: open these sessions', { count: formatCount(count) })}
            >
              {formatCount(count)}
            </TextLink>
          </li>
        ))}
      </ul>
      {other > 0 && <p className={styles.note}>{t('ranking.other', 'Other, not listed: {{count}}', { count: formatCount(other) })}</p>}
      {items.length > shownRows && (
        <Button fill="text" size="sm" className={styles.more} onClick={() => setAll(!all)}>
          {all ? t('ranking.less', 'Show fewer') : t('ranking.more', 'Show all {{count}}', { count: items.length })}
        </Button>
      )}
    </Section>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1.5), minHeight: 30, padding: theme.spacing(0.25, 0) }),
  name: css({ flex: 1, minWidth: 0 }),
  bar: css({ flex: 'none', width: 120 }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, margin: 0 }),
  more: css({ marginLeft: theme.spacing(-1) }), // its words stand below the others
  count: css({ flex: 'none', minWidth: 40, justifyContent: 'flex-end', fontVariantNumeric: 'tabular-nums' }),
})
