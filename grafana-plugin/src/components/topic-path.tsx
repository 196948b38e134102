/** Topics in a row, with an arrow between. */
import { Fragment } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { TopicChip } from './topic-chip.tsx'

export function TopicPath({ ids, between = '→' }: { readonly ids: readonly string[]; readonly between?: string }) {
  const styles = useStyles2(getStyles)
  return (
    <span className={styles.path}>
      {ids.map((id, index) => (
        <Fragment key={`${index} ${id}`}>
          {index > 0 && <span className={styles.between}>{between}</span>}
          <TopicChip id={id} />
        </Fragment>
      ))}
    </span>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  path: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: theme.spacing(1) }),
  between: css({ color: theme.colors.text.secondary }),
})
