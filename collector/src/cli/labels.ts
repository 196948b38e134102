/** Labels of topics by id, so that people read words where the API speaks of ids. */
import { pc } from './colors.ts'
import type { Client } from '../query/client.ts'
import { type Level, unclusteredId } from '../query/contract/common.ts'
import { plain } from './picture.ts'

export type LabelOf = (topicId: string | null) => string

/** @param level the level that the ids belong to */
export async function readLabels(client: Client, level: Level): Promise<LabelOf> {
  const { topics } = await client.topics({ level, from: 'now-10y', hidden: 'true', limit: 5000 })
  const labels = new Map(topics.map((topic) => [topic.id, topic.label]))
  return (id) => {
    if (id === null) return pc.dim('Other')
    if (id === unclusteredId) return pc.dim('Unclustered')
    return plain(labels.get(id) ?? id, 34)
  }
}
