/** One side of a comparison: its period and its segments. */
import { css } from '@emotion/css'
import { rangeUtil, type GrafanaTheme2 } from '@grafana/data'
import { Combobox, InlineField, TimeRangeInput, useStyles2 } from '@grafana/ui'
import type { Field, Total } from '../../api/types.ts'
import { FilterPills } from '../../components/filter-bar.tsx'
import { Section } from '../../components/section.tsx'
import { toRaw, toText } from '../../components/time-controls.tsx'
import { formatCount } from '../../format.ts'
import { t } from '../../i18n.ts'
import { defaultFrom, defaultTo, readFilters, type Side } from '../../state/filters.ts'
import { useUrl } from '../../state/url.ts'

interface SidePickerProps {
  readonly side: Side
  /** Whose values can be picked. */
  readonly fields: readonly Field[]
  readonly total: Total | undefined
}

export function SidePicker({ side, fields, total }: SidePickerProps) {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const prefix = side === 'b' ? 'b.' : ''
  const options = fields
    .filter(({ kind }) => kind === 'enum')
    .flatMap(({ field, values }) => values.map(({ value }) => ({ value: JSON.stringify([field, value]), label: `${field}: ${value}` })))

  const from = params.get(`${prefix}from`) ?? params.get('from') ?? defaultFrom
  const to = params.get(`${prefix}to`) ?? params.get('to') ?? defaultTo
  const add = (picked: string) => {
    const [field, value] = JSON.parse(picked) as [string, string]
    const param = `${prefix}segment.${field}`
    update({ [param]: [...new Set([...params.getAll(param), value])] })
  }
  return (
    <Section
      title={side === 'a' ? t('compare.a', 'A') : t('compare.b', 'B')}
      hint={
        total &&
        t('compare.totals', '{{events}} messages in {{sessions}} sessions', {
          events: formatCount(total.events),
          sessions: formatCount(total.sessions),
        })
      }
    >
      <div className={styles.row}>
        <TimeRangeInput
          value={rangeUtil.convertRawToRange({ from: toRaw(from), to: toRaw(to) })}
          onChange={({ raw }) => update({ [`${prefix}from`]: toText(raw.from), [`${prefix}to`]: toText(raw.to) })}
        />
        <InlineField label={t('compare.segment', 'Segment')}>
          <Combobox
            id={`compare-segment-${side}`}
            placeholder={t('compare.add', 'Add')}
            options={options}
            value={null}
            width={24}
            onChange={(option) => option && add(option.value)}
          />
        </InlineField>
        <FilterPills filters={readFilters(params, side)} />
      </div>
    </Section>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
})
