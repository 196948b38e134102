/** Rectangles whose area is a topic's share of all messages. */
import { useMemo } from 'react'
import { css } from '@emotion/css'
import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy'
import { colorManipulator, type GrafanaTheme2 } from '@grafana/data'
import { Link, useStyles2 } from '@grafana/ui'
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
  const [ref, width] = useWidth()
  const boxes = useMemo(() => layOutTiles(tiles, width, height), [tiles, width, height])
  return (
    <div ref={ref} className={styles.map} style={{ height }} role="list" aria-label={label}>
      {boxes.map(({ tile, x, y, w, h }) => {
        const content = (
          <>
            <span className={styles.label}>{tile.label}</span>
            <span className={styles.note}>{tile.note}</span>
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

const getStyles = (theme: GrafanaTheme2) => ({
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
    containerType: 'size',
    '&:hover': { filter: 'brightness(1.15)' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.text.primary}`, outlineOffset: -3 },
  }),
  label: css({
    fontWeight: theme.typography.fontWeightMedium,
    lineHeight: 1.2,
    overflow: 'hidden',
    overflowWrap: 'break-word',
    hyphens: 'auto',
    // Small tiles have room for one line, or for none.
    '@container (max-width: 70px) or (max-height: 62px)': { whiteSpace: 'nowrap', textOverflow: 'ellipsis' },
    '@container (max-width: 34px) or (max-height: 18px)': { display: 'none' },
  }),
  note: css({ ...theme.typography.bodySmall, '@container (max-width: 78px) or (max-height: 44px)': { display: 'none' } }),
})
