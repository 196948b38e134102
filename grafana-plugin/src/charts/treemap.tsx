/** Rectangles whose area is a topic's share of all messages. */
import { useMemo } from 'react'
import { css } from '@emotion/css'
import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy'
import { colorManipulator, type GrafanaTheme2 } from '@grafana/data'
import { Link, useStyles2, useTheme2 } from '@grafana/ui'
import { createRuler } from './text-ruler.ts'
import { useWidth } from './use-width.ts'

export interface Tile {
  readonly id: string
  readonly label: string
  readonly value: number
  readonly note: string
  readonly color: string
  /** Tiles without a link stand for what has no page, such as “Other”. */
  readonly href?: string
}

interface TreemapProps {
  readonly tiles: readonly Tile[]
  readonly label: string
  readonly height?: number
}

/** Words keep their contrast on a tint of the topic's colour, in both themes. */
const fillAlpha = 0.24

export function Treemap({ tiles, label, height = 280 }: TreemapProps) {
  const styles = useStyles2(getStyles)
  const theme = useTheme2()
  const widthOf = useMemo(() => {
    const { fontWeightMedium, fontSize, fontFamily } = theme.typography
    const ruler = createRuler(`${fontWeightMedium} ${fontSize}px ${fontFamily}`)
    return (text: string) => ruler(text) + letterSpacing * text.length
  }, [theme])
  const [ref, width] = useWidth()
  const boxes = useMemo(() => layOutTiles(tiles, width, height), [tiles, width, height])
  return (
    <div ref={ref} className={styles.map} style={{ height }} role="list" aria-label={label}>
      {boxes.map(({ tile, x, y, w, h }) => {
        const words = fitWords(tile.label, { w, h }, widthOf)
        const content = (
          <>
            {words.label !== 'none' && <span className={words.label === 'line' ? styles.line : styles.label}>{tile.label}</span>}
            {words.note && <span className={styles.note}>{tile.note}</span>}
          </>
        )
        const style = { left: x, top: y, width: w, height: h }
        return (
          <div key={tile.id} role="listitem" className={styles.tile} style={style}>
            {tile.href ? (
              <Link
                href={tile.href}
                className={styles.link}
                style={{ background: colorManipulator.alpha(tile.color, fillAlpha), borderLeftColor: tile.color }}
                title={`${tile.label}: ${tile.note}`}
              >
                {content}
              </Link>
            ) : (
              <div className={styles.link} title={`${tile.label}: ${tile.note}`}>
                {content}
              </div>
            )}
          </div>
        )
      })}
    </div>
  )
}

interface Box {
  readonly tile: Tile
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export function layOutTiles(tiles: readonly Tile[], width: number, height: number): Box[] {
  if (width === 0 || tiles.length === 0) {
    return []
  }
  const root = hierarchy<{ children?: readonly Tile[]; value?: number }>({ children: tiles }).sum((node) => node.value ?? 0)
  const placed = treemap<{ children?: readonly Tile[]; value?: number }>()
    .tile(treemapSquarify.ratio(1.6))
    .size([width, height])
    .paddingInner(2)
    .round(true)(root)
  return placed.leaves().map((leaf) => ({ tile: leaf.data as Tile, x: leaf.x0, y: leaf.y0, w: leaf.x1 - leaf.x0, h: leaf.y1 - leaf.y0 }))
}

const padding = { x: 19, y: 12 } // px, of both sides and the coloured edge together
const lineHeight = 17
const letterSpacing = 0.2 // px: Grafana's text has a little, which a canvas does not know
const noteWidth = 70
const noteHeight = 18
const narrowestLine = 48 // px; less shows letters, not words

/**
 * What a tile has room for: its label in lines, in one line that is cut, or not at all; and its numbers.
 * @param widthOf a text's width, px
 */
export function fitWords(
  label: string,
  { w: outerWidth, h: outerHeight }: Pick<Box, 'w' | 'h'>,
  widthOf: (text: string) => number,
): { label: 'lines' | 'line' | 'none'; note: boolean } {
  const [width, height] = [outerWidth - padding.x, outerHeight - padding.y]
  const words = label.split(/\s+/)
  if (height < lineHeight || (width < narrowestLine && widthOf(label) > width)) {
    return { label: 'none', note: false }
  }
  const lines = words.reduce<string[]>((done, word) => {
    const longer = `${done.at(-1) ?? ''} ${word}`.trim()
    return widthOf(longer) <= width ? [...done.slice(0, -1), longer] : [...done, word]
  }, [])
  const isWhole = lines.length * lineHeight <= height && words.every((word) => widthOf(word) <= width)
  const used = isWhole ? lines.length * lineHeight : lineHeight
  return { label: isWhole ? 'lines' : 'line', note: width >= noteWidth && height >= used + noteHeight }
}

const getStyles = (theme: GrafanaTheme2) => {
  const label = { fontWeight: theme.typography.fontWeightMedium, lineHeight: `${lineHeight}px`, flex: 'none', overflow: 'hidden' }
  return {
    map: css({ position: 'relative', overflow: 'hidden' }),
    tile: css({ position: 'absolute' }),
    link: css({
      display: 'flex',
      flexDirection: 'column',
      width: '100%',
      height: '100%',
      padding: theme.spacing(0.75, 1),
      color: theme.colors.text.primary,
      background: theme.colors.background.secondary,
      borderLeft: '3px solid transparent',
      overflow: 'hidden',
      '&:hover': { filter: 'brightness(1.15)' },
      '&:focus-visible': { outline: `2px solid ${theme.colors.text.primary}`, outlineOffset: -3 },
    }),
    label: css(label),
    line: css({ ...label, whiteSpace: 'nowrap', textOverflow: 'ellipsis' }),
    note: css({ ...theme.typography.bodySmall, whiteSpace: 'nowrap' }),
  }
}
