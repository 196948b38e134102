/** The columns of the list of keys. */
import { Badge, ConfirmButton } from '@grafana/ui'
import type { ApiKey } from '../../api/types.ts'
import { ShareBar } from '../../charts/share-bar.tsx'
import type { Column } from '../../components/data-table.tsx'
import { formatCount, formatTime } from '../../format.ts'
import { t } from '../../i18n.ts'
import { scopeWords } from './scopes.ts'

export function toColumns(onRevoke: (id: string) => void): Column<ApiKey>[] {
  return [
    { id: 'name', header: t('keys.name', 'Name'), cell: ({ name, key_id }) => name || key_id, order: ({ name }) => name },
    {
      id: 'scopes',
      header: t('keys.scopes', 'May'),
      cell: ({ scopes, k_anonymity }) =>
        k_anonymity > 0
          ? t('keys.crowd', 'read what at least {{count}} users share', { count: k_anonymity })
          : scopes.map(scopeWords).join(', '),
    },
    {
      id: 'use',
      header: t('keys.use', 'Used this month'),
      width: 240,
      cell: ({ used_this_month, monthly_quota }) =>
        monthly_quota === 0 ? (
          formatCount(used_this_month)
        ) : (
          <>
            {t('keys.of', '{{used}} of {{quota}}', { used: formatCount(used_this_month), quota: formatCount(monthly_quota) })}
            <ShareBar share={used_this_month / monthly_quota} />
          </>
        ),
    },
    {
      id: 'created',
      header: t('keys.created-at', 'Created'),
      width: 190,
      cell: ({ created_at }) => formatTime(created_at),
      order: ({ created_at }) => created_at,
    },
    {
      id: 'expires',
      header: t('keys.expires', 'Expires'),
      width: 190,
      cell: ({ expires_at }) => (expires_at === null ? t('keys.never', 'never') : formatTime(expires_at)),
    },
    {
      id: 'revoke',
      header: '',
      align: 'right',
      width: 110,
      cell: ({ key_id, revoked_at }) =>
        revoked_at === null ? (
          <ConfirmButton
            confirmText={t('keys.revoke', 'Revoke')}
            confirmVariant="destructive"
            closeOnConfirm
            onConfirm={() => onRevoke(key_id)}
          >
            {t('keys.revoke', 'Revoke')}
          </ConfirmButton>
        ) : (
          <Badge color="darkgrey" text={t('keys.revoked', 'Revoked')} />
        ),
    },
  ]
}
