/** The constants of the clusterer. No user sets them; tests make them smaller. */

/** What may differ between two clusterers; see `defaultClustererOptions`. */
export interface ClustererOptions {
  readonly seed: number
  /** Anchors that take part in clustering: the bound of cost and memory. */
  readonly landmarks: number
  /** How many landmarks there may be too many before some are evicted. */
  readonly slack: number
  /** Neighbours of a landmark in the graph. */
  readonly neighbors: number
  /** Centred cosine from which two texts count as one. */
  readonly duplicateSimilarity: number
  /** The same before the vectors can be centred, where unrelated texts may already have a cosine of .6. */
  readonly uncentredDuplicateSimilarity: number
  /** Landmarks that are needed to estimate the mean vector. */
  readonly meanLandmarks: number
  /** Resolutions that are tried; 1 is modularity's own scale, below it coarse sets fall into one topic. */
  readonly resolutions: readonly number[]
  /** Softness of the silhouette's plateau over the resolutions, relative. */
  readonly plateau: number
  /** The resolution moves when the new one differs by more than this factor. */
  readonly resolutionStep: number
  /** A subtopic's resolution, as a multiple of the topic's. */
  readonly subtopicFactor: number
  /** A landmark leaves a living topic only for one with more than this many times its votes. */
  readonly inertia: number
  /** Messages from which a group is a topic; smaller ones stay unclustered. */
  readonly minTopicMass: number
  /** Messages before the first run. */
  readonly firstRun: number
  /** Messages between runs, once there are many and until there are very many. */
  readonly runInterval: number
  /** Milliseconds for the reported durations only; decides nothing. */
  readonly now: () => number
}

/** The measured setting: one for all data sets and embedding models. */
export const defaultClustererOptions: ClustererOptions = {
  seed: 42,
  landmarks: 8000,
  slack: 1600,
  neighbors: 15,
  duplicateSimilarity: 0.91,
  uncentredDuplicateSimilarity: 0.98,
  meanLandmarks: 30,
  resolutions: [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32],
  plateau: 0.03,
  resolutionStep: 1.25,
  subtopicFactor: 3,
  inertia: 4,
  minTopicMass: 5,
  firstRun: 60,
  runInterval: 2000,
  now: () => performance.now(),
}

/** Nearest landmarks whose topics vote. */
export const voters = 10
/** Neighbours whose mean similarity says how far off a text is. */
export const closeNeighbors = 5
/** Landmarks that an evicted anchor keeps pointing to. */
export const pointers = 5
/** Rows that are searched at a time: one block of queries stays in the processor's cache. */
export const blockRows = 64
