/** Colours for a person at a terminal: a file, a pipe and the log of a build get plain text, unless FORCE_COLOR asks for them. */
import picocolors from 'picocolors'

export const pc = picocolors.createColors(picocolors.isColorSupported && (process.stdout.isTTY || process.env['FORCE_COLOR'] !== undefined))
