/** A titled box of a page. */
import type { ReactNode } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'

interface SectionProps {
  readonly title: string
  /** One short sentence below the title. */
  readonly hint?: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, hint, actions, children }: SectionProps) {
  const styles = useStyles2(getStyles)
  return (
    <section className={styles.box} aria-label={title}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h2 className={styles.title}>{title}</h2>
          {hint && <p className={styles.hint}>{hint}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    minWidth: 0,
    padding: theme.spacing(2),
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    '& > :last-child': { marginBottom: 0 },
  }),
  header: css({
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    alignItems: 'flex-start',
    gap: theme.spacing(2),
    marginBottom: theme.spacing(1.5),
  }),
  words: css({ flex: '1 1 200px' }),
  title: css({ ...theme.typography.h5, margin: 0, fontWeight: theme.typography.fontWeightMedium }),
  hint: css({ ...theme.typography.bodySmall, margin: 0, color: theme.colors.text.secondary }),
})
