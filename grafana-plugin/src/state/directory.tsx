/** Labels and colours of all topics, shared by every page: a topic looks the same wherever it appears. */
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { useTheme2 } from '@grafana/ui'
import { useQuery } from '../api/use-query.ts'
import type { Level, Topic } from '../api/types.ts'
import { assignColorNames, unclusteredColor } from '../charts/colors.ts'
import { unclusteredId } from '../constants.ts'
import { t } from '../i18n.ts'

export interface TopicName {
  readonly id: string
  readonly label: string
  readonly color: string
}

export interface Directory {
  /** Looks a topic up; an id that is not known yet still gets a name and a colour. */
  readonly name: (id: string | null) => TopicName
  readonly topics: readonly Topic[]
  readonly reload: () => void
}

const noDirectory: Directory = {
  name: (id) => ({ id: id ?? '', label: id ?? '', color: 'transparent' }),
  topics: [],
  reload: () => undefined,
}
const DirectoryContext = createContext<Directory>(noDirectory)

/** Ever since: labels and colours must not depend on the page's time range. */
const allTime = { from: 'now-10y', to: 'now', hidden: true, limit: 5000 }

export function DirectoryProvider({ level, children }: { readonly level: Level; readonly children: ReactNode }) {
  const { data, reload } = useQuery('topics', { query: { ...allTime, level } })
  const theme = useTheme2()
  const directory = useMemo(() => {
    const topics = data?.topics ?? []
    const colors = assignColorNames(topics)
    const names = new Map(
      topics.map((topic) => [
        topic.id,
        { id: topic.id, label: topic.label, color: theme.visualization.getColorByName(colors.get(topic.id) ?? '') },
      ]),
    )
    const other = { id: '', label: t('topic.other', 'Other'), color: unclusteredColor(theme) }
    names.set(unclusteredId, { id: unclusteredId, label: t('topic.unclustered', 'Unclustered'), color: unclusteredColor(theme) })
    const name = (id: string | null): TopicName =>
      id === null ? other : (names.get(id) ?? { id, label: unknownLabel(id, data !== undefined), color: unclusteredColor(theme) })
    return { name, topics, reload }
  }, [data, theme, reload])
  return <DirectoryContext.Provider value={directory}>{children}</DirectoryContext.Provider>
}

function unknownLabel(id: string, isLoaded: boolean): string {
  return isLoaded ? t('topic.unknown', 'Topic {{id}}', { id: id.slice(0, 6) }) : '…'
}

export function useDirectory(): Directory {
  return useContext(DirectoryContext)
}
