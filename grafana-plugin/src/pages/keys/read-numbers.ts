/** The numbers of the key form. They are text until read: a number field would turn what it cannot read into nothing, and nothing means no limit. */

const fewestUsers = 2 // with one, nothing would be hidden
const mostUsers = 100 // the collector's own limit

/** @returns events a month, 0 = no limit; undefined for anything but a whole number */
export function readQuota(text: string): number | undefined {
  return text.trim() === '' ? 0 : readWhole(text)
}

/** @returns how many users must share what the key shows, 0 = it shows everything; undefined for a number that the collector refuses */
export function readCrowd(text: string): number | undefined {
  if (text.trim() === '') {
    return 0
  }
  const users = readWhole(text) ?? 0
  return users >= fewestUsers && users <= mostUsers ? users : undefined
}

function readWhole(text: string): number | undefined {
  const number = Number(text)
  return /^\s*\d+\s*$/.test(text) && Number.isSafeInteger(number) ? number : undefined
}
