/** Orders a table's rows. */

interface Ordered<T> {
  readonly id: string
  readonly order?: (row: T) => number | string
}

/**
 * @param order a column's id, `-id` for descending; an unknown one leaves the rows as they are
 */
export function orderRows<T>(rows: readonly T[], columns: readonly Ordered<T>[], order: string): readonly T[] {
  const descending = order.startsWith('-')
  const orderOf = columns.find(({ id }) => id === (descending ? order.slice(1) : order))?.order
  if (!orderOf) {
    return rows
  }
  const sign = descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const [left, right] = [orderOf(a), orderOf(b)]
    return sign * (typeof left === 'string' ? left.localeCompare(String(right)) : left - Number(right))
  })
}
