/** The topics' shares as a treemap. */
import { useMemo } from 'react'
import type { TopicsAnswer } from '../../api/types.ts'
import { Treemap, type Tile } from '../../charts/treemap.tsx'
import { Section } from '../../components/section.tsx'
import { formatCount, formatShare } from '../../format.ts'
import { t } from '../../i18n.ts'
import { useDirectory } from '../../state/directory.tsx'
import { topicLink } from '../../state/links.ts'
import { useUrl } from '../../state/url.ts'

const shownTopics = 60

export function TopicShares({ data: { topics, other, unclustered, total } }: { readonly data: TopicsAnswer }) {
  const directory = useDirectory()
  const { params } = useUrl()
  const tiles = useMemo(() => {
    const note = (events: number) => `${formatShare(events / Math.max(total.events, 1))} · ${formatCount(events)}`
    const shown = topics.slice(0, shownTopics).map((topic): Tile => {
      const { color } = directory.name(topic.id)
      return { id: topic.id, label: topic.label, value: topic.events, note: note(topic.events), color, href: topicLink(topic.id, params) }
    })
    const rest = topics.slice(shownTopics).reduce((sum, topic) => sum + topic.events, other?.events ?? 0)
    const plain = [
      { id: 'other', label: t('topics.rest', 'All other topics'), value: rest },
      { id: 'unclustered', label: t('topic.unclustered', 'Unclustered'), value: unclustered.events },
    ].filter(({ value }) => value > 0)
    return [...shown, ...plain.map((tile): Tile => ({ ...tile, note: note(tile.value), color: '' }))]
  }, [topics, other, unclustered, total, directory, params])
  return (
    <Section title={t('topics.shares', 'Share of messages')}>
      <Treemap tiles={tiles} label={t('topics.shares', 'Share of messages')} />
    </Section>
  )
}
