/** Translated words. React escapes text itself, so values go in unescaped: a label such as "R&D" stays as people wrote it. */
import { t as translate } from '@grafana/i18n'

type Values = Readonly<Record<string, string | number>>

/**
 * The words for `id` in the user's language.
 * @param id key of `locales/<language>/turret-topics-app.json`
 * @param english the words when there is no translation; `{{name}}` takes a value
 */
export function t(id: string, english: string, values: Values = {}): string {
  return translate(id, english, { ...values, interpolation: { escapeValue: false } })
}

/**
 * Words that depend on a number. English has these two forms; other languages bring as many as they need.
 * @param one with `{{count, number}}` where the number stands, as people of the language write it
 */
export function plural(id: string, one: string, other: string, count: number, values: Values = {}): string {
  const forms = { defaultValue_one: one, defaultValue_other: other }
  return translate(id, other, { ...values, ...forms, count, interpolation: { escapeValue: false } })
}

/** As `t`, for words that one drawing needs hundreds of times: looked up once, which costs some 80 µs, then only filled in. */
export function template(id: string, english: string): (values: Values) => string {
  const words = translate(id, english, { skipInterpolation: true })
  return (values) => words.replace(/{{(\w+)}}/g, (_, name: string) => String(values[name]))
}
