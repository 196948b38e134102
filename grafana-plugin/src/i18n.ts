/** Translated words. React escapes text itself, so values go in unescaped: a label such as "R&D" stays as people wrote it. */
import { t as translate } from '@grafana/i18n'

/**
 * The words for `id` in the user's language.
 * @param id key of `locales/<language>/turret-topics-app.json`
 * @param english the words when there is no translation; `{{name}}` takes a value
 */
export function t(id: string, english: string, values: Record<string, string | number> = {}): string {
  return translate(id, english, { ...values, interpolation: { escapeValue: false } })
}
