/** From a run's topics to rows with words: labels, examples, what people changed. */
import { type Label, type Labeler, type TopicSample, isStale } from '../label/labeler.ts'
import { chooseExamples } from '../label/examples.ts'
import { toTermStatistics } from '../label/term-statistics.ts'
import { createWordReader } from '../label/words.ts'
import type { Run, RunTopic } from '../cluster/report.ts'
import type { TopicRow } from './publish.ts'
import type { Samples } from './samples.ts'

/** A topic's words as they were published last. */
export interface KnownTopic {
  readonly row: TopicRow
  /** Messages when the label was worded. */
  readonly labelledMass: number
}

export interface RowsOptions {
  readonly run: Run
  readonly samples: Samples
  /** Where an anchor belongs now. */
  readonly placeOf: (anchorId: bigint) => { readonly subtopic: bigint; readonly topic: bigint; readonly theme: bigint }
  readonly known: ReadonlyMap<bigint, KnownTopic>
  /** Topics whose words must be made anew, unless a person wrote them. */
  readonly outdated?: ReadonlySet<bigint>
  readonly labeler: Labeler
  /** false: no user's text may stand in a row; words that several users share may. */
  readonly keepsTexts: boolean
  readonly nowMs: number
  readonly signal: AbortSignal
}

const maxMessages = 200 // per topic: more do not change the words
const levels = ['subtopic', 'topic', 'theme'] as const

/** Every living topic as it is now, and those that ended in this run. */
export async function toTopicRows(options: RowsOptions): Promise<KnownTopic[]> {
  const { run, known } = options
  const messages = messagesByTopic(options)
  const rows: KnownTopic[] = []
  const wordsOf = createWordReader()
  for (const level of levels) {
    const topics = run.topics.filter((topic) => topic.level === level)
    const samples = topics.map((topic) => toSample(topic, messages.get(topic.id) ?? [], options))
    const labels = await options.labeler.label(samples, toTermStatistics(samples, wordsOf), { signal: options.signal })
    const made = topics.map((topic, i) => toRow(topic, labels.get(samples[i]!.id), samples[i]!, known.get(topic.id), options.nowMs))
    rows.push(...(options.keepsTexts ? made : made.map(withoutTexts)))
  }
  return [...rows, ...endedRows(run, known)]
}

function messagesByTopic({ run, samples, placeOf }: RowsOptions): Map<bigint, TopicSample['messages'][number][]> {
  const central = new Map<bigint, number>()
  for (const topic of run.topics) {
    for (const [i, anchorId] of topic.centralAnchorIds.entries()) {
      if (topic.level === 'topic' || !central.has(anchorId)) central.set(anchorId, 1 - i / 100)
    }
  }
  const byTopic = new Map<bigint, TopicSample['messages'][number][]>()
  const inOrder = [...samples.anchors()].sort((a, b) => (central.get(b) ?? 0) - (central.get(a) ?? 0))
  for (const anchorId of inOrder) {
    const place = placeOf(anchorId)
    const messages = samples.of(anchorId, central.get(anchorId) ?? 0)
    for (const id of [place.subtopic, place.topic, place.theme]) {
      if (id === 0n) continue
      const list = byTopic.get(id)
      if (list === undefined) byTopic.set(id, [...messages])
      else if (list.length < maxMessages) list.push(...messages)
    }
  }
  return byTopic
}

function toSample(topic: RunTopic, messages: TopicSample['messages'], { run, known, outdated }: RowsOptions): TopicSample {
  const before = known.get(topic.id)
  const isOutdated = outdated?.has(topic.id) === true && before?.row.LabelSource !== 'user'
  const reshaped = run.lineage.some(
    (step) => (step.kind === 'split' && step.fromId === topic.id) || (step.kind === 'merge' && step.toId === topic.id),
  )
  return {
    id: topic.id.toString(16),
    messages,
    size: topic.mass,
    reshaped,
    neighbours: topic.nearestIds.map((id) => id.toString(16)),
    ...(before !== undefined &&
      !isOutdated && {
        previous: {
          label: before.row.Label,
          description: before.row.Description,
          source: before.row.LabelSource,
          size: before.labelledMass,
        },
      }),
  }
}

function toRow(topic: RunTopic, label: Label | undefined, sample: TopicSample, before: KnownTopic | undefined, nowMs: number): KnownTopic {
  const known = sample.previous === undefined ? [] : before?.row.Keyphrases
  const keyphrases = label?.keyphrases.length ? label.keyphrases : (known ?? []) // a topic whose samples are forgotten keeps its words
  const row: TopicRow = {
    Level: topic.level,
    TopicId: topic.id,
    ParentId: topic.parentId,
    State: 'active',
    RedirectTo: 0n,
    Label: label?.label ?? before?.row.Label ?? 'Topic',
    Description: label?.description ?? before?.row.Description ?? '',
    LabelSource: label?.source ?? before?.row.LabelSource ?? 'phrase',
    Keyphrases: keyphrases,
    Examples: chooseExamples(sample.messages).slice(0, 8),
    Hidden: before?.row.Hidden ?? 0,
    Pinned: before?.row.Pinned ?? 0,
    Mass: topic.mass,
    BornAt: before?.row.BornAt ?? nowMs,
  }
  return { row, labelledMass: before === undefined || isStale(sample) ? topic.mass : before.labelledMass }
}

/** A label of the offline labeler is a whole message where no phrase was found. */
function withoutTexts({ row, labelledMass }: KnownTopic): KnownTopic {
  const isWorded = row.LabelSource !== 'phrase' || row.Keyphrases.length > 0
  const words = { Label: isWorded ? row.Label : 'Topic', Description: row.LabelSource === 'phrase' ? '' : row.Description }
  return { row: { ...row, ...words, Examples: [] }, labelledMass }
}

/** A topic that ended sends its readers to the one that took its messages. */
function endedRows(run: Run, known: ReadonlyMap<bigint, KnownTopic>): KnownTopic[] {
  const ended = run.lineage.filter((step) => step.kind === 'merge' || step.kind === 'retired')
  return ended.flatMap((step) => {
    const before = known.get(step.fromId)
    return before === undefined ? [] : [{ ...before, row: { ...before.row, State: 'retired' as const, RedirectTo: step.toId, Mass: 0 } }]
  })
}
