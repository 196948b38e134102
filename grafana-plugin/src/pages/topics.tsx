import { PluginPage } from '@grafana/runtime'
// oxlint-disable-next-line import/no-default-export
export default function Topics() {
  return <PluginPage pageNav={{ text: 'Topics' }}>hello</PluginPage>
}
