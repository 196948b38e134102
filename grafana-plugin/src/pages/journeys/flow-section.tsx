/** The Sankey with its controls, and the same numbers as a table. */
import { useMemo } from 'react'
import { Button, Combobox, InlineField, RadioButtonGroup, useStyles2 } from '@grafana/ui'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import type { JourneysAnswer } from '../../api/types.ts'
import { Sankey } from '../../charts/sankey/sankey.tsx'
import type { SankeyLinks } from '../../charts/sankey/views.ts'
import { useWidth } from '../../charts/use-width.ts'
import { Section } from '../../components/section.tsx'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { readLevel } from '../../state/filters.ts'
import { drillDownLink } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'
import { FlowTable } from './flow-table.tsx'

const depths = [3, 5, 8, 10]
const tops = [5, 8, 12]
const leastHeight = 500 // px
const nodeHeight = 58 // px, of the fullest step

export function FlowSection({ journeys: { flow } }: { readonly journeys: JourneysAnswer }) {
  const { params, update } = useUrl()
  const directory = useDirectory()
  const asTable = params.get('flow') === 'table'
  const around = params.get('around')
  return (
    <Section
      title={
        around === null
          ? t('flow.title', 'Flow by step')
          : t('flow.around', 'Before and after “{{label}}”', { label: directory.name(around).label })
      }
      hint={t(
        'flow.hint',
        'The width of a band is the number of sessions; red ends are sessions that stop. Click anything to open its sessions.',
      )}
      actions={<FlowControls />}
    >
      {asTable ? <FlowTable flow={flow} /> : <FlowDrawing flow={flow} />}
      <FewShown flow={flow} />
      <Button
        variant="secondary"
        fill="text"
        size="sm"
        icon={asTable ? 'code-branch' : 'table'}
        onClick={() => update({ flow: asTable ? null : 'table' }, { replace: true })}
      >
        {asTable ? t('flow.as-chart', 'Show as a drawing') : t('flow.as-table', 'Show as a table')}
      </Button>
    </Section>
  )
}

/** Holds its own width: a window that changes its size draws this anew, not the controls around it. */
function FlowDrawing({ flow }: { readonly flow: JourneysAnswer['flow'] }) {
  const styles = useStyles2(getStyles)
  const { params } = useUrl()
  const directory = useDirectory()
  const links = useMemo(() => toLinks(params), [params])
  const [ref, width] = useWidth()
  const fullest = Math.max(...flow.steps.map(({ nodes }) => nodes.length))
  return (
    <div ref={ref} className={styles.drawing}>
      {width > 0 && (
        <Sankey flow={flow} width={width} height={Math.max(leastHeight, fullest * nodeHeight)} nameOf={directory.name} links={links} />
      )}
    </div>
  )
}

/** Where there are so many topics that most sessions start in “Other”, themes tell more. */
function FewShown({ flow }: { readonly flow: JourneysAnswer['flow'] }) {
  const { params, update } = useUrl()
  const first = flow.steps[0]?.nodes ?? []
  const all = first.reduce((sum, { sessions }) => sum + sessions, 0)
  const other = first.find(({ topic_id }) => topic_id === null)?.sessions ?? 0
  return readLevel(params) === 'theme' || other <= all / 2 ? null : (
    <Button variant="secondary" size="sm" icon="layer-group" onClick={() => update({ level: 'theme', around: null })}>
      {t('flow.themes', 'Most sessions start in “Other”: show themes')}
    </Button>
  )
}

/** Every node, band and end of the flow leads to exactly its sessions. */
export function toLinks(params: URLSearchParams): SankeyLinks {
  const id = (topicId: string | null) => topicId ?? 'other'
  return {
    node: ({ step, topicId }) => drillDownLink({ journey: 'flow', step, at: id(topicId) }, params),
    link: ({ step, from, to }) => drillDownLink({ journey: 'flow', step, at: id(from.topicId), next: id(to.topicId) }, params),
    exit: ({ step, topicId, active, dropOffs }) =>
      drillDownLink({ journey: 'flow', step, at: id(topicId), end: dropOffs === 0 && active > 0 ? 'active' : 'drop_off' }, params),
  }
}

function FlowControls() {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const directory = useDirectory()
  const around = params.get('around')
  const topics = directory.topics.map(({ id, label }) => ({ value: id, label }))
  return (
    <div className={styles.controls}>
      <InlineField label={t('flow.around-label', 'Around')} tooltip={t('flow.around-hint', 'Shows what comes before and after this topic')}>
        <Combobox
          id="flow-around"
          placeholder={t('flow.from-start', 'From the start')}
          options={topics}
          value={around}
          isClearable
          width={22}
          onChange={(option) => update({ around: option?.value ?? null })}
        />
      </InlineField>
      <RadioButtonGroup
        aria-label={t('flow.depth', 'Steps')}
        options={depths.map((depth) => ({
          value: depth,
          label: String(depth),
          description: t('flow.depth-hint', '{{depth}} steps', { depth }),
        }))}
        value={Number(params.get('depth') ?? 5)}
        onChange={(depth) => update({ depth: String(depth) })}
      />
      <RadioButtonGroup
        aria-label={t('flow.top', 'Topics per step')}
        options={tops.map((top) => ({
          value: top,
          label: t('flow.top-label', 'Top {{top}}', { top }),
          description: t('flow.top-hint', 'The others are drawn as “Other”'),
        }))}
        value={Number(params.get('top') ?? 8)}
        onChange={(top) => update({ top: String(top) })}
      />
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  drawing: css({ minHeight: leastHeight, marginBottom: theme.spacing(2) }),
  controls: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
})
