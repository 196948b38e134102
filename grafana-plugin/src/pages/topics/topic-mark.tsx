/** A badge that says what is special about a topic now. */
import { Badge } from '@grafana/ui'
import type { Answer } from '../../api/types.ts'
import { t } from '../../i18n.ts'

export type EmergingKind = Answer<'emerging'>['topics'][number]['kind']

export function TopicMark({ kind }: { readonly kind: EmergingKind }) {
  switch (kind) {
    case 'born':
      return <Badge color="green" icon="star" text={t('mark.new', 'New')} />
    case 'spiking':
      return <Badge color="orange" icon="arrow-up" text={t('mark.spiking', 'Spiking')} />
    case 'fading':
      return <Badge color="darkgrey" icon="arrow-down" text={t('mark.fading', 'Fading')} />
  }
}
