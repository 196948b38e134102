/** A topic at one step of the flow: its bar, its name and the fading end of the sessions that stop there. */
import { memo } from 'react'
import { formatCount } from '../../format.ts'
import { nodeWidth, type NodePlace } from './layout.ts'
import type { NodeView } from './views.ts'

interface NodeProps {
  readonly view: NodeView
  readonly place: NodePlace
  /** From the node's left edge to the next column or the end of the drawing, px. */
  readonly room: number
  readonly exitFill: string
  readonly isLit: boolean
}

const exitLength = 26
const thinnestExit = 0.5 // px
const lineHeight = 14
const labelGap = 6 // px between bar and label
const columnGap = 8 // px between a label and the next column
const meanCharWidth = 6.3 // of 12 px Inter: labels are cut before they reach the next column
const fewestChars = 6

export const Node = memo(function Node({ view, place, room, exitFill, isLit }: NodeProps) {
  const { key, label, color, title, href, sessions, exit } = view
  const fits = Math.floor((room - nodeWidth - labelGap - columnGap) / meanCharWidth)
  const x = place.x + nodeWidth + labelGap
  const middle = place.y + place.height / 2
  const hasTwoLines = place.height >= 2 * lineHeight
  return (
    <g opacity={isLit ? 1 : 0.35} data-key={key}>
      {exit && place.exit.height >= thinnestExit && (
        <a href={exit.href} tabIndex={-1}>
          <title>{exit.title}</title>
          <rect x={place.x + nodeWidth} y={place.exit.y} width={exitLength} height={place.exit.height} fill={exitFill} />
        </a>
      )}
      <a href={href}>
        <title>{title}</title>
        <rect x={place.x} y={place.y} width={nodeWidth} height={place.height} rx={2} fill={color} />
        <text x={x} y={middle + (hasTwoLines ? -2 : 4)}>
          {shorten(label, Math.max(fewestChars, fits))}
        </text>
        {hasTwoLines && (
          <text x={x} y={middle + lineHeight - 2} data-minor="">
            {formatCount(sessions)}
          </text>
        )}
      </a>
    </g>
  )
})

function shorten(text: string, chars: number): string {
  const letters = Array.from(text)
  return letters.length > chars ? `${letters.slice(0, chars - 1).join('')}…` : text
}
