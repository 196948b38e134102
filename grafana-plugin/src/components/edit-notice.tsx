/** Tells what the last edit did, and takes it back. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, Icon, IconButton, useStyles2 } from '@grafana/ui'
import { t } from '../i18n.ts'
import { useEdits } from '../state/edits.tsx'

export function EditNotice() {
  const styles = useStyles2(getStyles)
  const { notice, undo, dismiss } = useEdits()
  if (!notice) {
    return null
  }
  const { text, editId, problem } = notice
  return (
    <div className={styles.notice} role="status">
      <Icon name={problem ? 'exclamation-triangle' : 'check-circle'} />
      <span>
        {text}
        {problem && `: ${problem.message}. ${problem.detail || problem.hint}`}
      </span>
      {editId !== undefined && (
        <Button size="sm" variant="secondary" icon="history-alt" onClick={() => void undo(editId)}>
          {t('edit.undo', 'Undo')}
        </Button>
      )}
      <IconButton name="times" aria-label={t('edit.dismiss', 'Dismiss')} onClick={dismiss} />
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  notice: css({
    position: 'fixed',
    bottom: theme.spacing(3),
    left: '50%',
    transform: 'translateX(-50%)',
    zIndex: theme.zIndex.portal,
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    maxWidth: 640,
    padding: theme.spacing(1.5, 2),
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.medium}`,
    boxShadow: theme.shadows.z3,
  }),
})
