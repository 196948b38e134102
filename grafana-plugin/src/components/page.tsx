/** The frame that all pages share: title, time range, filters, the segments panel. */
import type { ReactNode } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2, NavModelItem } from '@grafana/data'
import { PluginPage } from '@grafana/runtime'
import { Stack, useStyles2 } from '@grafana/ui'
import { useUrl } from '../state/url.ts'
import { EditNotice } from './edit-notice.tsx'
import { FilterBar } from './filter-bar.tsx'
import { SegmentPanel } from './segment-panel.tsx'
import { TimeControls } from './time-controls.tsx'

interface PageProps {
  readonly title: string
  readonly subTitle?: ReactNode
  /** The page above this one, for the breadcrumbs. */
  readonly parent?: NavModelItem
  /** `all` shows level and filters, `time` only the time range. */
  readonly controls?: 'all' | 'filters' | 'time' | 'none'
  /** Buttons at the end of the filter bar. */
  readonly extra?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, subTitle, parent, controls = 'none', extra, children }: PageProps) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const hasFilters = controls === 'all' || controls === 'filters'
  const open = hasFilters && params.get('panel') === 'segments'
  return (
    <PluginPage
      pageNav={{ text: title, ...(parent && { parentItem: parent }) }}
      subTitle={subTitle}
      actions={controls === 'none' ? undefined : <TimeControls />}
    >
      {hasFilters && <FilterBar withLevel={controls === 'all'} extra={extra} />}
      <div className={open ? styles.withPanel : undefined}>
        {open && <SegmentPanel />}
        <Stack direction="column" gap={2} minWidth={0}>
          {children}
        </Stack>
      </div>
      <EditNotice />
    </PluginPage>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  withPanel: css({
    display: 'grid',
    gridTemplateColumns: '280px minmax(0, 1fr)',
    gap: theme.spacing(2),
    alignItems: 'start',
    [theme.breakpoints.down('md')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
})
