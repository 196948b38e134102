/** The nested journey panel: Sankey or matrix on any dashboard. */
import '../../public-path.ts'
import { PanelPlugin } from '@grafana/data'
import { initPluginTranslations } from '@grafana/i18n'
import { pluginId } from '../../constants.ts'
import { t } from '../../i18n.ts'
import { JourneyPanel, type JourneyOptions } from './journey-panel.tsx'

// Not awaited: an AMD module must export its plugin at once. Until they are loaded, words are English.
void initPluginTranslations(pluginId)

export const plugin = new PanelPlugin<JourneyOptions>(JourneyPanel).setPanelOptions((builder) =>
  builder
    .addRadio({
      path: 'view',
      name: t('panel.view', 'Show'),
      defaultValue: 'sankey',
      settings: {
        options: [
          { value: 'sankey', label: t('panel.sankey', 'Flow') },
          { value: 'matrix', label: t('panel.matrix', 'Matrix') },
        ],
      },
    })
    .addNumberInput({
      path: 'size',
      name: t('panel.size', 'Topics in the matrix'),
      defaultValue: 12,
      settings: { min: 2, max: 40, integer: true },
      showIf: ({ view }) => view === 'matrix',
    }),
)
