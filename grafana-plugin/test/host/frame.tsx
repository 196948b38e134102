/** The frame around the app: a plain stand-in for Grafana's navigation, breadcrumbs and page header. */
import { createContext, useContext, type ReactNode } from 'react'
import { css } from '@emotion/css'
import type { AppPluginMeta, GrafanaTheme2 } from '@grafana/data'
import type { PluginPageProps } from '@grafana/runtime'
import { Button, Icon, Link, useStyles2 } from '@grafana/ui'
import { useLocation } from 'react-router-dom-v5-compat'

const MetaContext = createContext<AppPluginMeta | undefined>(undefined)

interface FrameProps {
  readonly meta: AppPluginMeta
  readonly onThemeChange: () => void
  readonly children: ReactNode
}

export function Frame({ meta, onThemeChange, children }: FrameProps) {
  const styles = useStyles2(getStyles)
  const { pathname } = useLocation()
  const pages = (meta.includes ?? []).filter((include) => include.addToNav)
  return (
    <MetaContext.Provider value={meta}>
      <div className={styles.shell}>
        <nav className={styles.nav} aria-label="Pages">
          <div className={styles.brand}>
            <img src={`/public/plugins/${meta.id}/img/logo.svg`} alt="" width={24} height={24} /> {meta.name}
          </div>
          {pages.map(({ name, path }) => (
            <Link
              key={name}
              href={path ?? ''}
              className={pathname.startsWith((path ?? '').split('?')[0] ?? '') ? styles.current : styles.item}
            >
              {name}
            </Link>
          ))}
          <div className={styles.note}>
            <p>Preview without Grafana: only the pages of this plugin work here.</p>
            <Button size="sm" variant="secondary" fill="text" onClick={onThemeChange}>
              Change theme
            </Button>
          </div>
        </nav>
        <main className={styles.main}>{children}</main>
      </div>
    </MetaContext.Provider>
  )
}

/** Stands in for Grafana's `PluginPage`. */
export function Page({ pageNav, subTitle, actions, children, renderTitle }: PluginPageProps) {
  const styles = useStyles2(getStyles)
  const meta = useContext(MetaContext)
  const title = pageNav?.text ?? meta?.name ?? ''
  const trail = [meta?.name, pageNav?.parentItem?.text, title].filter((text) => text !== undefined)
  return (
    <>
      <div className={styles.crumbs}>
        {trail.map((text, index) => (
          <span key={`${index} ${text}`}>
            {index > 0 && <Icon name="angle-right" />}
            {index === 1 && pageNav?.parentItem?.url ? <Link href={pageNav.parentItem.url}>{text}</Link> : text}
          </span>
        ))}
      </div>
      <div className={styles.page}>
        <header className={styles.header}>
          <div>
            {renderTitle ? renderTitle(title) : <h1>{title}</h1>}
            {subTitle && <div className={styles.subTitle}>{subTitle}</div>}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const item = {
    display: 'block',
    padding: theme.spacing(0.75, 2),
    color: theme.colors.text.secondary,
    borderLeft: '3px solid transparent',
    '&:hover': { color: theme.colors.text.primary, background: theme.colors.action.hover },
  }
  return {
    shell: css({
      display: 'grid',
      gridTemplateColumns: '220px minmax(0, 1fr)',
      minHeight: '100vh',
      background: theme.colors.background.canvas,
    }),
    nav: css({
      borderRight: `1px solid ${theme.colors.border.weak}`,
      background: theme.colors.background.primary,
      position: 'sticky',
      top: 0,
      height: '100vh',
    }),
    brand: css({
      display: 'flex',
      gap: theme.spacing(1),
      alignItems: 'center',
      height: 48,
      padding: theme.spacing(0, 2),
      marginBottom: theme.spacing(1),
      fontWeight: 500,
    }),
    item: css(item),
    current: css({
      ...item,
      color: theme.colors.text.primary,
      borderLeftColor: theme.colors.warning.main,
      background: theme.colors.action.selected,
    }),
    note: css({
      position: 'absolute',
      bottom: 0,
      padding: theme.spacing(2),
      ...theme.typography.bodySmall,
      color: theme.colors.text.secondary,
    }),
    main: css({ minWidth: 0 }),
    crumbs: css({
      height: 48,
      display: 'flex',
      alignItems: 'center',
      padding: theme.spacing(0, 3),
      color: theme.colors.text.secondary,
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      background: theme.colors.background.primary,
    }),
    page: css({ padding: theme.spacing(3), background: theme.colors.background.primary, minHeight: 'calc(100vh - 48px)' }),
    header: css({
      display: 'flex',
      justifyContent: 'space-between',
      gap: theme.spacing(2),
      alignItems: 'flex-start',
      marginBottom: theme.spacing(2),
      h1: { margin: 0 },
    }),
    subTitle: css({ color: theme.colors.text.secondary, marginTop: theme.spacing(0.5) }),
    actions: css({ display: 'flex', gap: theme.spacing(1) }),
  }
}
