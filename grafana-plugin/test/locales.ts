/** Writes `src/locales/en-US`: the words of the source, from which translators start. Run by `npm run locales`; a test holds both together. */
import { writeFile } from 'node:fs/promises'
import { localeFile, readMessages, toLocale } from './messages.ts'

await writeFile(localeFile, toLocale(await readMessages()))
