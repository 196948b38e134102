/** Draws a flow or a matrix out of a panel's data; clicks lead into the app. */
import { useMemo } from 'react'
import type { PanelProps } from '@grafana/data'
import { PanelDataErrorView } from '@grafana/runtime'
import { ScrollContainer, useTheme2 } from '@grafana/ui'
import { unclusteredColor } from '../../charts/colors.ts'
import { Matrix } from '../../charts/matrix.tsx'
import { Sankey } from '../../charts/sankey/sankey.tsx'
import { t } from '../../i18n.ts'
import { drillDownLink, linkTo, type DrillDown } from '../../state/links.ts'
import { readFrame } from './read-frame.ts'

export interface JourneyOptions {
  readonly view: 'sankey' | 'matrix'
  readonly size: number
}

export function JourneyPanel({ id, data, fieldConfig, options, width, height }: PanelProps<JourneyOptions>) {
  const theme = useTheme2()
  const journeys = useMemo(() => data.series.map(readFrame).find((read) => read !== undefined), [data])
  const params = useMemo(
    () =>
      new URLSearchParams({
        from: String(data.timeRange.from.valueOf()),
        to: String(data.timeRange.to.valueOf()),
        ...journeys?.asked,
      }),
    [data.timeRange, journeys],
  )
  if (!journeys) {
    return (
      <PanelDataErrorView
        panelId={id}
        fieldConfig={fieldConfig}
        data={data}
        message={t('panel.columns', 'Needs the columns From, To and a number; Step tells the columns of the flow apart')}
      />
    )
  }
  const palette = theme.visualization.palette
  const labels = [...new Set(journeys.flow.steps.flatMap(({ nodes }) => nodes.map(({ topic_id }) => topic_id ?? '')))].sort((a, b) =>
    a.localeCompare(b),
  )
  const nameOf = (label: string | null) => {
    if (label === null) {
      return { id: '', label: t('topic.other', 'Other'), color: unclusteredColor(theme) }
    }
    const known = journeys.colors.get(label)
    const fallback =
      journeys.colors.size > 0
        ? unclusteredColor(theme)
        : theme.visualization.getColorByName(palette[labels.indexOf(label) % palette.length] ?? '')
    return { id: label, label, color: known === undefined ? fallback : theme.visualization.getColorByName(known) }
  }
  const idOf = (label: string | null) => journeys.ids.get(label ?? '') ?? 'other'
  // Data without topic ids, such as that of a SQL query, has no sessions to open.
  const open = (drillDown: DrillDown) => (journeys.ids.size === 0 ? linkTo('journeys', params) : drillDownLink(drillDown, params))
  return (
    <ScrollContainer>
      {options.view === 'matrix' ? (
        <Matrix
          journeys={journeys.pairs}
          size={options.size}
          nameOf={nameOf}
          pairLink={(from, to) => open({ journey: 'follow_ups', at: idOf(from), next: idOf(to) })}
          dropOffLink={(label) => open({ journey: 'drop_offs', at: idOf(label) })}
        />
      ) : (
        <Sankey
          flow={journeys.flow}
          width={width}
          height={height}
          nameOf={nameOf}
          links={{
            node: ({ step, topicId: label }) => open({ journey: 'flow', step, at: idOf(label) }),
            link: ({ step, from, to }) => open({ journey: 'flow', step, at: idOf(from.topicId), next: idOf(to.topicId) }),
            exit: ({ step, topicId: label }) => open({ journey: 'flow', step, at: idOf(label), end: 'drop_off' }),
          }}
        />
      )}
    </ScrollContainer>
  )
}
