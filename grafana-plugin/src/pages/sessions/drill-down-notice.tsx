/** Says in words which number of another page the listed sessions stand for. */
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { IconButton, useStyles2 } from '@grafana/ui'
import { stepName } from '../../charts/sankey/words.ts'
import { t } from '../../i18n.ts'
import { useDirectory, type Directory } from '../../state/directory.tsx'
import { drillDownParams } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

export function DrillDownNotice() {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const directory = useDirectory()
  const words = describe(params, directory)
  return words === '' ? null : (
    <div className={styles.notice}>
      <span dir="auto">{words}</span>
      <IconButton
        name="times"
        aria-label={t('sessions.show-all', 'Show all sessions')}
        onClick={() => update(Object.fromEntries([...drillDownParams, 'like'].map((name) => [name, null])))}
      />
    </div>
  )
}

export function describe(params: URLSearchParams, directory: Directory): string {
  const label = (param: string) => {
    const id = params.get(param)
    return directory.name(id === 'other' ? null : id).label
  }
  const [at, next] = [label('at'), label('next')]
  switch (params.get('journey')) {
    case 'starts':
      return t('drill.starts', 'Sessions that start with “{{at}}”', { at })
    case 'drop_offs':
      return t('drill.drop-offs', 'Sessions that end after “{{at}}”', { at })
    case 'active':
      return t('drill.active', 'Active sessions whose last topic is “{{at}}”', { at })
    case 'follow_ups':
      return t('drill.follow-ups', 'Sessions that go from “{{at}}” to “{{next}}”', { at, next })
    case 'back_and_forth':
      return t('drill.back-and-forth', 'Sessions that go back and forth between “{{at}}” and “{{next}}”', { at, next })
    case 'visits':
      return t('drill.visits', 'Sessions that visit “{{at}}”', { at })
    case 'returns':
      return t('drill.returns', 'Sessions that come back to “{{at}}”', { at })
    case 'rephrases':
      return t('drill.rephrases', 'Sessions in which a question about “{{at}}” is asked again at once', { at })
    case 'cycle':
      return t('drill.cycle', 'Sessions with the loop {{path}}', { path: pathWords(params, directory) })
    case 'funnel':
      return t('drill.funnel', 'Sessions that pass {{path}}', { path: pathWords(params, directory) })
    case 'flow': {
      const step = stepName(Number(params.get('step') ?? 1), params.has('around'))
      if (params.has('next')) {
        return t('drill.flow-link', '{{step}}: sessions that go from “{{at}}” to “{{next}}”', { step, at, next })
      }
      return params.has('end')
        ? t('drill.flow-end', '{{step}}: sessions that end at “{{at}}”', { step, at })
        : t('drill.flow', '{{step}}: sessions at “{{at}}”', { step, at })
    }
    default:
      return params.has('like')
        ? t('drill.like', 'Sessions whose path is most like that of session {{id}}', { id: params.get('like') ?? '' })
        : ''
  }
}

function pathWords(params: URLSearchParams, directory: Directory): string {
  return params
    .getAll('path')
    .map((id) => directory.name(id).label)
    .join(' → ')
}

const getStyles = (theme: GrafanaTheme2) => ({
  notice: css({
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
    padding: theme.spacing(1, 2),
    borderRadius: theme.shape.radius.default,
    borderLeft: `3px solid ${theme.colors.primary.main}`,
    background: theme.colors.background.secondary,
  }),
})
