/** A table whose order and page stand in the URL. Figures are right-aligned; pages of fifty keep thousands of rows smooth. */
import { useMemo, type ReactNode } from 'react'
import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Icon, Pagination, Tooltip, useStyles2 } from '@grafana/ui'
import { t } from '../i18n.ts'
import { useUrl } from '../state/url.ts'
import { orderRows } from './order-rows.ts'

export interface Column<T> {
  readonly id: string
  readonly header: string
  readonly cell: (row: T) => ReactNode
  /** What the column is ordered by; without it the column cannot be ordered. */
  readonly order?: (row: T) => number | string
  readonly align?: 'right'
  readonly width?: number | string
  /** Explains the column on hover. */
  readonly hint?: string
}

interface DataTableProps<T> {
  /** What the table shows, for screen readers. */
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string
  /** Column and direction at first: `-events` is descending. Without it rows stay as they come. */
  readonly initialOrder?: string
  /** Sets the URL parameters of several tables on one page apart. */
  readonly name?: string
  /** false shows all rows at once: for lists that the API itself pages. */
  readonly paged?: boolean
}

const pageSize = 50

export function DataTable<T>({ label, columns, rows, rowKey, initialOrder = '', name = '', paged = true }: DataTableProps<T>) {
  const styles = useStyles2(getStyles)
  const { params, update } = useUrl()
  const order = params.get(`${name}sort`) ?? initialOrder
  const ordered = useMemo(() => orderRows(rows, columns, order), [rows, columns, order])
  const size = paged ? pageSize : ordered.length
  const pages = Math.max(1, Math.ceil(ordered.length / size))
  const page = Math.min(pages, Math.max(1, Number(params.get(`${name}page`) ?? 1) || 1))
  const toggle = (id: string) => update({ [`${name}sort`]: order === `-${id}` ? id : `-${id}`, [`${name}page`]: null }, { replace: true })

  return (
    <>
      <div className={styles.scroll}>
        <table className={styles.table} aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => (
                <Header key={column.id} column={column} order={order} onToggle={toggle} />
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered.slice((page - 1) * size, page * size).map((row) => (
              <tr key={rowKey(row)}>
                {columns.map(({ id, align, cell }) => (
                  <td key={id} className={cx(align === 'right' && styles.right)}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <div className={styles.pages}>
          <Pagination currentPage={page} numberOfPages={pages} onNavigate={(next) => update({ [`${name}page`]: String(next) })} />
        </div>
      )}
    </>
  )
}

interface HeaderProps<T> {
  readonly column: Column<T>
  readonly order: string
  readonly onToggle: (id: string) => void
}

function Header<T>({ column: { id, header, align, width, hint, order: orderOf }, order, onToggle }: HeaderProps<T>) {
  const styles = useStyles2(getStyles)
  const direction = order === id ? 'ascending' : order === `-${id}` ? 'descending' : undefined
  const words = hint ? (
    <Tooltip content={hint}>
      <span className={styles.hinted}>{header}</span>
    </Tooltip>
  ) : (
    header
  )
  return (
    <th scope="col" style={{ width }} className={cx(align === 'right' && styles.right)} {...(direction && { 'aria-sort': direction })}>
      {orderOf ? (
        <button
          type="button"
          className={styles.sort}
          onClick={() => onToggle(id)}
          title={t('table.order', 'Order by {{column}}', { column: header })}
        >
          {words}
          {direction && <Icon name={direction === 'ascending' ? 'arrow-up' : 'arrow-down'} size="sm" />}
        </button>
      ) : (
        words
      )}
    </th>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflowX: 'auto' }),
  table: css({
    width: '100%',
    borderCollapse: 'collapse',
    fontVariantNumeric: 'tabular-nums',
    'th, td': { padding: theme.spacing(0.75, 1), borderBottom: `1px solid ${theme.colors.border.weak}`, verticalAlign: 'middle' },
    'th:first-child, td:first-child': { paddingLeft: 0 },
    'th:last-child, td:last-child': { paddingRight: 0 },
    th: {
      ...theme.typography.bodySmall,
      fontWeight: theme.typography.fontWeightMedium,
      color: theme.colors.text.secondary,
      whiteSpace: 'nowrap',
      textAlign: 'left',
    },
    'tbody tr:hover': { background: theme.colors.action.hover },
    'tbody tr:last-child td': { borderBottom: 'none' },
  }),
  right: css({ textAlign: 'right !important' as 'right' }),
  sort: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: 0,
    border: 'none',
    background: 'none',
    font: 'inherit',
    color: 'inherit',
    '&:hover': { color: theme.colors.text.primary },
  }),
  hinted: css({ textDecoration: 'underline dotted', textUnderlineOffset: 3 }),
  pages: css({ display: 'flex', justifyContent: 'flex-end', marginTop: theme.spacing(1) }),
})
