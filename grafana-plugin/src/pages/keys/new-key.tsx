/** The form for a new key. What the collector would refuse is said before it is sent. */
import { useState, type FormEvent } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, Checkbox, Field, Input, useStyles2 } from '@grafana/ui'
import type { Body, Scope } from '../../api/types.ts'
import { Section } from '../../components/section.tsx'
import { t } from '../../i18n.ts'
import { readCrowd, readQuota } from './read-numbers.ts'
import { scopes, scopeWords } from './scopes.ts'

interface NewKeyProps {
  /** The project of the key that this app uses. */
  readonly project: string
  readonly onCreate: (key: Body<'createKey'>) => Promise<void>
}

export function NewKey({ project: ownProject, onCreate }: NewKeyProps) {
  const styles = useStyles2(getStyles)
  const [project, setProject] = useState(ownProject)
  const [name, setName] = useState('')
  const [quota, setQuota] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>(['ingest'])
  const [crowd, setCrowd] = useState('')
  const mayOnlyRead = chosen.length === 1 && chosen[0] === 'read'
  const monthly_quota = readQuota(quota)
  const k_anonymity = mayOnlyRead ? readCrowd(crowd) : 0
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (monthly_quota !== undefined && k_anonymity !== undefined) {
      void onCreate({ project, name, scopes: [...chosen], monthly_quota, k_anonymity })
    }
  }
  return (
    <Section title={t('keys.new', 'New key')}>
      <form className={styles.form} onSubmit={onSubmit}>
        <div className={styles.row}>
          <Field label={t('keys.name', 'Name')} noMargin>
            <Input
              id="key-name"
              value={name}
              maxLength={100}
              onChange={(event) => setName(event.currentTarget.value)}
              width={30}
              placeholder={t('keys.name-example', 'web app')}
            />
          </Field>
          <Field label={t('keys.project', 'Project')} noMargin>
            <Input id="key-project" value={project} onChange={(event) => setProject(event.currentTarget.value)} width={24} />
          </Field>
          <Field
            label={t('keys.quota', 'Events a month')}
            noMargin
            invalid={monthly_quota === undefined}
            error={t('keys.quota-fault', 'A whole number; empty for no limit')}
          >
            <Input
              id="key-quota"
              inputMode="numeric"
              value={quota}
              onChange={(event) => setQuota(event.currentTarget.value)}
              width={24}
              placeholder={t('keys.no-limit', 'no limit')}
            />
          </Field>
        </div>
        <fieldset className={styles.scopes}>
          <legend>{t('keys.scopes', 'May')}</legend>
          <div>
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                label={scopeWords(scope)}
                value={chosen.includes(scope)}
                onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))}
              />
            ))}
          </div>
        </fieldset>
        <Field
          label={t('keys.crowd-label', 'Hide topics and paths of fewer users than')}
          description={
            mayOnlyRead
              ? t(
                  'keys.crowd-hint',
                  'Such a key shows what groups talk about: no conversations, no single message. Empty shows everything.',
                )
              : t('keys.crowd-read-only', 'Only for a key that may read and nothing else')
          }
          noMargin
          disabled={!mayOnlyRead}
          invalid={k_anonymity === undefined}
          error={t('keys.crowd-fault', 'A whole number from 2 to 100; empty shows everything')}
        >
          <Input
            id="key-crowd"
            inputMode="numeric"
            value={mayOnlyRead ? crowd : ''}
            onChange={(event) => setCrowd(event.currentTarget.value)}
            width={12}
            placeholder={t('keys.crowd-off', 'off')}
          />
        </Field>
        <Button type="submit" disabled={chosen.length === 0 || project === '' || monthly_quota === undefined || k_anonymity === undefined}>
          {t('keys.create', 'Create key')}
        </Button>
      </form>
    </Section>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  form: css({ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: theme.spacing(2) }),
  row: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(2) }),
  scopes: css({
    legend: { ...theme.typography.bodySmall, fontWeight: theme.typography.fontWeightMedium, border: 'none', margin: 0 },
    '> div': { display: 'flex', alignItems: 'center', gap: theme.spacing(2), height: theme.spacing(4) },
  }),
})
