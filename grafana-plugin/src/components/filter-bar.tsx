/** Level, segments button and active filters of a page. */
import type { ReactNode } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2, SelectableValue } from '@grafana/data'
import { Button, IconButton, RadioButtonGroup, useStyles2 } from '@grafana/ui'
import type { Level } from '../api/types.ts'
import { t } from '../i18n.ts'
import { useDirectory } from '../state/directory.tsx'
import { bareName, fieldOf, readFilters, readLevel, type ActiveFilter } from '../state/filters.ts'
import { useUrl } from '../state/url.ts'

export function FilterBar({ withLevel, extra }: { readonly withLevel: boolean; readonly extra?: ReactNode }) {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const filters = readFilters(params)
  const open = params.get('panel') === 'segments'
  return (
    <div className={styles.bar}>
      {withLevel && (
        <RadioButtonGroup
          aria-label={t('filters.level', 'Level')}
          options={levelOptions()}
          value={readLevel(params)}
          onChange={(level) => update({ level: level === 'topic' ? null : level, page: null })}
        />
      )}
      <Button
        variant="secondary"
        icon="filter"
        aria-expanded={open}
        onClick={() => update({ panel: open ? null : 'segments' }, { replace: true })}
      >
        {filters.length === 0
          ? t('filters.segments', 'Segments')
          : t('filters.segments-count', 'Segments ({{count}})', { count: filters.length })}
      </Button>
      <FilterPills filters={filters} />
      {filters.length > 1 && (
        <Button variant="secondary" fill="text" size="sm" onClick={() => update(withoutAll(filters))}>
          {t('filters.clear', 'Clear all')}
        </Button>
      )}
      {extra && <div className={styles.extra}>{extra}</div>}
    </div>
  )
}

/** Active filters, each with a button that takes it away. */
export function FilterPills({ filters }: { readonly filters: readonly ActiveFilter[] }) {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const directory = useDirectory()
  return (
    <ul className={styles.pills} aria-label={t('filters.active', 'Active filters')}>
      {filters.map(({ param, value }) => {
        const shown = bareName(param) === 'topic_id' ? directory.name(value).label : value
        const name = `${filterLabel(param)}: ${shown}`
        return (
          <li key={`${param}=${value}`} className={styles.pill}>
            <span className={styles.words} title={name} dir="auto">
              <span className={styles.field}>{filterLabel(param)}</span> {shown}
            </span>
            <IconButton
              name="times"
              size="sm"
              aria-label={t('filters.remove', 'Remove filter {{name}}', { name })}
              onClick={() => update({ [param]: params.getAll(param).filter((one) => one !== value), page: null })}
            />
          </li>
        )
      })}
    </ul>
  )
}

/** The patch that takes these filters out of the URL. */
export function withoutAll(filters: readonly ActiveFilter[]): Record<string, null> {
  return { ...Object.fromEntries(filters.map(({ param }) => [param, null])), page: null }
}

function filterLabel(param: string): string {
  switch (bareName(param)) {
    case 'user_id':
      return t('filters.user', 'User')
    case 'session_id':
      return t('filters.session', 'Session')
    case 'topic_id':
      return t('filters.topic', 'Visits topic')
    case 'name':
      return t('filters.name', 'Event name')
    case 'dimension':
      return t('filters.dimension', 'Text field')
    default:
      return fieldOf(param)
  }
}

function levelOptions(): SelectableValue<Level>[] {
  return [
    { value: 'theme', label: t('level.themes', 'Themes'), description: t('level.themes-hint', 'The broad picture') },
    { value: 'topic', label: t('level.topics', 'Topics'), description: t('level.topics-hint', 'The stable level') },
    { value: 'subtopic', label: t('level.subtopics', 'Subtopics'), description: t('level.subtopics-hint', 'Where new things show first') },
  ]
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1), marginBottom: theme.spacing(2) }),
  extra: css({ marginLeft: 'auto' }),
  pills: css({ display: 'contents', listStyle: 'none' }),
  pill: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    maxWidth: 320,
    height: theme.spacing(theme.components.height.md),
    padding: theme.spacing(0, 0.5, 0, 1.5),
    borderRadius: theme.shape.radius.pill,
    background: theme.colors.action.selected,
    border: `1px solid ${theme.colors.border.medium}`,
  }),
  words: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  field: css({ color: theme.colors.text.secondary }),
})
