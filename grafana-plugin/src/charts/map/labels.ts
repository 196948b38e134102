/** Chooses which topics have their name on the map: the biggest first, none over another. */
import { toPixel, type Place, type Size, type View } from './view.ts'

export interface MapTopic extends Place {
  readonly id: string
  readonly label: string
  readonly color: string
  readonly messages: number
}

/** A name's box, px; x and y are its middle. */
export interface Label extends Place, Size {
  readonly topic: MapTopic
  readonly text: string
}

const mostLabels = 48
const height = 18
const gap = 6 // px between two names
const longest = 30 // characters

/**
 * @param topics biggest first
 * @param widthOf a text's width, px
 */
export function placeLabels(topics: readonly MapTopic[], view: View, size: Size, widthOf: (text: string) => number): Label[] {
  const labels: Label[] = []
  for (const topic of topics) {
    const text = topic.label.length > longest ? `${topic.label.slice(0, longest - 1).trimEnd()}…` : topic.label
    const label = { topic, text, ...toPixel(topic, view, size), width: widthOf(text) + 4, height }
    if (text !== '' && isInside(label, size) && !labels.some((other) => overlap(label, other))) {
      labels.push(label)
    }
    if (labels.length === mostLabels) {
      break
    }
  }
  return labels
}

/** The name under a pixel. */
export function labelAt(labels: readonly Label[], { x, y }: Place): Label | undefined {
  return labels.find((label) => Math.abs(label.x - x) <= label.width / 2 && Math.abs(label.y - y) <= label.height / 2)
}

function isInside({ x, y, width }: Label, size: Size): boolean {
  return x > width / 2 && x < size.width - width / 2 && y > height / 2 && y < size.height - height / 2
}

function overlap(a: Label, b: Label): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 + gap && Math.abs(a.y - b.y) < height + gap / 2
}
