/** What the topics must reach, and what a reference implementation reached in the same protocol. */

/** NMI / ARI / accuracy of a set's topics, 0…1. */
export interface SetBar {
  readonly must: readonly [number, number, number]
  readonly reference: readonly [number, number, number]
  /** How many topics may be found. */
  readonly topics: readonly [number, number]
}

/** By kind of vectors: a sentence model's (MiniLM) or the builtin table's. */
export const setBars: Readonly<Record<'sentence' | 'builtin', Readonly<Record<string, SetBar>>>> = {
  sentence: {
    banking77: { must: [0.8, 0.52, 0.59], reference: [0.812, 0.55, 0.614], topics: [46, 146] },
    clinc150: { must: [0.89, 0.67, 0.72], reference: [0.901, 0.694, 0.748], topics: [90, 285] },
    snips7: { must: [0.85, 0.84, 0.9], reference: [0.861, 0.865, 0.929], topics: [6, 13] },
    'sgd-intent-turns': { must: [0.82, 0.69, 0.69], reference: [0.837, 0.712, 0.718], topics: [22, 46] },
  },
  builtin: {
    banking77: { must: [0.78, 0.51, 0.59], reference: [0.793, 0.532, 0.615], topics: [46, 146] },
    clinc150: { must: [0.86, 0.61, 0.68], reference: [0.877, 0.636, 0.704], topics: [90, 285] },
    snips7: { must: [0.83, 0.82, 0.87], reference: [0.847, 0.847, 0.898], topics: [6, 13] },
    'sgd-intent-turns': { must: [0.83, 0.7, 0.71], reference: [0.842, 0.721, 0.739], topics: [22, 46] },
  },
}

/** NMI when all of one class come before the next. */
export const blockBars: Readonly<Record<string, number>> = { banking77: 0.815, clinc150: 0.9 }

/** Of all sets together, and of the two special streams. */
export const bars = {
  alive: 0.965,
  same: 0.92,
  samePure: 0.97,
  churnMean: 0.055,
  churnWorst: 0.1,
  newIntents: { found: 12, median: 22, topicFound: 8, churn: 0.015 },
  outOfScope: { auc: 0.915, precision: 0.58, inScopeLost: 0.055 },
  msPerMessage: 0.5,
  millionMegabytes: 800,
} as const
