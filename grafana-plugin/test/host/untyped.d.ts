/** Modules that the host needs and whose types are not installed. */
declare module '@grafana/runtime/dist/esm/components/PluginPage.mjs' {
  export function setPluginPage(component: unknown): void
}
declare module 'i18next' {
  const i18next: unknown
  export default i18next
}
declare module 'react-router-dom' {
  export const Router: import('react').ComponentType<{ history: unknown; children: import('react').ReactNode }>
}
