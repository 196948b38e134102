/** What the topics must reach, and what a reference implementation reached in the same protocol. */

/** NMI / ARI / accuracy, 0…1. */
export type Triple = readonly [number, number, number]

/** Per set: the least that a provider's topics must reach, and what a reference implementation of the same rules reached (numpy, igraph). */
export interface SetBar {
  readonly must: Triple
  readonly reference: Triple
}

/** By provider; another model has none. */
export const setBars: Readonly<Record<string, Readonly<Record<string, SetBar>>>> = {
  'all-minilm-l6-v2': {
    banking77: { must: [0.8, 0.52, 0.59], reference: [0.812, 0.55, 0.614] },
    clinc150: { must: [0.89, 0.67, 0.72], reference: [0.901, 0.694, 0.748] },
    snips7: { must: [0.85, 0.84, 0.9], reference: [0.861, 0.865, 0.929] },
    'sgd-intent-turns': { must: [0.82, 0.69, 0.69], reference: [0.837, 0.712, 0.718] },
  },
  'bge-small-en-v1.5': {
    banking77: { must: [0.83, 0.6, 0.66], reference: [0.846, 0.627, 0.689] },
    clinc150: { must: [0.91, 0.74, 0.8], reference: [0.921, 0.764, 0.82] },
    snips7: { must: [0.84, 0.83, 0.88], reference: [0.856, 0.857, 0.9] },
    'sgd-intent-turns': { must: [0.83, 0.68, 0.69], reference: [0.843, 0.706, 0.719] },
  },
  builtin: {
    banking77: { must: [0.78, 0.51, 0.59], reference: [0.793, 0.532, 0.615] },
    clinc150: { must: [0.86, 0.61, 0.68], reference: [0.877, 0.636, 0.704] },
    'sgd-intent-turns': { must: [0.83, 0.7, 0.71], reference: [0.842, 0.721, 0.739] },
  },
}

/** How many topics may be found. */
export const topicCounts: Readonly<Record<string, readonly [number, number]>> = {
  banking77: [46, 146],
  clinc150: [90, 285],
  snips7: [6, 13],
  'sgd-intent-turns': [22, 46],
}

/** Batch clusterings of 4000 messages (3500 of snips7) with MiniLM's vectors, noise in the denominator, default settings. */
export const peers: Readonly<Record<string, Readonly<Record<string, Triple>>>> = {
  'BERTopic (UMAP, HDBSCAN)': {
    banking77: [0.782, 0.362, 0.546],
    clinc150: [0.887, 0.555, 0.742],
    snips7: [0.7, 0.639, 0.654],
    'sgd-intent-turns': [0.765, 0.46, 0.507],
  },
  EVoC: {
    banking77: [0.76, 0.246, 0.558],
    clinc150: [0.87, 0.454, 0.711],
    snips7: [0.747, 0.702, 0.77],
    'sgd-intent-turns': [0.746, 0.343, 0.53],
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
  labelHit: 0.88,
  msPerMessage: 0.5,
  millionMegabytes: 800,
  map: { kept: 0.9, coldSeconds: 3, warmSeconds: 1, drift: 0.05 },
} as const
