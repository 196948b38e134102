/** The door at which a provider's vectors are checked and brought to length 1. */

/**
 * Writes a vector to `target`, scaled to length 1; an all-zero vector stays zero.
 * @returns false, with `target` in an undefined state, if a number is not finite or the length is out of range
 */
export function writeUnitRow(vector: ArrayLike<number>, target: Float32Array): boolean {
  let squares = 0
  for (let i = 0; i < target.length; i++) squares += vector[i]! * vector[i]!
  if (!Number.isFinite(squares)) return false

  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares)
  for (let i = 0; i < target.length; i++) target[i] = vector[i]! * scale
  return true
}
