/** Grafana's boot data must be there before any of its packages is loaded. */
Object.assign(window, {
  grafanaBootData: {
    settings: {
      buildInfo: { version: '13.1.1', commit: '', env: 'production' },
      featureToggles: {},
      appSubUrl: '',
      appUrl: '/',
      panels: {},
      apps: {},
      datasources: {},
      bootData: {},
    },
    user: { isSignedIn: true, orgRole: 'Admin', permissions: {}, lightTheme: false, timezone: 'browser', weekStart: '', language: 'en-US' },
    navTree: [],
    assets: { dark: '', light: '' },
  },
})
