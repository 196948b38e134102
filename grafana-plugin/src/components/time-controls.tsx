/** Time range and refresh of a page, in Grafana's own controls; both stand in the URL. */
import { useEffect, useMemo } from 'react'
import { dateTime, rangeUtil, type TimeRange } from '@grafana/data'
import { RefreshPicker, TimeRangePicker } from '@grafana/ui'
import { t } from '../i18n.ts'
import { defaultFrom, defaultTo } from '../state/filters.ts'
import { useRefresh } from '../state/refresh.tsx'
import { useUrl } from '../state/url.ts'

const refreshIntervals = ['10s', '30s', '1m', '5m', '15m']

export function TimeControls() {
  const { params, update } = useUrl()
  const { refresh } = useRefresh()
  const interval = params.get('refresh') ?? ''
  const from = params.get('from') ?? defaultFrom
  const to = params.get('to') ?? defaultTo
  const range = useMemo(() => rangeUtil.convertRawToRange({ from: toRaw(from), to: toRaw(to) }), [from, to])

  useEffect(() => {
    if (!refreshIntervals.includes(interval)) {
      return undefined
    }
    const timer = setInterval(refresh, rangeUtil.intervalToMs(interval))
    return () => clearInterval(timer)
  }, [interval, refresh])

  const choose = ({ raw }: Pick<TimeRange, 'raw'>) => update({ from: toText(raw.from), to: toText(raw.to) })
  const shift = (spans: number) => {
    const ms = range.to.valueOf() - range.from.valueOf()
    update({ from: String(range.from.valueOf() + spans * ms), to: String(range.to.valueOf() + spans * ms) })
  }
  const zoomOut = () => {
    const half = (range.to.valueOf() - range.from.valueOf()) / 2
    update({ from: String(Math.round(range.from.valueOf() - half)), to: String(Math.round(range.to.valueOf() + half)) })
  }
  return (
    <>
      <TimeRangePicker
        value={range}
        timeZone="browser"
        onChange={choose}
        onChangeTimeZone={() => undefined}
        onMoveBackward={() => shift(-0.5)}
        onMoveForward={() => shift(0.5)}
        onZoom={zoomOut}
        isOnCanvas
      />
      <RefreshPicker
        value={interval}
        text={t('controls.refresh', 'Refresh')}
        intervals={refreshIntervals}
        onRefresh={refresh}
        onIntervalChanged={(next) => update({ refresh: next === '' ? null : next })}
        isOnCanvas
      />
    </>
  )
}

/** The URL holds `now-7d` or milliseconds, as on Grafana's own pages. */
export function toRaw(text: string): string | ReturnType<typeof dateTime> {
  return /^\d+$/.test(text) ? dateTime(Number(text)) : text
}

export function toText(raw: TimeRange['raw']['from']): string {
  return typeof raw === 'string' ? raw : String(raw.valueOf())
}
