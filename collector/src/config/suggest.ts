/** Finds the known word that a misspelt one probably meant. */

/**
 * The nearest of the candidates, if it is near enough to be meant.
 * @returns undefined where more than about a third of the letters differ
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance >= bestDistance) continue
    best = candidate
    bestDistance = distance
  }
  return best
}

/** Least number of letters to insert, delete, replace or swap with a neighbour (optimal string alignment). Cost O(|a|·|b|). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      const swaps = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swapped = swaps ? beforeLast[column - 2]! + 1 : Number.POSITIVE_INFINITY
      current.push(Math.min(replaced, swapped, last[column]! + 1, current[column - 1]! + 1))
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}
