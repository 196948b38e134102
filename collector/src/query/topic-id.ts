/** Topic ids: 64-bit numbers in the tables, 16 hex digits in the API. */

export function toTopicId(id: bigint): string {
  return id.toString(16).padStart(16, '0')
}

/** @param id 16 hex digits */
export function parseTopicId(id: string): bigint {
  return BigInt(`0x${id}`)
}
