/** A session's topics in order, as a strip of colours. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { t } from '../i18n.ts'
import type { TopicName } from '../state/directory.tsx'

export interface PathStep extends TopicName {
  /** Messages of this step: its relative width. */
  readonly weight: number
  /** Called when a person picks the step. */
  readonly onPick?: () => void
}

/** `tall` writes the topics' names into the strip. */
export function PathStrip({ steps, tall = false }: { readonly steps: readonly PathStep[]; readonly tall?: boolean }) {
  const styles = useStyles2(getStyles)
  return (
    <ol className={tall ? styles.tall : styles.strip} aria-label={t('path.label', 'Topics in order')}>
      {steps.map(({ id, label, color, weight, onPick }, index) => {
        const style = { flexGrow: weight, ['--topic' as string]: color }
        return (
          <li key={`${index} ${id}`} className={tall ? styles.block : styles.step} style={style} title={label}>
            {tall && onPick ? (
              <button type="button" className={styles.button} onClick={onPick}>
                <span className={styles.words}>{label}</span>
              </button>
            ) : (
              <span className={styles.hidden}>{label}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  strip: css({ display: 'flex', gap: 2, listStyle: 'none', maxWidth: 260 }),
  step: css({ flexBasis: 0, maxWidth: 34, minWidth: 3, height: 12, borderRadius: theme.shape.radius.sm, background: 'var(--topic)' }),
  tall: css({ display: 'flex', gap: 3, listStyle: 'none' }),
  block: css({
    flexBasis: 0,
    minWidth: 12,
    overflow: 'hidden',
    borderRadius: theme.shape.radius.sm,
    background: `color-mix(in srgb, var(--topic) 26%, ${theme.colors.background.primary})`,
    borderTop: '4px solid var(--topic)',
  }),
  button: css({
    width: '100%',
    padding: theme.spacing(0.5, 1),
    border: 'none',
    background: 'none',
    textAlign: 'left',
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: 1.3,
    color: theme.colors.text.primary,
  }),
  // Two lines, then an ellipsis.
  words: css({ display: '-webkit-box', WebkitBoxOrient: 'vertical', WebkitLineClamp: 2, overflow: 'hidden', overflowWrap: 'anywhere' }),
  hidden: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
})
