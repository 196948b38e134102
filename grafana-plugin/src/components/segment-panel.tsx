/** The side panel that picks segments: values of metadata fields, ranges of numbers, a user. */
import { useMemo, useState } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, Checkbox, IconButton, Input, useStyles2 } from '@grafana/ui'
import type { Answer, Field } from '../api/types.ts'
import { useQuery } from '../api/use-query.ts'
import { formatCompact } from '../format.ts'
import { t } from '../i18n.ts'
import { readFilters, toSideQuery } from '../state/filters.ts'
import { useUrl } from '../state/url.ts'
import { withoutAll } from './filter-bar.tsx'
import { QueryView } from './query-view.tsx'

/** The picks of the panel before they are applied: parameter → values. */
type Picks = Readonly<Record<string, readonly string[]>>

export function SegmentPanel() {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const active = useMemo(() => toPicks(params), [params])
  const [picks, setPicks] = useState<Picks>(active)
  const { from, to } = toSideQuery(params, 'a')
  // Counts ignore the picks, so that a value does not vanish because another one was chosen.
  const query = useQuery('segments', { query: { from, to, limit: 50 } })
  const changed = JSON.stringify(clean(picks)) !== JSON.stringify(clean(active))

  const apply = () => update({ ...withoutAll(readFilters(params)), ...clean(picks), page: null })
  return (
    <aside className={styles.panel} aria-label={t('segments.title', 'Segments')}>
      <header className={styles.header}>
        <h2 className={styles.title}>{t('segments.title', 'Segments')}</h2>
        <IconButton
          name="times"
          aria-label={t('segments.close', 'Close segments')}
          onClick={() => update({ panel: null }, { replace: true })}
        />
      </header>
      <QueryView query={query}>{({ fields }) => <Fields fields={fields} picks={picks} onChange={setPicks} />}</QueryView>
      <footer className={styles.footer}>
        <Button onClick={apply} disabled={!changed}>
          {t('segments.apply', 'Apply')}
        </Button>
        <Button variant="secondary" onClick={() => setPicks({})} disabled={Object.keys(clean(picks)).length === 0}>
          {t('segments.none', 'Clear')}
        </Button>
      </footer>
    </aside>
  )
}

interface FieldsProps {
  readonly fields: Answer<'segments'>['fields']
  readonly picks: Picks
  readonly onChange: (picks: Picks) => void
}

function Fields({ fields, picks, onChange }: FieldsProps) {
  const styles = useStyles2(getStyles)
  const pick = (param: string, values: readonly string[]) => onChange({ ...picks, [param]: values })
  const usable = fields.filter(({ kind }) => kind !== 'text')
  return (
    <>
      <fieldset className={styles.field}>
        <legend>{t('segments.user', 'User')}</legend>
        <Input
          aria-label={t('segments.user', 'User')}
          placeholder={t('segments.user-placeholder', 'User id')}
          value={picks['user_id']?.[0] ?? ''}
          onChange={(event) => pick('user_id', [event.currentTarget.value.trim()])}
        />
      </fieldset>
      {usable.map((field) =>
        field.kind === 'enum' ? (
          <EnumField
            key={field.field}
            field={field}
            picked={picks[`segment.${field.field}`] ?? []}
            onPick={(values) => pick(`segment.${field.field}`, values)}
          />
        ) : (
          <NumberField
            key={field.field}
            field={field}
            range={picks[`range.${field.field}`]?.[0] ?? ''}
            onPick={(range) => pick(`range.${field.field}`, [range])}
          />
        ),
      )}
      {usable.length === 0 && <p>{t('segments.empty', 'No field of the events’ metadata has few enough values to filter by yet.')}</p>}
    </>
  )
}

const shownValues = 6

function EnumField({
  field,
  picked,
  onPick,
}: {
  readonly field: Field
  readonly picked: readonly string[]
  readonly onPick: (values: readonly string[]) => void
}) {
  const styles = useStyles2(getStyles)
  const [all, setAll] = useState(false)
  const known = field.values.map(({ value }) => value)
  const values = [...field.values, ...picked.filter((value) => !known.includes(value)).map((value) => ({ value, events: 0 }))]
  const shown = all ? values : values.filter(({ value }, index) => index < shownValues || picked.includes(value))
  return (
    <fieldset className={styles.field}>
      <legend title={field.field}>{field.field}</legend>
      {shown.map(({ value, events }) => (
        <div key={value} className={styles.value}>
          <span className={styles.bar} style={{ width: `${(events / Math.max(field.events, 1)) * 100}%` }} />
          <Checkbox
            label={value === '' ? t('segments.blank', '(empty)') : value}
            value={picked.includes(value)}
            onChange={(event) => onPick(event.currentTarget.checked ? [...picked, value] : picked.filter((one) => one !== value))}
          />
          <span className={styles.count}>{formatCompact(events)}</span>
        </div>
      ))}
      {values.length > shown.length && (
        <Button fill="text" size="sm" onClick={() => setAll(true)}>
          {t('segments.more', '{{count}} more', { count: values.length - shown.length })}
        </Button>
      )}
      {field.other && field.other.values > 0 && (
        <p className={styles.rest}>{t('segments.rest', '{{count}} rarer values are not listed', { count: field.other.values })}</p>
      )}
    </fieldset>
  )
}

function NumberField({
  field,
  range,
  onPick,
}: {
  readonly field: Field
  readonly range: string
  readonly onPick: (range: string) => void
}) {
  const styles = useStyles2(getStyles)
  const [min = '', max = ''] = range.split('..')
  const write = (low: string, high: string) => onPick(low === '' && high === '' ? '' : `${low}..${high}`)
  return (
    <fieldset className={styles.field}>
      <legend title={field.field}>{field.field}</legend>
      <div className={styles.range}>
        <Input
          type="number"
          aria-label={t('segments.min', '{{field}}: at least', { field: field.field })}
          placeholder={String(field.range?.min ?? '')}
          value={min}
          onChange={(event) => write(event.currentTarget.value, max)}
        />
        <span>–</span>
        <Input
          type="number"
          aria-label={t('segments.max', '{{field}}: at most', { field: field.field })}
          placeholder={String(field.range?.max ?? '')}
          value={max}
          onChange={(event) => write(min, event.currentTarget.value)}
        />
      </div>
    </fieldset>
  )
}

function toPicks(params: URLSearchParams): Picks {
  const picks: Record<string, string[]> = {}
  for (const { param, value } of readFilters(params)) {
    picks[param] = [...(picks[param] ?? []), value]
  }
  return picks
}

/** Picks without the empty ones, in a settled order. */
function clean(picks: Picks): Picks {
  const entries = Object.entries(picks).map(
    ([param, values]) => [param, values.filter((value) => value !== '' || param.startsWith('segment.'))] as const,
  )
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0).sort(([a], [b]) => a.localeCompare(b)))
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    position: 'sticky',
    top: theme.spacing(2),
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    maxHeight: '72vh',
    overflowY: 'auto',
    padding: theme.spacing(2, 2, 0),
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  header: css({ display: 'flex', justifyContent: 'space-between', alignItems: 'center' }),
  title: css({ ...theme.typography.h5, margin: 0 }),
  field: css({
    minWidth: 0,
    isolation: 'isolate', // checkboxes bring a z-index: theirs must not lift them over the footer
    marginBottom: theme.spacing(2),
    legend: { ...theme.typography.bodySmall, margin: theme.spacing(0, 0, 0.5), color: theme.colors.text.secondary, border: 'none' },
  }),
  value: css({
    position: 'relative',
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
    padding: theme.spacing(0.25, 0.5),
  }),
  bar: css({
    position: 'absolute',
    inset: '1px auto 1px 0',
    borderRadius: theme.shape.radius.sm,
    background: theme.colors.action.selected,
    pointerEvents: 'none',
  }),
  count: css({ ...theme.typography.bodySmall, position: 'relative', color: theme.colors.text.secondary }),
  range: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
  rest: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  footer: css({
    position: 'sticky',
    bottom: 0,
    zIndex: 1,
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5, 0),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
  }),
})
