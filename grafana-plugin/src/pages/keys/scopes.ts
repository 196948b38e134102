/** What keys may do, in words. */
import type { Scope } from '../../api/types.ts'
import { t } from '../../i18n.ts'

export const scopes: readonly Scope[] = ['ingest', 'read', 'admin']

export function scopeWords(scope: Scope): string {
  switch (scope) {
    case 'ingest':
      return t('keys.ingest', 'send events')
    case 'read':
      return t('keys.read', 'read')
    case 'admin':
      return t('keys.admin', 'edit topics and keys')
  }
}
