/** Merges the selected topics into the largest of them. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, useStyles2 } from '@grafana/ui'
import type { Topic } from '../../api/types.ts'
import { plural, t } from '../../i18n.ts'
import { useEdits } from '../../state/edits.tsx'

interface MergeBarProps {
  /** The selected topics. */
  readonly topics: readonly Topic[]
  readonly onDone: () => void
}

export function MergeBar({ topics, onDone }: MergeBarProps) {
  const styles = useStyles2(getStyles)
  const { merge } = useEdits()
  const [largest, ...others] = [...topics].sort((a, b) => b.events - a.events)
  if (!largest) {
    return null
  }
  const run = async () => {
    const ids = others.map(({ id }) => id)
    await merge(
      largest.id,
      ids,
      plural('merge.told', 'One topic is now part of “{{label}}”', '{{count, number}} topics are now part of “{{label}}”', others.length, {
        label: largest.label,
      }),
    )
    onDone()
  }
  return (
    <div className={styles.bar}>
      <span>{t('merge.selected', '{{count}} selected', { count: topics.length })}</span>
      <Button size="sm" icon="layer-group" disabled={others.length === 0} onClick={() => void run()}>
        {t('merge.into', 'Merge into “{{label}}”', { label: largest.label })}
      </Button>
      <Button size="sm" variant="secondary" fill="text" onClick={onDone}>
        {t('merge.cancel', 'Cancel')}
      </Button>
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1),
    marginBottom: theme.spacing(1),
    borderRadius: theme.shape.radius.default,
    background: theme.colors.action.selected,
  }),
})
