/** A topic's name with its colour. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Link, useStyles2 } from '@grafana/ui'
import { unclusteredId } from '../constants.ts'
import { useDirectory } from '../state/directory.tsx'
import { topicLink } from '../state/links.ts'
import { useUrl } from '../state/url.ts'

interface TopicChipProps {
  /** null = “Other” */
  readonly id: string | null
  /** Draws a filled pill instead of plain words. */
  readonly pill?: boolean
}

/** Links to the topic's page where it has one; long labels are cut with an ellipsis and shown whole on hover. */
export function TopicChip({ id, pill = false }: TopicChipProps) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const { label, color } = useDirectory().name(id)
  const words = (
    <span className={styles.words} title={label} dir="auto">
      {label}
    </span>
  )
  return (
    <span className={pill ? styles.pill : styles.plain}>
      <span className={styles.dot} style={{ background: color }} />
      {id === null || id === unclusteredId ? (
        words
      ) : (
        <Link href={topicLink(id, params)} className={styles.link}>
          {words}
        </Link>
      )}
    </span>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const plain = { display: 'inline-flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0, maxWidth: '100%' }
  return {
    plain: css(plain),
    pill: css({
      ...plain,
      ...theme.typography.bodySmall,
      gap: theme.spacing(0.75),
      padding: theme.spacing(0.25, 1),
      borderRadius: theme.shape.radius.pill,
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.weak}`,
    }),
    dot: css({ flex: 'none', width: 10, height: 10, borderRadius: theme.shape.radius.sm }),
    link: css({ display: 'flex', minWidth: 0, color: theme.colors.text.primary, '&:hover': { textDecoration: 'underline' } }),
    words: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  }
}
