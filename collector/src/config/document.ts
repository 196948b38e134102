/** A YAML source as a tree whose every part remembers the line it came from. */
import { type Alias, type Document, LineCounter, type Node, type Pair, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'

/** A YAML text and what to call it in an error: a file's path, or `yaml:…`, `env:NAME`, `--set=…`. */
export interface Source {
  readonly file: string
  readonly text: string
}

/** A place in a source; line and column count from 1. */
export interface Origin {
  readonly source: Source
  readonly line: number
  readonly column: number
}

export type Scalar = string | number | boolean | null

/** A single value; `original` is its text where it came from outside and may have looked like another type. */
export interface ScalarNode {
  readonly kind: 'scalar'
  readonly origin: Origin
  readonly value: Scalar
  readonly original?: string
}
interface ListNode {
  readonly kind: 'list'
  readonly origin: Origin
  readonly items: readonly ConfigNode[]
}
export interface MapNode {
  readonly kind: 'map'
  readonly origin: Origin
  readonly entries: ReadonlyMap<string, Entry>
}
/** A key of a map, with its own place. */
interface Entry {
  readonly origin: Origin
  readonly value: ConfigNode
}
export type ConfigNode = ScalarNode | ListNode | MapNode

/** What is wrong with a source's YAML. */
export interface YamlFault {
  readonly message: string
  readonly origin: Origin
}

const maxDepth = 64 // nobody nests deeper; a document that contains itself does
const maxNodes = 50_000 // aliases of aliases grow exponentially

/** Reads YAML 1.2 with anchors and merge keys. A key `a::b` stands for `b` inside `a`, as in the Collector. */
export function parseYaml(source: Source): { root: ConfigNode; faults: YamlFault[] } {
  const lines = new LineCounter()
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false })
  const originAt = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset)
    return { source, line, column: col }
  }
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, origin: originAt(pos[0]) }))
  const reader = new TreeReader(document, originAt, faults)
  return { root: reader.read(document.contents, originAt(0), 0), faults }
}

/** Maps are merged, everything else is replaced. */
function merge(earlier: ConfigNode, later: ConfigNode): ConfigNode {
  return earlier.kind === 'map' && later.kind === 'map' ? mergeMaps(earlier, later) : later
}

/** The plain value of a tree. */
export function toPlain(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(toPlain)
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toPlain(value)]))
}

/** Whether a key has no value. */
export function isNothing(node: ConfigNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null)
}

/** What lies at a path, if anything does. */
export function nodeAt(root: ConfigNode, path: readonly PropertyKey[]): ConfigNode | undefined {
  let node: ConfigNode | undefined = root
  for (const part of path) {
    if (node?.kind === 'map') node = node.entries.get(String(part))?.value
    else if (node?.kind === 'list') node = node.items[Number(part)]
    else return undefined
  }
  return node
}

/** Where a path was written: its value, or its key where asked for or where the value is a map or nothing; else the nearest part above. */
export function originOf(root: ConfigNode, path: readonly PropertyKey[], options: { key?: boolean } = {}): Origin {
  let origin = root.origin
  let node: ConfigNode | undefined = root
  for (const part of path) {
    if (node?.kind === 'map') {
      const entry: Entry | undefined = node.entries.get(String(part))
      if (!entry) return origin
      node = entry.value
      origin = options.key || node.kind === 'map' || isNothing(node) ? entry.origin : node.origin
    } else if (node?.kind === 'list') {
      node = node.items[Number(part)]
      if (!node) return origin
      origin = node.origin
    } else {
      return origin
    }
  }
  return origin
}

class TreeReader {
  private nodes = 0
  private readonly document: Document
  private readonly originAt: (offset: number) => Origin
  private readonly faults: YamlFault[]

  constructor(document: Document, originAt: (offset: number) => Origin, faults: YamlFault[]) {
    this.document = document
    this.originAt = originAt
    this.faults = faults
  }

  read(node: Node | null, fallback: Origin, depth: number): ConfigNode {
    const origin = node?.range ? this.originAt(node.range[0]) : fallback
    if (++this.nodes > maxNodes || depth > maxDepth) {
      if (this.nodes <= maxNodes + 1) this.faults.push({ message: 'nested too deeply, or too large', origin })
      this.nodes = maxNodes + 1
      return { kind: 'scalar', origin, value: null }
    }
    if (isAlias(node)) return this.read(this.resolve(node, origin), origin, depth + 1)
    if (isSeq<Node>(node)) return { kind: 'list', origin, items: node.items.map((item) => this.read(item, origin, depth + 1)) }
    if (isMap<Node, Node | null>(node)) return this.readMap(node.items, origin, depth)
    return { kind: 'scalar', origin, value: isScalar(node) ? toScalar(node.value) : null }
  }

  private readMap(pairs: readonly Pair<Node, Node | null>[], origin: Origin, depth: number): MapNode {
    let map: MapNode = { kind: 'map', origin, entries: new Map() }
    for (const { key, value } of pairs) {
      const keyOrigin = key.range ? this.originAt(key.range[0]) : origin
      if (!isScalar(key)) {
        this.faults.push({ message: 'a key must be a text', origin: keyOrigin })
        continue
      }
      const child = this.read(value, keyOrigin, depth + 1)
      const name = String(key.value)
      map = name === '<<' ? mergeBelow(map, child) : mergeMaps(map, nest(name.split('::'), child, keyOrigin))
    }
    return map
  }

  private resolve(alias: Alias, origin: Origin): Node | null {
    const node = alias.resolve(this.document) as Node | undefined
    if (!node) this.faults.push({ message: `Unresolved alias: no anchor &${alias.source} before it`, origin })
    return node ?? null
  }
}

/** Lays a later map over an earlier one, key by key. */
export function mergeMaps(earlier: MapNode, later: MapNode): MapNode {
  const entries = new Map(earlier.entries)
  for (const [key, entry] of later.entries) {
    const before = entries.get(key)
    entries.set(key, before ? { origin: entry.origin, value: merge(before.value, entry.value) } : entry)
  }
  return { ...later, entries }
}

/** The YAML merge key `<<`: takes the keys of another map, or of several, that are not here yet. */
function mergeBelow(map: MapNode, other: ConfigNode): MapNode {
  const entries = new Map(map.entries)
  for (const next of other.kind === 'list' ? other.items : [other]) {
    if (next.kind !== 'map') continue
    for (const [key, entry] of next.entries) if (!entries.has(key)) entries.set(key, entry)
  }
  return { ...map, entries }
}

function nest(path: readonly string[], value: ConfigNode, origin: Origin): MapNode {
  const [first = '', ...rest] = path
  const inner = rest.length === 0 ? value : nest(rest, value, origin)
  return { kind: 'map', origin, entries: new Map([[first, { origin, value: inner }]]) }
}

function toScalar(value: unknown): Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
